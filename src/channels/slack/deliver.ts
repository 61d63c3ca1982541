// The way out to Slack: posts, updates, replies and direct messages, one a second a channel, each message marked with
// its key so that a post that was sent but not recorded is found again instead of repeated.
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Card } from '../../cards/card.ts';
import type { Clock, Log, MessageRef, Messenger } from '../../ports.ts';
import { type Json, type SlackApi, sendCard, type Workspaces } from './api.ts';
import { deliveryError, isUncertain, slackCode } from './errors.ts';
import { channelOf, placeId, teamOf } from './place.ts';

const messageEvent = 'acr_warden';

/** After a start, posts may be repeats of what the process before it sent: look before posting for this long. */
const recoveryWindow = 15 * 60_000;
/** How far back a lost post is looked for. */
const lookBack = 24 * 3_600_000;
const mostKeys = 5000;

interface Post {
  readonly team: string;
  readonly channel: string;
  readonly card: Card;
  readonly key: string;
  readonly thread?: string;
}

type Posted = Pick<MessageRef, 'message' | 'unseen'>;

export interface SlackMessenger extends Messenger {
  /** Waits until everything queued is sent. */
  idle(): Promise<void>;
}

/** `interval`: milliseconds between two messages of a channel, and before the first one after a start. */
export function createMessenger(options: {
  readonly workspaces: Workspaces;
  readonly clock: Clock;
  readonly log: Log;
  readonly interval?: number;
}): SlackMessenger {
  const { workspaces, clock } = options;
  const pace = createPace(options.interval ?? 1000);
  const find = createFinder(workspaces, clock, options.log);
  const startedAt = clock();
  const tried = new Set<string>();

  const post = (order: Post): Promise<Posted> =>
    pace.run(order.channel, async (turn) => {
      const wasTried = tried.has(order.key);
      const mayBeThere = wasTried || clock() - startedAt < recoveryWindow;
      const known = mayBeThere ? await find(order) : undefined;
      if (known && known !== blind) return { message: known };
      if (tried.size > mostKeys) tried.clear();
      tried.add(order.key);
      const sent = await sendOnce(workspaces(order.team), order, { find, turn });
      return known === blind ? { unseen: wasTried ? 'again' : 'restart', ...sent } : sent;
    });
  const wrapped = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw deliveryError(error);
    }
  };

  return {
    channel: 'slack',
    post: (place, card, key) =>
      wrapped(async () => {
        const posted = await post({ team: teamOf(place), channel: channelOf(place), card, key });
        return { channel: 'slack', place, ...posted };
      }),
    update: (ref, card) => wrapped(() => updateMessage(workspaces(teamOf(ref.place)), ref, card)),
    reply: (ref, card, key) =>
      wrapped(async () => {
        const { place, message } = ref;
        await post({ team: teamOf(place), channel: channelOf(place), card, key, thread: message });
      }),
    direct: (account, card, key) =>
      wrapped(async () => {
        const team = account.tenant;
        const channel = await openDirect(workspaces(team), account.user);
        const posted = await post({ team, channel, card, key });
        return { channel: 'slack', place: placeId(team, channel), ...posted };
      }),
    addressOf: async ({ tenant, user }) => {
      const { user: found } = await workspaces(tenant).call('users.info', { user });
      const { is_email_confirmed: isConfirmed, profile } = (found ?? {}) as Json;
      const { email } = (profile ?? {}) as Json;
      return isConfirmed === true && typeof email === 'string' ? email : undefined;
    },
    idle: () => pace.idle(),
  };
}

/** Slack's channel id of the direct conversation with a person. */
async function openDirect(api: SlackApi, user: string): Promise<string> {
  const { channel } = await api.call('conversations.open', { users: user });
  return String((channel as Json)['id']);
}

async function updateMessage(api: SlackApi, ref: MessageRef, card: Card): Promise<void> {
  const channel = channelOf(ref.place);
  await sendCard(card, ({ text, blocks }) =>
    api.call('chat.update', { channel, ts: ref.message, text, blocks }),
  );
}

/** Posts; where no answer came, looks whether it is there before it posts a second and last time. */
async function sendOnce(
  api: SlackApi,
  order: Post,
  { find, turn }: { readonly find: Finder; readonly turn: Turn },
): Promise<Posted> {
  const send = (): Promise<Posted> =>
    sendCard(order.card, async ({ text, blocks }) => {
      const message = messageOf(order, text, blocks);
      const sent = await turn(() => api.call('chat.postMessage', message, { once: true }));
      return { message: String(sent['ts']) };
    });
  try {
    return await send();
  } catch (error) {
    if (!isUncertain(error)) throw error;
    const known = await find(order);
    if (known === blind) return { ...(await send()), unseen: 'again' };
    return known ? { message: known } : send();
  }
}

const messageOf = (order: Post, text: string, blocks: readonly object[]): Json => ({
  channel: order.channel,
  text,
  blocks,
  mrkdwn: false,
  unfurl_links: false,
  unfurl_media: false,
  metadata: { event_type: messageEvent, event_payload: { key: order.key } },
  ...(order.thread && { thread_ts: order.thread }),
});

/** The bot may not look. */
const blind = Symbol('blind');

/** A message's `ts`; nothing where it is not there. */
type Finder = (order: Post) => Promise<string | typeof blind | undefined>;

/** Looks for a message by the key in its metadata. Where the scope to read history is missing, the log says so once. */
function createFinder(workspaces: Workspaces, clock: Clock, log: Log): Finder {
  const closed = new Set<string>();
  return async ({ team, channel, key, thread }) => {
    const method = thread ? 'conversations.replies' : 'conversations.history';
    const kind = `${team} ${method} ${channel.slice(0, 1)}`;
    if (closed.has(kind)) return blind;
    try {
      const { messages } = await workspaces(team).call(method, {
        channel,
        ...(thread && { ts: thread }),
        limit: 100,
        oldest: String((clock() - lookBack) / 1000),
        include_all_metadata: true,
      });
      const found = (Array.isArray(messages) ? (messages as Json[]) : []).find((one) => keyOf(one) === key);
      return found ? String(found['ts']) : undefined;
    } catch (error) {
      if (slackCode(error) !== 'missing_scope' && slackCode(error) !== 'no_permission') throw error;
      closed.add(kind);
      log.warn('lost posts cannot be looked for without the history scope', { method });
      return blind;
    }
  };
}

function keyOf(message: Json): unknown {
  const metadata = message['metadata'] as Json | undefined;
  if (metadata?.['event_type'] !== messageEvent) return undefined;
  return (metadata['event_payload'] as Json | undefined)?.['key'];
}

/** Sends when it is the channel's time, which begins anew when the answer is there. */
type Turn = <T>(send: () => Promise<T>) => Promise<T>;

interface Pace {
  /** One after the other for a channel: a post, what is replied to it, and whatever else goes there. */
  run<T>(channel: string, work: (turn: Turn) => Promise<T>): Promise<T>;
  idle(): Promise<void>;
}

interface Line {
  readonly queue: PQueue;
  /** When the last message's answer came, in milliseconds of `performance.now()`. */
  last: number;
}

/**
 * One line a channel; lines that are empty are forgotten when there are many. Slack counts when a message comes, which is before
 * its answer: so the time between is kept from the answer on. What the process before sent is not known: it may be just now.
 */
function createPace(interval: number): Pace {
  const startedAt = performance.now();
  const lines = new Map<string, Line>();
  const lineOf = (channel: string): Line => {
    const known = lines.get(channel);
    if (known) return known;
    const soon = performance.now() - interval;
    if (lines.size > 1000)
      for (const [name, { queue, last }] of lines)
        if (queue.size + queue.pending === 0 && last < soon) lines.delete(name);
    const line = { queue: new PQueue({ concurrency: 1 }), last: startedAt };
    lines.set(channel, line);
    return line;
  };
  return {
    run: (channel, work) => {
      const line = lineOf(channel);
      return line.queue.add(() =>
        work(async (send) => {
          // A timer may be a little early.
          for (let wait = 1; wait > 0; ) {
            wait = line.last + interval - performance.now();
            if (wait > 0) await sleep(wait);
          }
          try {
            return await send();
          } finally {
            line.last = performance.now();
          }
        }),
      );
    },
    idle: async () => {
      await Promise.all([...lines.values()].map(({ queue }) => queue.onIdle()));
    },
  };
}
