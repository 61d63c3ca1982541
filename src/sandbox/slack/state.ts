// What the stand-in of Slack holds: people, groups, conversations, messages and views. Plain data, kept in one JSON
// file of the data folder, so that messages outlive a restart of the bot and of the sandbox.
import { channels, people, slackApp, slackTeam, type SamplePerson } from '../cast.ts';
import type { Json } from './block-checks.ts';

/** A user as users.info answers it; tests may change flags, such as is_restricted. */
export interface SlackUser {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  /** Slack ids of those in it, the bot among them. */
  members: string[];
  /** The person of a direct message with the bot. */
  readonly dmWith?: string;
  is_ext_shared?: boolean;
  is_pending_ext_shared?: boolean;
  is_archived?: boolean;
}

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  text: string;
  blocks: Json[];
  metadata?: Json;
  readonly threadTs?: string;
  /** Slack id of the only person who sees it. */
  readonly ephemeralFor?: string;
  edited?: boolean;
  /** client_msg_id and the like are not modelled. */
  readonly bot: boolean;
}

/** An open modal or a published Home: `view` is what Slack sends in payloads. */
export interface SlackView {
  readonly owner: string;
  view: Json;
}

export interface SlackState {
  users: SlackUser[];
  usergroups: { id: string; handle: string; name: string; users: string[] }[];
  channels: SlackChannel[];
  messages: SlackMessage[];
  /** By owner: the stack of open modals, the last one on top. */
  modals: Record<string, SlackView[]>;
  /** By owner: the published Home. */
  homes: Record<string, SlackView>;
}

/** The newest messages kept of all channels; older ones are forgotten. */
const mostMessages = 3000;

export function newState(): SlackState {
  return {
    users: [...people.map(userOf), botUser()],
    usergroups: [
      group('S01RELEASES', 'release-approvers', 'release-approver'),
      group('S01SECURITY', 'security-approvers', 'security-approver'),
      group('S01PLATFORM', 'platform-admins', 'platform-admin'),
      group('S01SHOPDEV', 'shop-developers', 'developer'),
    ],
    channels: [
      ...channels.map(({ name, slack }) => ({
        id: slack,
        name,
        members: [...people.map((one) => one.slack), slackApp.botUser],
      })),
      ...people.map((one) => ({
        id: `D${one.slack.slice(1)}`,
        name: 'directmessage',
        members: [one.slack, slackApp.botUser],
        dmWith: one.slack,
      })),
    ],
    messages: [],
    modals: {},
    homes: {},
  };
}

function group(id: string, handle: string, role: SamplePerson['role']): SlackState['usergroups'][number] {
  return {
    id,
    handle,
    name: handle,
    users: people.filter((one) => one.role === role).map((one) => one.slack),
  };
}

function userOf(one: SamplePerson): SlackUser {
  const handle = one.name.toLowerCase().replace(/\s+/g, '.');
  const email = `${handle}@contoso.example`;
  return {
    id: one.slack,
    team_id: slackTeam.id,
    name: handle,
    deleted: false,
    real_name: one.name,
    tz: 'Europe/Berlin',
    tz_label: 'Central European Time',
    tz_offset: 3600,
    profile: { real_name: one.name, display_name: one.name, title: one.title, email, team: slackTeam.id },
    is_email_confirmed: true,
    is_admin: one.role === 'platform-admin',
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: false,
    is_app_user: false,
    updated: 1_760_000_000,
  };
}

function botUser(): SlackUser {
  const profile = {
    real_name: slackApp.name,
    display_name: slackApp.name,
    bot_id: slackApp.botId,
    api_app_id: slackApp.id,
  };
  return {
    id: slackApp.botUser,
    team_id: slackTeam.id,
    name: slackApp.name,
    deleted: false,
    profile,
    is_bot: true,
    is_app_user: false,
  };
}

/** Adds a message, in order, and forgets the oldest over the limit. */
export function keepMessage(state: SlackState, message: SlackMessage): void {
  state.messages.push(message);
  if (state.messages.length > mostMessages) state.messages.splice(0, state.messages.length - mostMessages);
}

/** A channel by id or by name (`releases`, `#releases`). */
export function findChannel(state: SlackState, idOrName: string): SlackChannel | undefined {
  const name = idOrName.replace(/^#/, '');
  return state.channels.find((one) => one.id === idOrName || (one.name === name && !one.dmWith));
}

/** A message as the Web API and payloads show it. */
export function wireMessage(message: SlackMessage): Json {
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: slackTeam.id,
    blocks: message.blocks,
    ...(message.bot ? { bot_id: slackApp.botId, app_id: slackApp.id } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.metadata ? { metadata: message.metadata } : {}),
    ...(message.edited ? { edited: { user: message.user, ts: message.ts } } : {}),
  };
}
