// The way out to Slack: posts, updates, replies and direct messages, one a second a channel, each message marked with
// its key so that a post that was sent but not recorded is found again instead of repeated.
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

export interface SlackMessenger extends Messenger {
  /** Waits until everything queued is sent. */
  idle(): Promise<void>;
}

/** `interval`: milliseconds between two messages of a channel; the first goes at once. */
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

  const post = (order: Post): Promise<string> =>
    pace.run(order.channel, async () => {
      const mayBeThere = tried.has(order.key) || clock() - startedAt < recoveryWindow;
      const known = mayBeThere ? await find(order) : undefined;
      if (known) return known;
      if (tried.size > mostKeys) tried.clear();
      tried.add(order.key);
      return sendOnce(workspaces(order.team), order, find);
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
        const message = await post({ team: teamOf(place), channel: channelOf(place), card, key });
        return { channel: 'slack', place, message };
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
        const message = await post({ team, channel, card, key });
        return { channel: 'slack', place: placeId(team, channel), message };
      }),
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
async function sendOnce(api: SlackApi, order: Post, find: Finder): Promise<string> {
  const send = (): Promise<string> =>
    sendCard(order.card, async ({ text, blocks }) => {
      const sent = await api.call('chat.postMessage', messageOf(order, text, blocks), { once: true });
      return String(sent['ts']);
    });
  try {
    return await send();
  } catch (error) {
    if (!isUncertain(error)) throw error;
    return (await find(order)) ?? (await send());
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

type Finder = (order: Post) => Promise<string | undefined>;

/** Looks for a message by the key in its metadata. Without the scope to read history it finds nothing, and says so once. */
function createFinder(workspaces: Workspaces, clock: Clock, log: Log): Finder {
  const blind = new Set<string>();
  return async ({ team, channel, key, thread }) => {
    const method = thread ? 'conversations.replies' : 'conversations.history';
    const kind = `${team} ${method} ${channel.slice(0, 1)}`;
    if (blind.has(kind)) return undefined;
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
      blind.add(kind);
      log.warn('lost posts cannot be looked for without the history scope', { method });
      return undefined;
    }
  };
}

function keyOf(message: Json): unknown {
  const metadata = message['metadata'] as Json | undefined;
  if (metadata?.['event_type'] !== messageEvent) return undefined;
  return (metadata['event_payload'] as Json | undefined)?.['key'];
}

interface Pace {
  run<T>(channel: string, work: () => Promise<T>): Promise<T>;
  idle(): Promise<void>;
}

/** One queue a channel; queues that are empty are forgotten when there are many. */
function createPace(interval: number): Pace {
  const queues = new Map<string, PQueue>();
  const queueOf = (channel: string): PQueue => {
    const known = queues.get(channel);
    if (known) return known;
    if (queues.size > 1000)
      for (const [name, queue] of queues) if (queue.size + queue.pending === 0) queues.delete(name);
    const queue = new PQueue({ concurrency: 1, interval, intervalCap: 1 });
    queues.set(channel, queue);
    return queue;
  };
  return {
    run: (channel, work) => queueOf(channel).add(work),
    idle: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.onIdle()));
    },
  };
}
