// What must not get in from Teams: bad tokens, foreign tenants, activities without a service URL, replays, people without
// an Entra account. And what a command may look like.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { commandOf } from '../../../src/channels/teams/activity.ts';
import { isKnownService } from '../../../src/channels/teams/guard.ts';
import { noticeCard } from '../../../src/cards/refusal-card.ts';
import { teamsApp, tenantId } from '../../../src/sandbox/cast.ts';
import { createTokens } from '../../../src/sandbox/tokens.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../recording-dispatch.ts';
import { startWorld, type World } from './teams-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const issuer = 'https://api.botframework.com';
const claims = (): Record<string, string> => ({
  iss: issuer,
  aud: teamsApp.id,
  serviceurl: `${world.url}/teams/`,
});
const activity = (change: object = {}): Record<string, unknown> => ({
  type: 'message',
  id: '1',
  channelId: 'msteams',
  serviceUrl: `${world.url}/teams/`,
  text: 'status',
  from: { id: '29:1dana-mri', name: 'Dana', aadObjectId: '0b1ec700-0000-4000-8000-000000000001' },
  recipient: { id: teamsApp.mri, name: 'ACR' },
  conversation: { id: 'a:1dana-mri', conversationType: 'personal', tenantId },
  channelData: { tenant: { id: tenantId } },
  ...change,
});

async function send(
  token: string,
  body: unknown,
  method = 'POST',
): Promise<{ status: number; body: string }> {
  const answer = await fetch(`${world.botUrl}/api/messages`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.text() };
}
const signed = async (body: unknown): Promise<number> =>
  (await send(await world.tokens.sign(claims()), body)).status;

test('A token that Teams did not sign for this bot is 401, and no word of the error goes out', async () => {
  const strangerDir = mkdtempSync(join(tmpdir(), 'stranger-'));
  const stranger = await createTokens(strangerDir);
  rmSync(strangerDir, { recursive: true, force: true });
  const secret = new TextEncoder().encode('guessed-secret-guessed-secret-guessed');
  const tokens = [
    '',
    'nonsense',
    await world.tokens.sign({ ...claims(), aud: 'another-app' }),
    await world.tokens.sign({ ...claims(), iss: 'https://evil.example' }),
    await world.tokens.sign({ ...claims(), serviceurl: 'https://evil.example/' }),
    await world.tokens.sign(claims(), -3600),
    await stranger.sign(claims()),
    await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'acr-warden-sandbox' }).sign(secret),
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.`,
  ];

  const answers = [];
  for (const token of tokens) answers.push(await send(token, activity()));

  expect(answers).toEqual(tokens.map(() => ({ status: 401, body: '' })));
  expect(world.dispatch.came).toEqual([]);
});

test('A good token does not help an activity of another tenant, channel or service, or without one', async () => {
  const conversation = { id: 'a:1', conversationType: 'personal' };

  const statuses = [
    await signed(activity({ conversation: { ...conversation, tenantId: 'other' } })),
    await signed(activity({ channelData: { tenant: { id: 'other' } } })),
    await signed(activity({ conversation, channelData: {} })),
    await signed(activity({ channelId: 'webchat' })),
    await signed(activity({ serviceUrl: 'https://evil.example/' })),
    await signed(activity({ serviceUrl: undefined })),
    await signed(activity({ conversation: undefined })),
    await signed(activity({ type: undefined })),
    await signed([]),
    await signed('{broken'),
    await signed('null'),
    await signed({ padding: 'x'.repeat(1024 * 1024) }),
    (await send('', undefined, 'GET')).status,
  ];

  expect(statuses).toEqual([403, 403, 403, 403, 403, 400, 400, 400, 400, 400, 400, 413, 405]);
  expect(world.dispatch.came).toEqual([]);
});

test('The same activity twice is one deed', async () => {
  const statuses = [await signed(activity()), await signed(activity())];
  await until(() => world.dispatch.came[0]);

  expect(statuses).toEqual([200, 200]);
  expect(world.dispatch.came).toHaveLength(1);
});

test('The same press twice is done once and answered twice', async () => {
  world.dispatch.reply = () => ({ kind: 'updated', card: noticeCard('Approved', 'Approved by Rui.') });
  const action = { type: 'Action.Execute', verb: 'approve', data: { v: 1, id: 'P-1', nonce: 'n' } };
  const press = activity({ type: 'invoke', name: 'adaptiveCard/action', value: { action } });
  const token = await world.tokens.sign(claims());

  const [first, second] = await Promise.all([send(token, press), send(token, press)]);

  expect(first?.body).toContain('Approved by Rui.');
  expect(second).toEqual(first);
  expect(world.dispatch.came).toHaveLength(1);
});

test('Who has no Entra object id is refused and written down, whatever the name', async () => {
  const from = { id: '29:1rui-mri', name: 'Rui Martins', userPrincipalName: 'rui@contoso.example' };

  const status = await signed(activity({ from }));

  expect(status).toBe(200);
  expect(world.dispatch.refusals).toMatchObject([{ code: 'no-object-id' }]);
  expect(world.dispatch.came).toEqual([]);
});

test('A press with values that are not ours is refused', async () => {
  const token = await world.tokens.sign(claims());
  const press = (data: unknown, id: string) =>
    send(
      token,
      activity({
        id,
        type: 'invoke',
        name: 'adaptiveCard/action',
        value: { action: { type: 'Action.Execute', verb: 'approve', data } },
      }),
    );

  const answers = [
    await press({ v: 2, id: 'P-1', nonce: 'n' }, 'a'),
    await press({ v: 1, id: 7, nonce: 'n' }, 'b'),
    await press(undefined, 'c'),
  ];

  expect(answers.every(({ status, body }) => status === 200 && body.includes('cannot be read'))).toBe(true);
  expect(world.dispatch.refusals).toHaveLength(3);
  expect(world.dispatch.came).toEqual([]);
});

test('A deed that cannot be stored is an error without words', async () => {
  world.dispatch.accept = () => Promise.reject(new Error('disk full: planted-secret'));

  const answer = await send(await world.tokens.sign(claims()), activity());

  expect(answer).toEqual({ status: 500, body: '' });
});

test('Without tokens only local clients are heard', async () => {
  const open = await startWorld({ type: 'none', appId: '', serviceUrls: ['http://127.0.0.1'] });
  const send = (serviceUrl: string): Promise<Response> =>
    fetch(`${open.botUrl}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity({ serviceUrl })),
    });

  const local = await send('http://127.0.0.1:56150/_connector');
  const remote = await send('https://smba.trafficmanager.net/emea/');
  await until(() => open.dispatch.came[0]);
  await open.stop();

  expect([local.status, remote.status]).toEqual([200, 403]);
});

const teamsHost = ['https://smba.trafficmanager.net/'];
const sandboxHost = ['http://127.0.0.1:3979/teams/'];
const localHosts = ['http://127.0.0.1', 'http://localhost'];
test.each([
  ['https://smba.trafficmanager.net/emea/', 'singleTenant', teamsHost, true],
  ['https://smba.trafficmanager.net.evil.example/', 'singleTenant', teamsHost, false],
  ['https://smba.trafficmanager.net:444/', 'singleTenant', teamsHost, false],
  ['https://user:word@smba.trafficmanager.net/', 'singleTenant', teamsHost, false],
  ['https://user@smba.trafficmanager.net/', 'singleTenant', teamsHost, false],
  ['http://smba.trafficmanager.net/', 'singleTenant', ['http://smba.trafficmanager.net/'], false],
  ['ftp://smba.trafficmanager.net/', 'singleTenant', ['ftp://smba.trafficmanager.net/'], false],
  ['smba', 'singleTenant', teamsHost, false],
  ['https://smba.trafficmanager.net/', 'singleTenant', ['smba'], false],
  ['http://127.0.0.1:3979/teams/', 'userAssignedMsi', sandboxHost, true],
  ['http://127.0.0.1:4000/teams/', 'userAssignedMsi', sandboxHost, false],
  ['http://127.0.0.1:4000/_connector', 'none', localHosts, true],
  ['http://[::1]:4000/_connector', 'none', localHosts, false],
  ['https://smba.trafficmanager.net/', 'none', localHosts, false],
  ['http://10.0.0.1/_connector', 'none', ['http://10.0.0.1:81'], false],
] as const)('Whether calls may go to %s with %s and %j: %s', (url, type, serviceUrls, known) => {
  expect(isKnownService(url, { type, serviceUrls })).toBe(known);
});

const spellings: readonly (readonly [string, string])[] = [
  ['/acr status', 'status'],
  ['acr status', 'status'],
  ['ACR status', 'status'],
  ['/status', 'status'],
  ['status', 'status'],
  ['<at>ACR</at> status', 'status'],
  ['<at>ACR</at>status', 'status'],
  ['<at>ACR</at>\u00a0status\u00a0prod', 'status prod'],
  ['<at>ACR</at>\nstatus\n', 'status'],
  ['<at>ACR</at>&nbsp;status', 'status'],
  ['  <at>ACR</at>  ', 'help'],
  ['/acr', 'help'],
  ['acr-prod', 'acr-prod'],
  [
    'promote shop/acr:v1 to prod because "acr is fixed"',
    'promote shop/acr:v1 to prod because "acr is fixed"',
  ],
];

test.each(spellings)('%j is the command %j', (text, command) => {
  expect(commandOf({ text, mentions: text.includes('<at>ACR</at>') ? ['<at>ACR</at>'] : [] })).toBe(command);
});

test('A bot with a certificate lets in who Teams signed for, and nobody else', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const certificate = { thumbprint: 'ab'.repeat(20), privateKey: pem };
  const other = await startWorld({ type: 'singleTenant', certificate });
  const to = (token: string) =>
    fetch(`${other.botUrl}/api/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(activity({ serviceUrl: `${other.url}/teams/`, type: 'event' })),
    });

  const good = await to(await other.tokens.sign({ ...claims(), serviceurl: `${other.url}/teams/` }));
  const bad = await to(await other.tokens.sign({ ...claims(), serviceurl: `${world.url}/teams/` }));
  await other.stop();

  expect([good.status, bad.status]).toEqual([200, 401]);
});
