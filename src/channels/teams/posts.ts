// Posts that survive a kill. Before a post its key is written down, after it its message; a key that stands alone is of a
// process that ended in between, and Microsoft Graph is asked whether its message is there. Without the right to read the
// channel nothing is found, which is said once, and the post is sent again.
import { createHash } from 'node:crypto';
import { DeliveryError, type Log, type ReferenceStore } from '../../ports.ts';
import { isJson, type Json, text } from './activity.ts';
import type { Reference } from './references.ts';
import type { TeamsTransport } from './transport.ts';

/** Keys that are kept of each place. */
const mostKeys = 50;
const lookBack = 50;
const answerWithin = 10_000;

interface Post {
  readonly key: string;
  readonly message?: string;
}

export interface Posts {
  /** Runs `send` with the mark of the key, once for all processes; gives the message's id. */
  once(
    place: string,
    key: string,
    reference: Reference,
    send: (mark: string) => Promise<string>,
  ): Promise<string>;
}

const markOf = (key: string): string =>
  `warden-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;

export function createPosts(
  store: ReferenceStore,
  find: (reference: Reference, thread: string, mark: string) => Promise<string | undefined>,
): Posts {
  const turns = new Map<string, Promise<unknown>>();
  const rowOf = (place: string): string => `posts:${place}`;
  const readPosts = async (place: string): Promise<readonly Post[]> => {
    const json = await store.get(rowOf(place));
    const list: unknown = json === undefined ? [] : JSON.parse(json);
    return Array.isArray(list)
      ? list.filter((one): one is Post => isJson(one) && text(one['key']) !== '')
      : [];
  };
  const write = async (place: string, post: Post): Promise<void> => {
    const others = (await readPosts(place)).filter(({ key }) => key !== post.key);
    await store.put(rowOf(place), JSON.stringify([...others, post].slice(-mostKeys)));
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
    once: (place, key, reference, send) =>
      inTurn(place, async () => {
        const before = (await readPosts(place)).find((post) => post.key === key);
        if (before?.message) return before.message;
        const mark = markOf(key);
        const lost = before && (await find(reference, place.replace(/^teams:/, ''), mark));
        if (!before) await write(place, { key });
        const message = lost ?? (await send(mark));
        await write(place, { key, message });
        return message;
      }),
  };
}

/** Looks for a mark among the newest messages of a channel. */
export function createFinder(options: {
  readonly transport: TeamsTransport;
  readonly graphUrl: string;
  readonly log: Log;
}): (reference: Reference, thread: string, mark: string) => Promise<string | undefined> {
  const { transport, log } = options;
  let isBlind = false;
  const blind = (status: number): undefined => {
    if (!isBlind)
      log.warn('lost posts cannot be looked for: Graph does not let the bot read channels', { status });
    isBlind = true;
  };
  return async ({ group, conversation }, thread, mark) => {
    if (isBlind || !group || conversation.kind !== 'channel') return undefined;
    const channel = `${encodeURIComponent(group)}/channels/${encodeURIComponent(thread)}`;
    const authorization = await transport.authorization('graph');
    if (!authorization) return undefined;
    const answer = await fetch(
      `${options.graphUrl.replace(/\/+$/, '')}/v1.0/teams/${channel}/messages?$top=${lookBack}`,
      {
        headers: { authorization },
        redirect: 'error',
        signal: AbortSignal.timeout(answerWithin),
      },
    ).catch(() => undefined);
    if (answer?.status === 401 || answer?.status === 403) return blind(answer.status);
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
