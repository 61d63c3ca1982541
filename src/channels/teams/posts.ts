// Posts that survive a kill. Before a post its key is written down, after it its message; a key that stands alone is of a
// process that ended in between, and Microsoft Graph is asked whether its message is there. Without the right to read the
// channel it cannot be known, which is said once: the post is sent again, and is marked as one that may be there twice.
import { createHash } from 'node:crypto';
import { DeliveryError, type Log, type MessageRef, type ReferenceStore } from '../../ports.ts';
import { isJson, type Json, text } from './activity.ts';
import { ConnectorError } from './connector.ts';
import type { Reference } from './references.ts';
import type { TeamsTransport } from './transport.ts';

/** Keys that are kept of each place. */
const mostKeys = 50;
const lookBack = 50;
const answerWithin = 10_000;

type Sent = Pick<MessageRef, 'message' | 'unseen'>;

type Post = { readonly key: string } & Partial<Sent>;

/** The bot may not look. */
const blind = Symbol('blind');

/** A message's id; nothing where it is not there. */
type Found = string | typeof blind | undefined;

/** Where a message may stand: in its channel, or under the first message of a thread. */
export interface Spot {
  readonly place: string;
  readonly root?: string;
}

type Finder = (reference: Reference, spot: Spot, mark: string) => Promise<Found>;

export interface Posts {
  /** Runs `send` with the mark of the key, once for all processes; `unseen`: it may have been sent before. */
  once(spot: Spot, key: string, reference: Reference, send: (mark: string) => Promise<string>): Promise<Sent>;
}

const markOf = (key: string): string =>
  `warden-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;

export function createPosts(store: ReferenceStore, find: Finder): Posts {
  const turns = new Map<string, Promise<unknown>>();
  const rowOf = (place: string): string => `posts:${place}`;
  const readPosts = async (place: string): Promise<readonly Post[]> => {
    const json = await store.get(rowOf(place));
    const list: unknown = json === undefined ? [] : JSON.parse(json);
    return Array.isArray(list)
      ? list.filter((one): one is Post => isJson(one) && text(one['key']) !== '')
      : [];
  };
  const write = async (place: string, { key, ...sent }: Post): Promise<void> => {
    const others = (await readPosts(place)).filter((post) => post.key !== key);
    await store.put(rowOf(place), JSON.stringify([...others, { key, ...sent }].slice(-mostKeys)));
  };
  const forget = async (place: string, key: string): Promise<void> => {
    const others = (await readPosts(place)).filter((post) => post.key !== key);
    await store.put(rowOf(place), JSON.stringify(others));
  };
  /** Posts of a place one after the other: they share a row. */
  const inTurn = async <T>(place: string, work: () => Promise<T>): Promise<T> => {
    const mine = (turns.get(place) ?? Promise.resolve()).then(work);
    const settled = mine.catch(() => undefined);
    turns.set(place, settled);
    try {
      return await mine;
    } finally {
      if (turns.get(place) === settled) turns.delete(place);
    }
  };
  return {
    once: (spot, key, reference, send) =>
      inTurn(spot.place, async () => {
        const { place } = spot;
        const before = (await readPosts(place)).find((post) => post.key === key);
        if (before?.message) return sentOf(before.message, before.unseen);
        const mark = markOf(key);
        const lost = before && (await find(reference, spot, mark));
        if (!before) await write(place, { key });
        try {
          const sent =
            lost && lost !== blind ? sentOf(lost) : sentOf(await send(mark), lost ? 'again' : undefined);
          await write(place, { key, ...sent });
          return sent;
        } catch (error) {
          if (!before && isRefusal(error)) await forget(place, key);
          throw error;
        }
      }),
  };
}

const sentOf = (message: string, unseen?: Sent['unseen']): Sent => ({ message, ...(unseen && { unseen }) });

/** Teams said that it did not take it: then there is nothing to look for later. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ConnectorError && error.status >= 400 && error.status < 500;

/** Looks for a mark among the newest messages of a channel or thread. */
export function createFinder(options: {
  readonly transport: TeamsTransport;
  readonly graphUrl: string;
  readonly log: Log;
}): Finder {
  const { transport, log } = options;
  let isBlind = false;
  const refused = (status: number): typeof blind => {
    if (!isBlind)
      log.warn('lost posts cannot be looked for: Graph does not let the bot read channels', { status });
    isBlind = true;
    return blind;
  };
  return async ({ group, conversation }, { place, root }, mark) => {
    if (isBlind || !group || conversation.kind !== 'channel') return blind;
    const authorization = await transport.authorization('graph');
    if (!authorization) return blind;
    const parts = ['teams', group, 'channels', place.replace(/^teams:/, ''), 'messages'];
    const path = [...parts, ...(root ? [root, 'replies'] : [])].map(encodeURIComponent).join('/');
    const answer = await fetch(`${options.graphUrl.replace(/\/+$/, '')}/v1.0/${path}?$top=${lookBack}`, {
      headers: { authorization },
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithin),
    }).catch(() => undefined);
    if (answer?.status === 401 || answer?.status === 403) return refused(answer.status);
    if (answer?.status === 404) return undefined;
    // Whether it is there may be known later; a second one could not be taken back.
    if (!answer?.ok)
      throw new DeliveryError('transient', 'Graph could not be asked for a post that may be lost.');
    const body: unknown = await answer.json().catch(() => undefined);
    const messages = isJson(body) && Array.isArray(body['value']) ? body['value'].filter(isJson) : [];
    return text(messages.find((message) => bears(message, mark))?.['id']) || undefined;
  };
}

/** Graph gives a card as the text of its JSON. */
const bears = (message: Json, mark: string): boolean =>
  (Array.isArray(message['attachments']) ? message['attachments'] : []).some((attachment) =>
    text(isJson(attachment) && attachment['content']).includes(`"${mark}"`),
  );
