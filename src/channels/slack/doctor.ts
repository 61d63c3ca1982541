// Looks at a real workspace and says what is missing before people find out: the token, its rights, the channels, people and
// groups the policy names, and whether Slack reaches us. It changes nothing and posts nothing.
import type { Log, ReferenceStore } from '../../ports.ts';
import type { Json, SlackApi } from './api.ts';
import { connectSlack, type SlackConfig } from './connect.ts';
import { slackCode } from './errors.ts';
import { isJson, items, text } from './incoming.ts';
import { optionalScopes, scopes } from './manifest.ts';
import { channelOf, teamOf } from './place.ts';

/** `unknown`: Slack did not say. `detail` names the cure where it is not `pass`. */
export interface Check {
  readonly check: string;
  readonly outcome: 'pass' | 'fail' | 'unknown';
  readonly detail: string;
}

export interface SlackPolicy {
  /** Places of Slack that are written to. */
  readonly places: readonly string[];
  readonly people: readonly { readonly name: string; readonly team: string; readonly user: string }[];
  /** User groups, by the group of the policy. */
  readonly groups: readonly { readonly name: string; readonly id: string }[];
}

export async function checkSlack(options: {
  readonly config: SlackConfig;
  readonly references: ReferenceStore;
  readonly log: Log;
  readonly policy: SlackPolicy;
  /** The public name of the bot; without it nobody can try the way in. */
  readonly host?: string;
}): Promise<readonly Check[]> {
  const { webApi } = await import('@slack/bolt');
  const { config, policy, host } = options;
  const { workspaces, anonymous, apiUrl } = connectSlack({ ...options, webApi, pauses: [500] });
  const teams = new Set([...policy.places.map(teamOf), ...policy.people.map(({ team }) => team)]);
  const named = config.tokens.kind === 'single' ? [''] : [...teams];
  const tokens = await Promise.all(named.map((team) => checkToken(workspaces(team), team)));
  const found = tokens.flat();
  if (found.some(({ outcome, check }) => check.startsWith('token') && outcome !== 'pass')) return found;
  const first = named.length > 0 ? workspaces(named[0] ?? '') : anonymous;
  return [
    ...found,
    ...(await Promise.all(policy.places.map((place) => checkPlace(workspaces(teamOf(place)), place)))),
    ...(await Promise.all(policy.people.map((person) => checkPerson(workspaces(person.team), person)))),
    ...(policy.groups.length > 0 ? await checkGroups(first, policy.groups) : []),
    ...(config.transport.kind === 'socket'
      ? [
          await checkSocket(
            new webApi.WebClient(config.transport.appToken, {
              ...(apiUrl && { slackApiUrl: apiUrl }),
              retryConfig: { retries: 0 },
            }),
          ),
        ]
      : host
        ? [await checkAddress(host)]
        : []),
  ];
}

const failed = (check: string, error: unknown, cure: string): Check => {
  const word = slackCode(error);
  return word
    ? { check, outcome: 'fail', detail: `Slack says ${word}. ${cure}` }
    : { check, outcome: 'unknown', detail: `Slack did not answer (${(error as Error).message}). Try again.` };
};

/** The token itself, and the rights that Slack says it has. */
async function checkToken(api: SlackApi, team: string): Promise<readonly Check[]> {
  const name = team ? `token of ${team}` : 'token';
  try {
    const answer = await api.call('auth.test', {});
    const where = `${text(answer['team'])} (${text(answer['team_id'])})`;
    return [{ check: name, outcome: 'pass', detail: `good for ${where}` }, checkScopes(answer)];
  } catch (error) {
    return [failed(name, error, 'Install the app again, and set SLACK_BOT_TOKEN to its bot token.')];
  }
}

function checkScopes(answer: Json): Check {
  const metadata = answer['response_metadata'];
  const granted =
    isJson(metadata) && Array.isArray(metadata['scopes'])
      ? metadata['scopes'].map(String).filter(Boolean)
      : [];
  if (granted.length === 0)
    return { check: 'scopes', outcome: 'unknown', detail: 'Slack did not say which scopes the token has.' };
  const without = (table: object): string =>
    Object.keys(table)
      .filter((scope) => !granted.includes(scope))
      .join(', ');
  const missing = without(scopes);
  const left = without(optionalScopes);
  return missing
    ? {
        check: 'scopes',
        outcome: 'fail',
        detail: `Missing: ${missing}. Add them to the app and install it again.`,
      }
    : { check: 'scopes', outcome: 'pass', detail: left ? `all; optional ones left out: ${left}` : 'all' };
}

async function checkPlace(api: SlackApi, place: string): Promise<Check> {
  const check = `channel ${place}`;
  try {
    const { channel } = await api.call('conversations.info', { channel: channelOf(place) });
    const has = (flag: string): boolean => isJson(channel) && channel[flag] === true;
    const problem = has('is_archived')
      ? 'It is archived. Name another channel in the policy.'
      : has('is_ext_shared') || has('is_pending_ext_shared')
        ? 'It is shared with another organisation. Name an internal channel in the policy.'
        : has('is_member') || has('is_im')
          ? undefined
          : 'The bot is not in it. Write there: /invite @acr-warden';
    return problem
      ? { check, outcome: 'fail', detail: problem }
      : { check, outcome: 'pass', detail: 'reachable' };
  } catch (error) {
    return failed(check, error, 'Correct the channel in the policy, or invite the bot to it.');
  }
}

async function checkPerson(api: SlackApi, { name, user }: SlackPolicy['people'][number]): Promise<Check> {
  const check = `person ${name}`;
  try {
    const found = (await api.call('users.info', { user }))['user'];
    const flags = ['deleted', 'is_bot', 'is_restricted', 'is_ultra_restricted', 'is_stranger'];
    const flag = flags.find((each) => isJson(found) && found[each] === true);
    return flag
      ? { check, outcome: 'fail', detail: `${user} is refused (${flag}). Correct the account in the policy.` }
      : { check, outcome: 'pass', detail: user };
  } catch (error) {
    return failed(check, error, 'Correct the account in the policy; /acr whoami shows it.');
  }
}

async function checkGroups(api: SlackApi, groups: SlackPolicy['groups']): Promise<readonly Check[]> {
  try {
    const known = items((await api.call('usergroups.list', {}))['usergroups']).map((each) =>
      text(each['id']),
    );
    return groups.map(({ name, id }) =>
      known.includes(id)
        ? { check: `user group of ${name}`, outcome: 'pass', detail: id }
        : {
            check: `user group of ${name}`,
            outcome: 'fail',
            detail: `There is no ${id}. Correct it in the policy.`,
          },
    );
  } catch (error) {
    return [failed('user groups', error, 'Give the app the scope usergroups:read.')];
  }
}

async function checkSocket(client: { apiCall(method: string): Promise<unknown> }): Promise<Check> {
  const check = 'Socket Mode';
  try {
    await client.apiCall('apps.connections.open');
    return { check, outcome: 'pass', detail: 'Slack gives a connection' };
  } catch (error) {
    return failed(
      check,
      error,
      'Set SLACK_APP_TOKEN to an app token with connections:write, and switch Socket Mode on.',
    );
  }
}

/** Whether our guard answers at the address Slack is given: what is not signed is turned away. */
async function checkAddress(host: string): Promise<Check> {
  const url = `https://${host}/slack/events`;
  try {
    const { status } = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
    return status === 401
      ? { check: 'request URL', outcome: 'pass', detail: `${url} turns away what Slack did not sign` }
      : {
          check: 'request URL',
          outcome: 'fail',
          detail: `${url} answered ${status}, not 401. Point the proxy at this bot.`,
        };
  } catch (error) {
    return {
      check: 'request URL',
      outcome: 'fail',
      detail: `${url} cannot be reached (${(error as Error).message}).`,
    };
  }
}
