// Breadth first through everything that can happen in the small world. The first broken invariant that is found is therefore
// the shortest way to it. From every state the world is also run forward without faults: an end, or an alarm, must come.
import { hash as digest } from 'node:crypto';
import type { Command } from '../../src/promotion/machine.ts';
import { isTerminal } from '../../src/promotion/request.ts';
import { canonical } from './canonical.ts';
import { brokenBy } from './invariants.ts';
import { type Machine, realMachine } from './machine.ts';
import { createReplay } from './replay.ts';
import { decideOn, hash, type Play, type Step } from './play.ts';
import { calls, starts, tells } from './replicas.ts';
import { stepsFrom } from './transitions.ts';
import { asking, firstState, type Size, type State } from './world.ts';

export interface Violation {
  readonly broken: string;
  /** From the asking to the step that breaks it. */
  readonly trace: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Steps from the first state to the furthest one that was looked at. */
  readonly depth: number;
  /** Whether every state was looked at, and not only as many as there was time or room for. */
  readonly whole: boolean;
  readonly violations: readonly Violation[];
  readonly seconds: number;
}

export interface Bounds extends Size {
  readonly machine?: Machine;
  readonly seconds?: number;
  readonly states?: number;
  /** Told now and then how far it is. */
  readonly onProgress?: (states: number, depth: number) => void;
}

/** Where a state was first come from: enough to tell the way to it again. */
interface Origin {
  readonly from: string;
  readonly what: string;
}

/** Goes on until all is seen, the time is over, so many states are kept, or something is broken. */
export async function explore(bounds: Bounds): Promise<Exploration> {
  const { machine = realMachine, seconds = Infinity, states = 2_000_000 } = bounds;
  const begun = performance.now();
  const spent = () => (performance.now() - begun) / 1000;
  const play: Play = { machine, replay: createReplay(machine), size: bounds };
  const events = machine.decide(undefined, asking, 0, hash).events;
  const request = machine.evolveAll(undefined, events, 0);
  if (!request) throw new Error('nothing was asked');
  const first = firstState(request, bounds);
  const origins = new Map<string, Origin | undefined>([[keyOf(first), undefined]]);
  const ending = new Set<string>();
  let level: State[] = [first];
  let [transitions, depth] = [0, 0];
  const violations: Violation[] = [];

  while (level.length > 0 && violations.length === 0 && spent() < seconds && origins.size < states) {
    const next: State[] = [];
    for (const state of level) {
      if (violations.length > 0 || spent() > seconds || origins.size >= states) break;
      const from = keyOf(state);
      for (const step of await stepsFrom(play, state)) {
        transitions += 1;
        if (step.after === state) continue;
        const broken = [...brokenBy(step, machine)];
        const key = keyOf(step.after);
        if (!origins.has(key)) {
          origins.set(key, { from, what: step.what });
          next.push(step.after);
          if (!(await ends(play, step.after, ending))) broken.push('I8: without a fault it comes to no end');
        }
        for (const each of broken)
          violations.push({ broken: each, trace: [...wayTo(origins, from), step.what] });
      }
    }
    depth += 1;
    bounds.onProgress?.(origins.size, depth);
    level = next;
  }
  const whole = level.length === 0;
  return { states: origins.size, transitions, depth, whole, violations, seconds: spent() };
}

const keyOf = (state: State): string => shortOf(`${canonical(state)}|${state.adversity}`);

/** 160 bits: two of ten million never meet. */
const shortOf = (text: string): string => digest('sha1', text, 'base64url');

function wayTo(origins: ReadonlyMap<string, Origin | undefined>, key: string): readonly string[] {
  const way: string[] = [];
  for (let at = origins.get(key); at; at = origins.get(at.from)) way.unshift(at.what);
  return way;
}

/** More than any end takes: what goes on longer goes round. */
const longest = 300;

/** Runs on without faults and without people. Whatever was passed on the way has the same end. */
async function ends(play: Play, state: State, ending: Set<string>): Promise<boolean> {
  const passed: string[] = [];
  let at = state;
  for (let count = 0; count < longest; count++) {
    const key = shortOf(canonical(at));
    if (ending.has(key) || isTerminal(at.request) || at.request.alarm !== undefined) {
      for (const each of passed) ending.add(each);
      return true;
    }
    passed.push(key);
    at = (await forward(play, at)).after;
  }
  return false;
}

/** What happens when nothing goes wrong: work that is under way goes on, then new work is taken up, then time passes. */
async function forward(play: Play, state: State): Promise<Step> {
  for (const slot of [0, 1] as const) {
    const replica = state.replicas[slot];
    if (replica.kind === 'ready') return later(tells(play, state, slot, replica), replica.command);
    if (replica.kind === 'running') return calls(play, state, slot, undefined);
  }
  const tick = decideOn(play, state, 'time is looked at', { kind: 'tick' }, undefined);
  if (tick.decided) return tick;
  const [start] = await starts(play, state, 0);
  const ready = start?.after.replicas[0];
  if (start && ready?.kind === 'running') return start;
  if (start && ready?.kind === 'ready') {
    const told = tells(play, start.after, 0, ready);
    if (told.decided?.events.length) return told;
  }
  return { what: 'an hour passes', before: state, after: { ...state, now: state.now + 1 } };
}

/** What failed is tried again only after a while. */
const later = (step: Step, { kind }: Command): Step =>
  kind === 'step-failed' ? { ...step, after: { ...step.after, now: step.after.now + 1 } } : step;
