// Runs targets with mutated seeds and says what broke. Execution `n` of a target depends on the seed and on `n` alone, so
// any of them can be had again by itself.
import { createDice, type Dice } from './dice.ts';
import type { Mutate } from './mutate.ts';

/** Something that outside text comes into. */
export interface Target {
  readonly name: string;
  /** Where it needs a world, which is made once. */
  open(): Promise<Opened> | Opened;
}

export interface Opened {
  /** At least one. */
  readonly seeds: readonly string[];
  readonly mutate: Mutate;
  /** Gives it to the product. Throws, or rejects, for whatever a stranger must not be able to cause. */
  readonly run: (input: string, dice: Dice) => void | Promise<void>;
  /** What holds at the end of all of them. */
  readonly close?: () => Promise<void>;
  /** Whether a crash may be made smaller by cutting its input; a built value cannot. */
  readonly whole?: boolean;
}

export interface Crash {
  readonly target: string;
  readonly execution: number;
  readonly problem: string;
  /** As small as it got. */
  readonly input: string;
}

export interface Outcome {
  readonly target: string;
  readonly executions: number;
  readonly seconds: number;
  readonly crashes: readonly Crash[];
}

export interface Limits {
  readonly seed: number;
  readonly seconds: number;
  readonly executions?: number;
  /** Runs this one execution alone. */
  readonly at?: number;
  /** Told before each execution, so that somebody else can see one that never ends. */
  readonly onBegin?: (target: string, execution: number) => void;
}

/** One input that takes longer than this is a crash too. */
const slowMs = 5000;
/** Different crashes of a target; after that it is broken enough. */
const mostCrashes = 10;

/** Runs one target until its time or executions are over. */
export async function fuzz(target: Target, limits: Limits): Promise<Outcome> {
  const { seed, seconds, executions = Number.POSITIVE_INFINITY, at, onBegin } = limits;
  const stray = strayErrors();
  const opened = await target.open();
  const crashes = new Map<string, Crash>();
  const from = performance.now();
  let execution = at ?? 0;
  const isOver = (): boolean =>
    execution >= (at === undefined ? executions : at + 1) || performance.now() - from > seconds * 1000;
  try {
    for (; !isOver() && crashes.size < mostCrashes; execution++) {
      onBegin?.(target.name, execution);
      const dice = (): Dice => createDice(seed, target.name, execution);
      const input = inputOf(opened, dice());
      const problem = (await problemOf(opened, input, dice())) ?? stray.take();
      const kind = problem && kindOf(problem);
      if (!problem || !kind || crashes.has(kind)) continue;
      const small =
        opened.whole || problem.startsWith(nobody) ? input : await minimised(opened, input, kind, dice);
      crashes.set(kind, { target: target.name, execution, problem, input: small });
    }
  } finally {
    const late = await closed(opened);
    const problem = late ?? stray.take();
    if (problem) crashes.set('end', { target: target.name, execution, problem, input: '' });
    stray.stop();
  }
  const count = at === undefined ? execution : execution - at;
  return {
    target: target.name,
    executions: count,
    seconds: (performance.now() - from) / 1000,
    crashes: [...crashes.values()],
  };
}

/** One in fifty is a seed as it is: what is right has to stay right. */
function inputOf({ seeds, mutate }: Opened, dice: Dice): string {
  const seed = dice.pick(seeds);
  return dice.chance(2) ? seed : mutate(dice, seed, seeds);
}

async function problemOf({ run }: Opened, input: string, dice: Dice): Promise<string | undefined> {
  const from = performance.now();
  try {
    await run(input, dice);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const took = performance.now() - from;
  return took > slowMs ? `slow: one input took ${(took / 1000).toFixed(1)} s` : undefined;
}

async function closed({ close }: Opened): Promise<string | undefined> {
  try {
    await close?.();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** What tells two crashes apart: the first line without what was in the input, and the first place of ours. */
function kindOf(problem: string): string {
  const [first = '', ...rest] = problem.split('\n');
  const place =
    rest.find((line) => line.includes('/src/')) ?? rest.find((line) => !line.includes('node:')) ?? '';
  return `${first.slice(0, 60).replace(/'[^']*'|"[^"]*"|\d+/g, '?')} ${place.trim()}`;
}

/** Cuts out halves, quarters and so on, as long as it breaks in the same way. */
async function minimised(opened: Opened, input: string, kind: string, dice: () => Dice): Promise<string> {
  let small = input;
  const until = performance.now() + 5000;
  for (let size = Math.ceil(small.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < small.length && performance.now() < until; ) {
      const shorter = small.slice(0, from) + small.slice(from + size);
      const problem = await problemOf(opened, shorter, dice());
      if (problem && kindOf(problem) === kind) small = shorter;
      else from += size;
    }
  }
  return small;
}

const nobody = 'nobody caught';

/** Rejections that nobody waits for, and errors that nobody catches. */
function strayErrors(): { take(): string | undefined; stop(): void } {
  const found: string[] = [];
  const note = (error: unknown): void => {
    found.push(`${nobody}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  process.on('unhandledRejection', note).on('uncaughtException', note);
  return {
    take: () => found.shift(),
    stop: () => void process.off('unhandledRejection', note).off('uncaughtException', note),
  };
}
