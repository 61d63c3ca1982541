// Who may speak to the bot in Slack at all, fail closed: the ladder of refusals between Slack's signature and the core's
// policy. What a person may do is not judged here.
import type { Clock } from '../../ports.ts';
import type { SlackApi, Workspaces } from './api.ts';
import { slackCode } from './errors.ts';
import { isJson, type Json, type Origin, text } from './incoming.ts';
import type { Installation, Installations } from './installations.ts';

export interface Refusal {
  readonly code: string;
  readonly text: string;
}

export interface Ladder {
  /**
   * The first rung that does not hold, or nothing. `fresh`: the person and the channel are looked up now; else what was
   * known a minute ago counts, since Slack takes only some 50 questions about channels a minute.
   */
  check(origin: Origin, options: { readonly fresh: boolean }): Promise<Refusal | undefined>;
}

const cacheFor = 60_000;

export function createLadder(options: {
  readonly workspaces: Workspaces;
  readonly installations: Installations;
  readonly clock: Clock;
}): Ladder {
  const { workspaces, clock } = options;
  const users = createCache(clock, (team, user) => lookUp(workspaces(team), 'users.info', { user }, 'user'));
  const channels = createCache(clock, (team, channel) =>
    lookUp(workspaces(team), 'conversations.info', { channel }, 'channel'),
  );
  return {
    check: async (origin, { fresh }) => {
      const { team, enterprise } = origin;
      const home = await options.installations.find(team, enterprise);
      if (!home || !isHome(team, enterprise, home)) return foreignTeam;
      const foreign = checkOrigin(origin, home);
      if (foreign) return foreign;
      const [person, channel] = await Promise.all([
        users(team, origin.user, fresh),
        origin.channel ? channels(team, origin.channel, fresh) : undefined,
      ]);
      const problem = checkPerson(person, home);
      return problem || !origin.channel ? problem : checkChannel(origin.channel, channel);
    },
  };
}

const foreignTeam: Refusal = {
  code: 'foreign-team',
  text: 'This bot is not installed in your workspace. Ask from the workspace it belongs to.',
};

/** Rungs 2 and 4: our app, our workspace, and a person of it: this stops people of Slack Connect. */
function checkOrigin(origin: Origin, home: Installation): Refusal | undefined {
  if (home.appId && origin.appId && origin.appId !== home.appId)
    return { code: 'foreign-app', text: 'This came from another Slack app, so nothing was done.' };
  if (
    origin.userTeam &&
    origin.userTeam !== home.team &&
    !(home.enterprise && origin.enterprise === home.enterprise)
  )
    return {
      code: 'foreign-user',
      text: 'Your account belongs to another workspace. Only people of this workspace can use the bot.',
    };
  return undefined;
}

const isHome = (team: string, enterprise: string, home: Installation): boolean =>
  team === home.team || (home.enterprise !== '' && enterprise === home.enterprise);

/** Rung 5: flags of users.info, each with its own sentence. */
const personFlags: readonly (readonly [string, string, string])[] = [
  ['deleted', 'deleted-user', 'This account is deactivated.'],
  ['is_bot', 'bot-user', 'Bots cannot give commands here. A person has to.'],
  ['is_app_user', 'app-user', 'Apps cannot give commands here. A person has to.'],
  ['is_workflow_bot', 'workflow-bot', 'Workflows cannot give commands here. A person has to.'],
  ['is_connector_bot', 'connector-bot', 'Connectors cannot give commands here. A person has to.'],
  ['is_stranger', 'stranger', 'Your account is not of this workspace, so nothing is shown or done for it.'],
  [
    'is_ultra_restricted',
    'single-channel-guest',
    'Guests of one channel cannot use this bot. Ask a full member.',
  ],
  ['is_restricted', 'guest', 'Guests cannot use this bot. Ask a full member of the workspace.'],
  ['is_invited_user', 'invited-user', 'Accept your invitation to the workspace first, then try again.'],
];

function checkPerson(person: Json | undefined, home: Installation): Refusal | undefined {
  if (!person)
    return { code: 'unknown-user', text: 'Slack does not know this account, so nothing was done.' };
  const flag = personFlags.find(([name]) => person[name] === true);
  if (flag) return { code: flag[1], text: flag[2] };
  const team = text(person['team_id']);
  if (team && team !== home.team && !home.enterprise)
    return { code: 'foreign-user', text: 'Your account belongs to another workspace.' };
  return undefined;
}

/** Rung 6: nothing is shown or decided where people of other companies read along. */
function checkChannel(id: string, channel: Json | undefined): Refusal | undefined {
  if (!channel)
    return id.startsWith('D')
      ? {
          code: 'foreign-dm',
          text: 'I cannot see this conversation. Write to me directly, or in a channel I am in.',
        }
      : {
          code: 'unknown-channel',
          text: 'I cannot see this channel, so I cannot tell who reads here. Invite me to it, or write to me directly.',
        };
  if (channel['is_ext_shared'] === true || channel['is_pending_ext_shared'] === true)
    return {
      code: 'shared-channel',
      text: 'This channel is shared with another organisation, so nothing is shown or decided here. Use an internal channel or write to me directly.',
    };
  return undefined;
}

/** The object of a lookup, or nothing where Slack says there is none. Other errors are thrown: no answer is no yes. */
async function lookUp(api: SlackApi, method: string, args: Json, field: string): Promise<Json | undefined> {
  try {
    const found = (await api.call(method, args))[field];
    return isJson(found) ? found : undefined;
  } catch (error) {
    if (/_not_found$|^not_in_channel$|^missing_scope$/.test(slackCode(error) ?? '')) return undefined;
    throw error;
  }
}

type Cached = (team: string, id: string, fresh: boolean) => Promise<Json | undefined>;

function createCache(clock: Clock, load: (team: string, id: string) => Promise<Json | undefined>): Cached {
  const known = new Map<string, { readonly value: Json | undefined; readonly at: number }>();
  return async (team, id, fresh) => {
    const name = `${team} ${id}`;
    const found = known.get(name);
    if (found && !fresh && clock() - found.at < cacheFor) return found.value;
    const value = await load(team, id);
    if (known.size > 5000) known.clear();
    known.set(name, { value, at: clock() });
    return value;
  };
}
