// The way out to Teams: posts, updates, replies, direct and private messages, paced below Teams' limits a thread.
import PQueue from 'p-queue';
import type { Card } from '../../cards/card.ts';
import { cleanLine } from '../../cards/clean.ts';
import { clip } from '../../cards/wording.ts';
import { type Account, DeliveryError, type MessageRef, type Messenger } from '../../ports.ts';
import { type Json, placeId, text, threadOf } from './activity.ts';
import { type Connector, ConnectorError } from './connector.ts';
import { personKey, type Reference, type References } from './references.ts';
import { limits } from './limits.ts';
import type { Posts } from './posts.ts';
import { renderCard, type View } from './render.ts';
import { createViews, viewOf } from './views.ts';

export interface TeamsMessenger extends Messenger {
  /** Into a conversation as the wire names it (`THREAD;messageid=ID`). Answers with the message's id. */
  sendTo(reference: Reference, conversationId: string, card: Card): Promise<string>;
  /** To one person in a channel: a message only they see, else their own chat with the bot. */
  whisper(
    reference: Reference,
    conversationId: string,
    to: { account: Account; member: string },
    card: Card,
  ): Promise<void>;
  /** Changes a message of a conversation as the wire names it. */
  updateAt(reference: Reference, conversationId: string, message: string, card: Card): Promise<void>;
  idle(): Promise<void>;
}

/** The pace of one thread: Teams allows 7 in a second, 8 in two, 60 in thirty. */
const slowPace = { interval: 3000, cap: 6 };
/** And of all together: 30 a second for an app in a tenant. */
const appPace = { interval: 1000, cap: 25 };
const mostKeys = 5000;

export function createMessenger(options: {
  readonly connector: Connector;
  readonly references: References;
  readonly appId: string;
  readonly posts: Posts;
  /** Whether clients ask for a card of their own, so that a message need not have everybody's buttons. */
  readonly refreshes: boolean;
  readonly pace?: Rate;
}): TeamsMessenger {
  const { connector, references } = options;
  const pace = createPace(options.pace ?? slowPace, options.pace ?? appPace);
  const sent = new Map<string, MessageRef>();
  const views = createViews(connector, references, options.refreshes);

  const send = (reference: Reference, conversationId: string, body: Json, query = ''): Promise<string> =>
    pace.run(threadOf(conversationId), async () => {
      const path = `conversations/${encodeURIComponent(conversationId)}/activities${query}`;
      return text((await connector.call(reference.serviceUrl, 'POST', path, body))['id']);
    });
  const sendCard = async (
    reference: Reference,
    conversationId: string,
    card: Card,
    mark?: string,
  ): Promise<string> => {
    const view = await views.ofMessage(card, reference, conversationId);
    return send(reference, conversationId, activityOf(card, { ...view, ...(mark && { mark }) }));
  };
  /** A new thread of a channel. */
  const startThread = (reference: Reference, thread: string, card: Card, mark: string): Promise<string> =>
    pace.run(thread, async () => {
      const view = await views.ofMessage(card, reference, thread);
      const activity = activityOf(card, { ...view, mark });
      const created = await connector.call(reference.serviceUrl, 'POST', 'conversations', {
        isGroup: true,
        bot: botOf(reference),
        tenantId: reference.tenant,
        channelData: { channel: { id: thread }, tenant: { id: reference.tenant } },
        activity,
      });
      return text(created['activityId']) || (text(created['id']).split(';messageid=')[1] ?? '');
    });
  const openPersonal = async (reference: Reference, account: Account): Promise<string> => {
    if (reference.member && reference.conversation.kind === 'personal') return reference.conversation.id;
    const created = await connector.call(reference.serviceUrl, 'POST', 'conversations', {
      isGroup: false,
      bot: botOf(reference),
      members: [{ id: reference.member ?? account.user }],
      tenantId: account.tenant,
      channelData: { tenant: { id: account.tenant } },
    });
    return text(created['id']);
  };
  const botOf = ({ bot }: Reference): Json => (bot.id ? { ...bot } : { id: `28:${options.appId}` });
  const ofPlace = async (place: string): Promise<Reference> => known(await references.ofPlace(place), place);
  /** Runs what a key stands for once; a repeat within this process is answered with the same message. */
  const once = async (key: string, work: () => Promise<MessageRef>): Promise<MessageRef> => {
    const before = sent.get(key);
    if (before !== undefined) return before;
    const message = await work();
    if (sent.size > mostKeys) sent.clear();
    sent.set(key, message);
    return message;
  };
  /** What is refused for good is not tried again; a message that is missing is not its place. */
  const forgetting = async <T>(place: string, work: () => Promise<T>, statuses = [403]): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const isGone =
        error instanceof ConnectorError && error.problem === 'gone' && statuses.includes(error.status);
      if (isGone) await references.forget(place);
      throw error;
    }
  };
  const direct = async (account: Account, card: Card): Promise<MessageRef> => {
    const reference = known(await references.ofPerson(account), account.user);
    return forgetting(personKey(account), async () => {
      const conversation = await openPersonal(reference, account);
      const message = await send(reference, conversation, activityOf(card, viewOf(card, account)));
      return { channel: 'teams', place: placeId(conversation), message };
    });
  };
  const updateAt = async (
    reference: Reference,
    conversationId: string,
    message: string,
    card: Card,
  ): Promise<void> => {
    const activity = activityOf(card, await views.ofMessage(card, reference, conversationId));
    const path = `conversations/${encodeURIComponent(conversationId)}/activities/${encodeURIComponent(message)}`;
    await pace.run(threadOf(conversationId), () =>
      connector.call(reference.serviceUrl, 'PUT', path, { ...activity, id: message }),
    );
  };

  return {
    channel: 'teams',
    updateAt,
    sendTo: sendCard,
    whisper: async (reference, conversationId, to, card) => {
      const body = { ...activityOf(card, viewOf(card, to.account)), recipient: { id: to.member } };
      try {
        await send(reference, conversationId, body, '?isTargetedActivity=true');
      } catch (error) {
        if (!(error instanceof ConnectorError) || ![400, 403, 404].includes(error.status)) throw error;
        await direct(to.account, card);
      }
    },
    post: (place, card, key) =>
      forgetting(place, async () => {
        const reference = await ofPlace(place);
        const { id, kind } = reference.conversation;
        const sent = await options.posts.once({ place }, key, reference, (mark) =>
          kind === 'channel' ? startThread(reference, id, card, mark) : sendCard(reference, id, card),
        );
        return { channel: 'teams', place, ...sent };
      }, [403, 404]),
    update: (ref, card) =>
      forgetting(placeOf(ref), async () => {
        const reference = await ofPlace(placeOf(ref));
        await updateAt(reference, wireId(reference, ref), ref.message, card);
      }),
    reply: (ref, card, key) =>
      forgetting(placeOf(ref), async () => {
        const place = placeOf(ref);
        const reference = await ofPlace(place);
        const spot = { place, ...(reference.conversation.kind === 'channel' && { root: rootOf(ref) }) };
        await options.posts.once(spot, key, reference, (mark) =>
          sendCard(reference, wireId(reference, ref), card, mark),
        );
      }),
    direct: (account, card, key) => once(key, () => direct(account, card)),
    isMember: async (account) => {
      const { conversation, serviceUrl } = known(await references.ofPerson(account), account.user);
      const path = `conversations/${encodeURIComponent(threadOf(conversation.id))}/members/${encodeURIComponent(account.user)}`;
      const found = await connector.call(serviceUrl, 'GET', path);
      return found['userRole'] === 'user' && !/#EXT#/i.test(text(found['userPrincipalName']));
    },
    idle: () => pace.idle(),
  };
}

function known(reference: Reference | 'gone' | undefined, what: string): Reference {
  if (reference === 'gone')
    throw new DeliveryError('gone', `The bot was removed from ${what}, or blocked: add the app there again.`);
  if (reference) return reference;
  throw new DeliveryError(
    'transient',
    `Teams has not told yet where ${what} is reached: install the app there.`,
  );
}

/** A message's thread in a channel is named by its first message: the place of an answer names it, else it is the message. */
const rootOf = (ref: MessageRef): string => ref.place.split(';messageid=')[1] ?? ref.message;

const wireId = ({ conversation }: Reference, ref: MessageRef): string =>
  conversation.kind === 'channel' ? `${conversation.id};messageid=${rootOf(ref)}` : conversation.id;

const placeOf = (ref: MessageRef): string => threadOf(ref.place);

const activityOf = (card: Card, view: View): Json => ({
  type: 'message',
  summary: clip(cleanLine(card.summary || card.title), limits.summary),
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: renderCard(card, view) }],
});

interface Rate {
  /** Milliseconds. */
  readonly interval: number;
  /** In any such interval, wherever it begins. */
  readonly cap: number;
}

const queueOptions = ({ interval, cap }: Rate) => ({ interval, intervalCap: cap, strict: true });

interface Pace {
  run<T>(thread: string, work: () => Promise<T>): Promise<T>;
  idle(): Promise<void>;
}

/** One queue a thread, in order; queues that are empty are forgotten when there are many. */
function createPace(thread: Rate, app: Rate): Pace {
  const queues = new Map<string, PQueue>();
  const all = new PQueue(queueOptions(app));
  const queueOf = (name: string): PQueue => {
    const found = queues.get(name);
    if (found) return found;
    if (queues.size > 1000)
      for (const [idle, queue] of queues) if (queue.size + queue.pending === 0) queues.delete(idle);
    const queue = new PQueue({ concurrency: 1, ...queueOptions(thread) });
    queues.set(name, queue);
    return queue;
  };
  return {
    run: (name, work) => queueOf(name).add(() => all.add(work)),
    idle: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.onIdle()));
    },
  };
}
