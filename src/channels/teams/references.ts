// Where Teams can be reached: a reference for each place and each person that was heard from, and the newest of all for
// channels that are only known by their id.
import type { Account, Clock, ReferenceStore } from '../../ports.ts';
import {
  type Activity,
  type ConversationKind,
  isJson,
  type Json,
  kindOf,
  part,
  placeId,
  text,
  threadOf,
} from './activity.ts';

/** Our own form of a conversation reference. */
export interface Reference {
  readonly serviceUrl: string;
  readonly tenant: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly conversation: { readonly id: string; readonly kind: ConversationKind };
  /** The team of a channel, and its Entra group. */
  readonly team?: string;
  readonly group?: string;
  /** The Teams id of a person. */
  readonly member?: string;
}

/** What a place or person is reached by; `gone` where the bot was removed or blocked since. */
type Reach = Reference | 'gone' | undefined;

export interface References {
  /** Keeps what an activity tells, and what it says has ended. Repeats write nothing. */
  learn(activity: Activity, tenant: string): Promise<void>;
  /** The reference of a place, or one made of the newest of all and the place's id. */
  ofPlace(place: string): Promise<Reach>;
  /** The reference of a person; without `member` where the person never wrote. */
  ofPerson(account: Pick<Account, 'tenant' | 'user'>): Promise<Reach>;
  /** Nothing is sent there until something is heard from there, or the app is installed somewhere again. */
  forget(key: string): Promise<void>;
}

const newest = 'teams:any';
const installed = 'teams:installed';
export const personKey = ({ tenant, user }: Pick<Account, 'tenant' | 'user'>): string =>
  `teams:person:${tenant}/${user}`;
const teamKey = (team: string): string => `teams:team:${team}`;

export function createReferences(store: ReferenceStore, clock: Clock): References {
  const written = new Map<string, string>();
  const put = async (key: string, value: Reference | Ended | Installed): Promise<void> => {
    const json = JSON.stringify(value);
    if (written.get(key) === json) return;
    await store.put(key, json);
    if (written.size > 5000) written.clear();
    written.set(key, json);
  };
  const get = async (key: string): Promise<Reach> => {
    const value = parsed(await store.get(key));
    if (!value) return undefined;
    const goneAt = value['goneAt'];
    if (typeof goneAt !== 'number') return read(value);
    const again = parsed(await store.get(installed))?.['installedAt'];
    // An installation tells of one channel alone: those that were given up before it are tried again.
    return typeof again === 'number' && again >= goneAt ? undefined : 'gone';
  };
  const forget = (key: string): Promise<void> => put(key, { goneAt: clock() });
  const forgetAll = async (keys: readonly string[]): Promise<void> => {
    for (const key of keys) await forget(key);
  };
  const learnPerson = async (account: Pick<Account, 'tenant' | 'user'>, heard: Reference): Promise<void> => {
    const key = personKey(account);
    const known = heard.conversation.kind === 'personal' ? undefined : await get(key);
    // Who blocked the chat with the bot may still write in a channel.
    if (known === 'gone') return;
    const conversation = known?.conversation.kind === 'personal' ? known.conversation : heard.conversation;
    await put(key, { ...heard, conversation });
  };

  return {
    forget,
    learn: async (activity, tenant) => {
      const ended = endedBy(activity, tenant);
      if (ended.length > 0) return forgetAll(ended);
      const reference = referenceOf(activity, tenant);
      if (activity.type === 'installationUpdate') await put(installed, { installedAt: clock() });
      await put(placeId(activity.conversation.id), reference);
      if (reference.team) await store.remove(teamKey(reference.team));
      const last = reference.group ? undefined : await get(newest);
      const group = last !== 'gone' && last?.group;
      await put(newest, {
        ...reference,
        ...(group && { group }),
        conversation: { id: '', kind: 'channel' },
      });
      const user = activity.from.objectId;
      if (user) await learnPerson({ tenant, user }, { ...reference, member: activity.from.id });
    },
    ofPlace: async (place) => {
      const known = await get(place);
      if (known === 'gone') return known;
      if (known) return known.team && (await get(teamKey(known.team))) === 'gone' ? 'gone' : known;
      const any = await get(newest);
      const id = place.replace(/^teams:/, '');
      return any && any !== 'gone' ? { ...any, conversation: { id, kind: kindOfId(id) } } : undefined;
    },
    ofPerson: async (account) => (await get(personKey(account))) ?? (await get(newest)),
  };
}

interface Ended {
  readonly goneAt: number;
}
interface Installed {
  readonly installedAt: number;
}

/** What an activity says is no more: an installation, a channel, a team. A new name changes nothing that is kept. */
function endedBy(activity: Activity, tenant: string): readonly string[] {
  const { type, action, event, conversation, from, bot } = activity;
  const isRemoved =
    (type === 'installationUpdate' && action.startsWith('remove')) ||
    (type === 'conversationUpdate' && activity.left.includes(bot.id));
  const isOver = type === 'conversationUpdate' && event.type === 'teamDeleted';
  if (isRemoved || isOver) {
    const isOwn = conversation.kind === 'personal' && from.objectId !== '';
    return [
      placeId(conversation.id),
      ...(event.team ? [teamKey(event.team)] : []),
      ...(isOwn ? [personKey({ tenant, user: from.objectId })] : []),
    ];
  }
  const isDeleted = type === 'conversationUpdate' && event.type === 'channelDeleted' && event.channel !== '';
  return isDeleted ? [placeId(event.channel)] : [];
}

/** By the form of Teams' ids. */
function kindOfId(id: string): ConversationKind {
  if (!id.startsWith('19:')) return 'personal';
  return id.endsWith('@thread.v2') ? 'group' : 'channel';
}

const referenceOf = (activity: Activity, tenant: string): Reference => ({
  serviceUrl: activity.serviceUrl,
  tenant,
  bot: activity.bot,
  conversation: { id: threadOf(activity.conversation.id), kind: activity.conversation.kind },
  ...(activity.event.team && { team: activity.event.team }),
  ...(activity.event.group && { group: activity.event.group }),
});

function parsed(json: string | undefined): Json | undefined {
  const value: unknown = json === undefined ? undefined : JSON.parse(json);
  return isJson(value) ? value : undefined;
}

/** A stored reference. */
function read(value: Json): Reference {
  const bot = part(value, 'bot');
  const conversation = part(value, 'conversation');
  const member = text(value['member']);
  const team = text(value['team']);
  const group = text(value['group']);
  return {
    serviceUrl: text(value['serviceUrl']),
    tenant: text(value['tenant']),
    bot: { id: text(bot['id']), name: text(bot['name']) },
    conversation: { id: text(conversation['id']), kind: kindOf(conversation['kind']) },
    ...(team && { team }),
    ...(group && { group }),
    ...(member && { member }),
  };
}
