// One step of the small world, and the machine's decision as the product stores it: made on what is there at that moment.
import type { Command, Event } from '../../src/promotion/machine.ts';
import type { Machine } from './machine.ts';
import type { Call } from './registries.ts';
import type { Replay } from './replay.ts';
import { hour, type Look, type Size, type State } from './world.ts';

/** One thing that happened: in words, with what it did. */
export interface Step {
  readonly what: string;
  readonly before: State;
  readonly after: State;
  /** What the machine decided, and by which look at the world. */
  readonly decided?: { readonly events: readonly Event[]; readonly command: Command; readonly look?: Look };
  /** A call that reached a registry. */
  readonly call?: Call;
}

export interface Play {
  readonly machine: Machine;
  readonly replay: Replay;
  readonly size: Size;
}

/** Equal texts, equal hashes; and a vote's hash can be looked into. */
export const hash = (text: string): string => text;

/** The machine's decision, stored; and the world's own record of who approved what. */
export function decideOn(
  { machine }: Pick<Play, 'machine'>,
  before: State,
  what: string,
  command: Command,
  look: Look | undefined,
  rest?: Partial<State>,
): Step {
  const now = before.now * hour;
  const { events } = machine.decide(before.request, command, now, hash);
  if (events.length === 0 && !rest) return { what, before, after: before };
  const request = machine.evolveAll(before.request, events, now) ?? before.request;
  const after = { ...before, ...rest, request, cast: castAfter(before.cast, events, look) };
  return { what, before, after, decided: { events, command, ...(look && { look }) } };
}

function castAfter(cast: State['cast'], events: readonly Event[], look: Look | undefined): State['cast'] {
  return events.reduce((record, event) => {
    if (event.kind === 'voided') return {};
    return event.kind === 'voted' && look ? { ...record, [event.vote.person]: look } : record;
  }, cast);
}
