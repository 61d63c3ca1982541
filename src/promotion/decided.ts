// What a decision comes to, and the short ways to say it.
import type { EndState, Event } from './machine.ts';
import type { Refusal, RefusalCode } from './refusal.ts';

export interface Decided {
  readonly events: readonly Event[];
  readonly refusal?: Refusal;
}

export const nothing: Decided = { events: [] };

export const refuse = (code: RefusalCode, text: string): Decided => ({ events: [], refusal: { code, text } });

export const end = (state: EndState, code: string, text: string): Decided => ({
  events: [{ kind: 'ended', state, code, text }],
});
