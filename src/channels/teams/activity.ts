// Activities of Teams, read as outside data: nothing is believed to be there. Tokens are checked before.
import type { ActionValue } from '../../cards/card.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A `group` chat has no threads, and is written to as a personal one is. */
export type ConversationKind = 'channel' | 'group' | 'personal';

export interface Activity {
  readonly type: string;
  /** Of an invoke: `adaptiveCard/action`, `application/search`. */
  readonly name: string;
  readonly id: string;
  readonly text: string;
  readonly value: Json;
  readonly action: string;
  readonly channelId: string;
  readonly serviceUrl: string;
  /** Entra tenants named by conversation and channel data; both must be allowed. */
  readonly tenants: readonly string[];
  readonly conversation: { readonly id: string; readonly kind: ConversationKind };
  /** Of a conversationUpdate: `channelDeleted`; with the channel and team it is about, and the team's Entra group. */
  readonly event: {
    readonly type: string;
    readonly channel: string;
    readonly team: string;
    readonly group: string;
  };
  /** Teams ids of who left. */
  readonly left: readonly string[];
  readonly from: { readonly id: string; readonly name: string; readonly objectId: string };
  readonly bot: { readonly id: string; readonly name: string };
  /** The message a button stands on. */
  readonly replyTo: string;
  /** Texts that mention the bot. */
  readonly mentions: readonly string[];
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const part = (value: unknown, key: string): Json => {
  const inner = isJson(value) ? value[key] : undefined;
  return isJson(inner) ? inner : {};
};

export function readActivity(body: Json): Activity {
  const conversation = part(body, 'conversation');
  const from = part(body, 'from');
  const bot = part(body, 'recipient');
  const data = part(body, 'channelData');
  return {
    type: text(body['type']),
    name: text(body['name']),
    id: text(body['id']),
    text: text(body['text']),
    value: part(body, 'value'),
    action: text(body['action']),
    channelId: text(body['channelId']),
    serviceUrl: text(body['serviceUrl']),
    tenants: [text(conversation['tenantId']), text(part(data, 'tenant')['id'])],
    conversation: { id: text(conversation['id']), kind: kindOf(conversation['conversationType']) },
    event: {
      type: text(data['eventType']),
      channel: text(part(data, 'channel')['id']),
      team: text(part(data, 'team')['id']),
      group: text(part(data, 'team')['aadGroupId']),
    },
    left: (Array.isArray(body['membersRemoved']) ? body['membersRemoved'] : [])
      .filter(isJson)
      .map((member) => text(member['id'])),
    from: { id: text(from['id']), name: text(from['name']), objectId: text(from['aadObjectId']) },
    bot: { id: text(bot['id']), name: text(bot['name']) },
    replyTo: text(body['replyToId']),
    mentions: mentionsOf(body['entities'], text(bot['id'])),
  };
}

/** The kinds of the wire and of stored references; a channel where it is not said. */
export const kindOf = (kind: unknown): ConversationKind =>
  kind === 'personal' ? kind : kind === 'groupChat' || kind === 'group' ? 'group' : 'channel';

function mentionsOf(entities: unknown, bot: string): readonly string[] {
  return (Array.isArray(entities) ? entities : [])
    .filter(isJson)
    .filter((entity) => entity['type'] === 'mention' && part(entity, 'mentioned')['id'] === bot)
    .map((entity) => text(entity['text']))
    .filter(Boolean);
}

/**
 * The command in a message: `/acr status`, `acr status`, `status`, `<at>ACR</at> status`, with or without the space after
 * the mention, with non-breaking spaces and line ends. Nothing said is `help`.
 */
export function commandOf(activity: Pick<Activity, 'text' | 'mentions'>): string {
  const withoutBot = activity.mentions.reduce(
    (said, mention) => said.replaceAll(mention, ' '),
    activity.text,
  );
  const said = withoutBot
    .replaceAll(/&nbsp;/gi, ' ')
    .replaceAll(/[\s\u00a0]+/g, ' ')
    .trim()
    .replace(/^<at>[^<]{0,200}<\/at>\s*/i, '')
    .replace(/^\/?acr(?:\s+|$)/i, '')
    .replace(/^\/(?=\w)/, '')
    .trim();
  return said || 'help';
}

export interface Press {
  readonly verb: string;
  readonly value: ActionValue;
  /** Values of the card's inputs. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A pressed Action.Execute; nothing if it is not one of our cards. */
export function readPress(activity: Activity): Press | undefined {
  const action = part(activity.value, 'action');
  return pressOf(action['verb'], part(action, 'data'));
}

/** An Action.Submit, of a dialog (its value has `data`) or of a client without dialogs (its value is the data). */
export function readSubmit(activity: Activity): Press | undefined {
  const { verb, msteams: _, ...data } = activity.name ? part(activity.value, 'data') : activity.value;
  return pressOf(verb, data);
}

function pressOf(verb: unknown, { v, id, nonce, ...rest }: Json): Press | undefined {
  if (!text(verb) || v !== 1 || typeof id !== 'string' || typeof nonce !== 'string') return undefined;
  const fields = Object.entries(rest).flatMap(([key, each]) =>
    typeof each === 'string' ? [[key, each]] : [],
  );
  return { verb: text(verb), value: { v: 1, id, nonce }, fields: Object.fromEntries(fields) };
}

/** The thread of a channel without the message it goes on from; a personal chat's id is its own. */
export const threadOf = (conversationId: string): string => conversationId.split(';messageid=')[0] ?? '';

export const placeId = (conversationId: string): string => `teams:${threadOf(conversationId)}`;
