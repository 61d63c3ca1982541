// What Slack sends, read as outside data: nothing is believed to be there. Signatures were checked before.
import type { ActionValue } from '../../cards/card.ts';
import type { ModalMemory } from './modal.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Who did something, where, and how they can be answered. Empty strings where Slack said nothing. */
export interface Origin {
  readonly team: string;
  readonly enterprise: string;
  readonly appId: string;
  readonly user: string;
  /** What the person and the workspace call themselves. */
  readonly called: string;
  /** The team the person belongs to; only interactions say it. */
  readonly userTeam: string;
  readonly channel: string;
  readonly trigger: string;
  /** A bearer URL: never logged. */
  readonly responseUrl: string;
}

export interface Click {
  readonly actions: readonly Json[];
  /** The message that was clicked; absent in a modal. */
  readonly message?: { readonly ts: string; readonly ephemeral: boolean };
  readonly view?: Json;
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const part = (value: unknown, key: string): Json => {
  const inner = isJson(value) ? value[key] : undefined;
  return isJson(inner) ? inner : {};
};
export const items = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

const calledOf = (person: unknown, workspace: unknown): string =>
  [text(person), text(workspace)].filter(Boolean).join(' of ');

export const commandOrigin = (body: Json): Origin => ({
  team: text(body['team_id']),
  enterprise: text(body['enterprise_id']),
  appId: text(body['api_app_id']),
  user: text(body['user_id']),
  called: calledOf(body['user_name'], body['team_domain']),
  userTeam: '',
  channel: text(body['channel_id']),
  trigger: text(body['trigger_id']),
  responseUrl: text(body['response_url']),
});

export function interactionOrigin(body: Json): Origin {
  const container = part(body, 'container');
  return {
    team: text(part(body, 'team')['id']),
    enterprise: text(part(body, 'enterprise')['id']),
    appId: text(body['api_app_id']),
    user: text(part(body, 'user')['id']),
    called: calledOf(part(body, 'user')['name'], part(body, 'team')['domain']),
    userTeam: text(part(body, 'user')['team_id']),
    channel: text(part(body, 'channel')['id']) || text(container['channel_id']),
    trigger: text(body['trigger_id']),
    responseUrl: text(body['response_url']),
  };
}

export function readClick(body: Json): Click {
  const container = part(body, 'container');
  const ts = text(container['message_ts']);
  const view = body['view'];
  return {
    actions: items(body['actions']),
    ...(ts && { message: { ts, ephemeral: container['is_ephemeral'] === true } }),
    ...(isJson(view) && { view }),
  };
}

/** A button's value, or nothing if it is not one of ours. */
export function readValue(value: unknown): ActionValue | undefined {
  const found = typeof value === 'string' ? parse(value) : value;
  if (!isJson(found) || found['v'] !== 1) return undefined;
  const { id, nonce } = found;
  return typeof id === 'string' && typeof nonce === 'string' ? { v: 1, id, nonce } : undefined;
}

/** What a modal carries; nothing if it is not one of ours. */
export function readMemory(
  view: Json,
): (ModalMemory & { readonly fields: Readonly<Record<string, string>> }) | undefined {
  const memory = parse(text(view['private_metadata']));
  const value = isJson(memory) ? readValue(memory['value']) : undefined;
  if (!isJson(memory) || !value) return undefined;
  const strings = (record: Json): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(record).flatMap(([key, each]) => (typeof each === 'string' ? [[key, each]] : [])),
    );
  return {
    value,
    ...(text(memory['channel']) && { channel: text(memory['channel']) }),
    ...(text(memory['message']) && { message: text(memory['message']) }),
    depends: strings(part(memory, 'depends')),
    fields: strings(part(memory, 'fields')),
  };
}

/** The values of a view's inputs, by field. A block's id is the field's, with `~n` after a reset. */
export function readFields(view: Json): Readonly<Record<string, string>> {
  const values = part(part(view, 'state'), 'values');
  const fields = Object.entries(values).flatMap(([block, elements]) => {
    const [element] = isJson(elements) ? Object.values(elements) : [];
    const chosen =
      text(part(element, 'selected_option')['value']) || (isJson(element) ? text(element['value']) : '');
    return chosen ? [[fieldOf(block), chosen] as const] : [];
  });
  return Object.fromEntries(fields);
}

/** The field of an input block. */
export const fieldOf = (blockId: string): string => blockId.replace(/~\d+$/, '');

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
