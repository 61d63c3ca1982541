// What the stand-in of Teams holds: conversations, their activities, and who sees which version of a card. Plain data,
// kept in one JSON file of the data folder.
import { join } from 'node:path';
import { channels, people, type SamplePerson, teamsApp, teamsTeam, tenantId } from '../cast.ts';
import { readSaved, saveState } from '../workspace/saved-state.ts';

export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface TeamsConversation {
  /** A channel's thread id, or `a:...` for a personal chat. */
  readonly id: string;
  readonly kind: 'channel' | 'personal';
  readonly name: string;
  /** The Teams id of a personal chat's person. */
  readonly with?: string;
}

/** The text of outside data; empty where it is no string. */
export function words(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** One message. `thread` is the id of the channel post it belongs to (its own id for the post itself). */
export interface TeamsActivity {
  readonly id: string;
  readonly conversation: string;
  readonly thread: string;
  readonly from: { readonly id: string; readonly name: string };
  readonly fromBot: boolean;
  text: string;
  attachments: Json[];
  /** Milliseconds since 1970. */
  readonly at: number;
  edited: boolean;
  /** Teams id of the only person who sees it (a targeted message, or a private slash command). */
  readonly targetedTo?: string;
  /** Rises with each update: the role views of an older card are dropped. */
  revision: number;
  /** By Teams id: the card that person sees instead of the base card. */
  views: Record<string, Json>;
  /** Teams ids whose automatic refresh ran for this revision. */
  refreshed: string[];
}

export interface TeamsState {
  conversations: TeamsConversation[];
  activities: TeamsActivity[];
  installed: boolean;
}

/** What the parts of the stand-in share. */
export interface TeamsCore {
  readonly state: TeamsState;
  readonly now: () => number;
  readonly publicUrl: () => string;
  /** A new activity id: milliseconds, larger than all before it, as in Teams. */
  readonly nextId: () => string;
  /** Calls of a method by the bot since the start. */
  readonly calls: Record<string, number>;
  readonly changed: () => void;
  readonly subscribe: (listener: () => void) => () => void;
  readonly flush: () => void;
}

const mostActivities = 3000;

function newState(): TeamsState {
  return {
    conversations: [
      ...channels.map((one): TeamsConversation => ({ id: one.teams, kind: 'channel', name: one.name })),
      ...people.map(
        (one): TeamsConversation => ({
          id: `a:1${one.teams.slice(4)}`,
          kind: 'personal',
          name: teamsApp.name,
          with: one.teams,
        }),
      ),
    ],
    activities: [],
    installed: false,
  };
}

export function createCore(options: {
  dataDir: string;
  publicUrl: () => string;
  now: () => number;
}): TeamsCore {
  const file = join(options.dataDir, 'teams.json');
  const state: TeamsState = { ...newState(), ...(readSaved(file) as Partial<TeamsState> | undefined) };
  const saved = saveState(file, () => state);
  const listeners = new Set<() => void>();
  let lastId = Number(state.activities.at(-1)?.id ?? 0);
  return {
    state,
    now: options.now,
    publicUrl: options.publicUrl,
    calls: {},
    nextId: () => {
      lastId = Math.max(lastId + 1, options.now());
      return String(lastId);
    },
    changed: () => {
      if (state.activities.length > mostActivities)
        state.activities.splice(0, state.activities.length - mostActivities);
      saved.changed();
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    flush: saved.flush,
  };
}

/** A conversation and thread by the id of the wire: `19:x@thread.tacv2;messageid=1` is a thread of a channel. */
export function locate(
  state: TeamsState,
  wireId: string,
): { conversation: TeamsConversation; thread?: string } | undefined {
  const [id = '', messageId] = wireId.split(';messageid=');
  const conversation = state.conversations.find((one) => one.id === id);
  if (!conversation) return undefined;
  return messageId === undefined ? { conversation } : { conversation, thread: messageId };
}

/** The id of a conversation on the wire. */
export function wireId(conversation: TeamsConversation, thread: string): string {
  return conversation.kind === 'channel' ? `${conversation.id};messageid=${thread}` : conversation.id;
}

/** A conversation by its id or name; `personal` is the person's own chat with the bot. */
export function conversationOf(state: TeamsState, person: SamplePerson, given: string): TeamsConversation {
  const found = state.conversations.find((one) =>
    given === 'personal'
      ? one.with === person.teams
      : one.id === given || (one.kind === 'channel' && one.name === given),
  );
  if (!found)
    throw new Error(
      `Invalid value for 'conversation': ${given}. Must be a channel's name or id, or personal.`,
    );
  return found;
}

export function personOf(who: string): SamplePerson {
  const found = people.find((one) => one.role === who || one.teams === who || one.name === who);
  if (!found)
    throw new Error(
      `Invalid value for 'person': ${who}. Must be one of: ${people.map((one) => one.role).join(', ')}.`,
    );
  return found;
}

/** A person as rosters show them. */
export function wireMember(person: SamplePerson): Json {
  const [givenName = '', surname = ''] = person.name.split(' ');
  const address = `${givenName}.${surname}@contoso.example`.toLowerCase();
  return {
    id: person.teams,
    name: person.name,
    givenName,
    surname,
    objectId: person.objectId,
    aadObjectId: person.objectId,
    email: address,
    userPrincipalName: address,
    tenantId,
    userRole: 'user',
  };
}

/** `channelData` of an activity in this conversation. */
export function channelData(conversation: TeamsConversation): Json {
  const tenant = { id: tenantId };
  if (conversation.kind === 'personal') return { tenant };
  const team = { id: teamsTeam.id, name: teamsTeam.name, aadGroupId: teamsTeam.groupId };
  return {
    tenant,
    team,
    channel: { id: conversation.id },
    teamsChannelId: conversation.id,
    teamsTeamId: teamsTeam.id,
  };
}
