// A Dispatch with state for the tests of the channels: it remembers what came and answers what a test told it to.
import type { Card, Choice } from '../../src/cards/card.ts';
import { noticeCard } from '../../src/cards/refusal-card.ts';
import { isRead } from '../../src/commands/reads.ts';
import type { Account, Answer, Dispatch, Incoming, Log, PickerQuery, Show } from '../../src/ports.ts';

export interface RecordingDispatch extends Dispatch {
  readonly came: Incoming[];
  readonly asked: PickerQuery[];
  readonly refusals: { readonly account: Account; readonly code: string }[];
  /** What to answer; may take its time. */
  reply: (incoming: Incoming, show?: Show) => Answer | Promise<Answer>;
  offers: readonly Choice[];
  /** The card that is given to whoever looks. */
  shown?: Card;
  readonly viewed: { readonly account: Account; readonly id: string }[];
}

export function createRecordingDispatch(): RecordingDispatch {
  const seen = new Set<string>();
  const dispatch: RecordingDispatch = {
    came: [],
    asked: [],
    refusals: [],
    viewed: [],
    offers: [],
    reply: () => ({ kind: 'card', card: noticeCard('Done', 'It is done.'), visibility: 'public' }),
    isRead,
    accept: (incoming) => {
      const isNew = !seen.has(incoming.key);
      seen.add(incoming.key);
      return Promise.resolve(isNew);
    },
    answer: async (incoming, show) => {
      dispatch.came.push(incoming);
      return dispatch.reply(incoming, show);
    },
    view: (account, id) => {
      dispatch.viewed.push({ account, id });
      return Promise.resolve(dispatch.shown);
    },
    choices: (query) => {
      dispatch.asked.push(query);
      return Promise.resolve(dispatch.offers);
    },
    refused: (account, code) => {
      dispatch.refusals.push({ account, code });
      return Promise.resolve();
    },
  };
  return dispatch;
}

/** A log that keeps its lines. */
export function createRecordingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep =
    (level: string) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}): void =>
      void lines.push(`${level} ${message} ${JSON.stringify(facts)}`);
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** Waits for a value to appear, at most three seconds. */
export async function until<T>(read: () => T | undefined | false): Promise<T> {
  for (let waited = 0; waited < 3000; waited += 5) {
    const value = read();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It did not happen within three seconds.');
}
