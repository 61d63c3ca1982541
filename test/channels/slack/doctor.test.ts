// The doctor on a workspace that has what it needs, and on one that lacks each thing in turn.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSlack, type SlackPolicy } from '../../../src/channels/slack/doctor.ts';
import { appToken, botToken, oauth, signingSecret, startWorld, type World } from './slack-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const place = 'slack:T01CONTOSO/C01RELEASES';
const policy: SlackPolicy = {
  places: [place],
  people: [{ name: 'developer', team: 'T01CONTOSO', user: 'U01DANA' }],
  groups: [{ name: 'release', id: 'S01RELEASES' }],
};
const single = { kind: 'single', botToken } as const;
const http = { kind: 'http', signingSecret } as const;

async function look(change: Partial<Parameters<typeof checkSlack>[0]['config']> = {}, about = policy) {
  const config = { transport: http, tokens: single, apiUrl: world.apiUrl, ...change };
  return checkSlack({ config, references: world.references, log: world.log, policy: about });
}
const bad = (checks: Awaited<ReturnType<typeof look>>) =>
  checks
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ check, outcome, detail }) => `${check} ${outcome}: ${detail}`);

test('A workspace that has all passes every check', async () => {
  const checks = await look({ transport: { kind: 'socket', appToken } });

  expect(bad(checks)).toEqual([]);
  expect(checks.map(({ check }) => check)).toEqual([
    'token',
    'scopes',
    `channel ${place}`,
    'person developer',
    'user group of release',
    'Socket Mode',
  ]);
});

const channel = () => world.slack.state.channels.find((one) => one.id === 'C01RELEASES')!;
const dana = () => world.slack.state.users.find((one) => one.id === 'U01DANA')!;
const cases: readonly (readonly [string, () => void, string])[] = [
  [
    'a scope is missing',
    () => (world.slack.controls.scopes = ['commands']),
    'scopes fail: Missing: chat:write',
  ],
  ['Slack names no scopes', () => (world.slack.controls.scopes = []), 'scopes unknown'],
  ['a channel is archived', () => (channel().is_archived = true), `channel ${place} fail: It is archived`],
  ['a channel is shared', () => (channel().is_ext_shared = true), `channel ${place} fail: It is shared`],
  [
    'the bot is not in a channel',
    () => (channel().members = []),
    `channel ${place} fail: The bot is not in it`,
  ],
  [
    'a person has left',
    () => Object.assign(dana(), { deleted: true }),
    'person developer fail: U01DANA is refused',
  ],
  [
    'a user group is gone',
    () => (world.slack.state.usergroups = []),
    'user group of release fail: There is no',
  ],
  [
    'Slack does not answer for a channel',
    () => world.slack.controls.fault('conversations.info', { kind: 'drop' }, 9),
    `channel ${place} unknown: Slack did not answer`,
  ],
];

test.each(cases)('Where %s it says so, with what to do', async (_name, change, said) => {
  change();

  const found = bad(await look());

  expect(found).toHaveLength(1);
  expect(found[0]).toContain(said);
});

test('A bad token ends it at once, and is not in what is said', async () => {
  const checks = await look({ tokens: { kind: 'single', botToken: 'xoxb-wrong' } });

  expect(bad(checks)).toEqual([expect.stringContaining('token fail: Slack says invalid_auth')]);
  expect(JSON.stringify(checks)).not.toContain('xoxb');
});

test('Where nobody installed the app yet, each workspace of the policy is named', async () => {
  const found = bad(await look({ tokens: oauth }));

  expect(found).toEqual([expect.stringMatching(/^token of T01CONTOSO unknown: .*not installed/)]);
});

test('A bad app token is a failure of Socket Mode', async () => {
  const found = bad(await look({ transport: { kind: 'socket', appToken: 'xapp-wrong' } }));

  expect(found).toEqual([expect.stringContaining('Socket Mode fail: Slack says invalid_auth')]);
});
