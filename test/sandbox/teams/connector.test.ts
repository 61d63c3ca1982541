// The Bot Connector's doors: who may call, what is refused, what is remembered.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { teamsApp } from '../../../src/sandbox/cast.ts';
import { createTeams } from '../../../src/sandbox/teams/teams.ts';
import { startWorld, type TeamsWorld } from './teams-world.ts';

let world: TeamsWorld;
let clock = 0;
beforeEach(async () => {
  clock = Date.now();
  world = await startWorld(() => clock);
});
afterEach(() => world.stop());

const audience = 'https://api.botframework.com';
const releases = encodeURIComponent('19:releases@thread.tacv2');

async function call(
  path: string,
  body?: object,
  claims: Record<string, string> = { aud: audience, appid: teamsApp.id },
  method?: string,
): Promise<Response> {
  const token = await world.tokens.sign(claims);
  return fetch(`${world.url}/teams/v3/${path}`, {
    method: method ?? (body ? 'POST' : 'GET'),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

test('A call without the bot’s own token is 401', async () => {
  const path = `conversations/${releases}/activities`;
  const message = { type: 'message', text: 'x' };

  const statuses = [
    (await call(path, message, { aud: 'https://management.azure.com', appid: teamsApp.id })).status,
    (await call(path, message, { aud: audience, appid: 'another' })).status,
    (await fetch(`${world.url}/teams/v3/${path}`, { method: 'POST' })).status,
    (await call(path, message)).status,
  ];

  expect(statuses).toEqual([401, 401, 401, 201]);
  expect(world.teams.state.activities).toHaveLength(1);
});

test('An activity that the stand-in did not sign for this bot is 401 at the bot', async () => {
  const token = await world.tokens.sign({
    iss: audience,
    aud: 'another-app',
    serviceurl: `${world.url}/teams/`,
  });

  const answer = await fetch(`${world.botUrl}/api/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'message',
      channelId: 'msteams',
      serviceUrl: `${world.url}/teams/`,
      text: 'x',
    }),
  });

  expect(answer.status).toBe(401);
});

test('The roster names each person by object id', async () => {
  const members = (await (await call(`conversations/${releases}/members`)).json()) as object[];
  const one = await (await call(`conversations/${releases}/members/29:1dana-mri`)).json();
  const nobody = await call(`conversations/${releases}/members/29:nobody`);

  expect(members).toHaveLength(5);
  expect(one).toMatchObject({ name: 'Dana Okafor', aadObjectId: '0b1ec700-0000-4000-8000-000000000001' });
  expect(nobody.status).toBe(404);
});

test('A message over 100 KB is 413 and a thread takes seven a second', async () => {
  const path = `conversations/${releases}/activities`;

  const large = await call(path, { type: 'message', text: 'x'.repeat(103_000) });
  const seven: number[] = [];
  for (let index = 0; index < 7; index += 1)
    seven.push((await call(path, { type: 'message', text: 'x' })).status);
  clock += 1001;
  const later = await call(path, { type: 'message', text: 'x' });

  expect(large.status).toBe(413);
  expect(seven).toEqual([201, 201, 201, 201, 201, 201, 429]);
  expect(later.status).toBe(201);
});

test('Faults can be set by operation', async () => {
  const path = `conversations/${releases}/activities`;
  world.teams.controls.fault('send', { status: 403, code: 'MessageWritesBlocked' });
  world.teams.controls.fault('send', { status: 429, code: 'TooManyRequests', retryAfter: 2 });

  const blocked = await call(path, { type: 'message', text: 'x' });
  const limited = await call(path, { type: 'message', text: 'x' });

  expect(await blocked.json()).toEqual({
    error: { code: 'MessageWritesBlocked', message: 'MessageWritesBlocked' },
  });
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
});

test('A message is updated and deleted by its id, and another’s is not found', async () => {
  const path = `conversations/${releases}/activities`;
  const { id } = (await (await call(path, { type: 'message', text: 'first' })).json()) as { id: string };

  const claims = { aud: audience, appid: teamsApp.id };
  await call(`${path}/${id}`, { type: 'message', text: 'second' }, claims, 'PUT');
  const text = world.teams.state.activities[0]?.text;
  const gone = await call(`${path}/${id}`, undefined, claims, 'DELETE');
  const again = await call(`${path}/${id}`, { type: 'message', text: 'third' }, claims, 'PUT');

  expect([text, gone.status, again.status]).toEqual(['second', 200, 404]);
});

test('Messages outlive a restart of the sandbox', async () => {
  await call(`conversations/${releases}/activities`, { type: 'message', text: 'kept' });
  world.teams.flush();

  const again = createTeams({
    botUrl: () => '',
    publicUrl: () => '',
    tokens: world.tokens,
    dataDir: world.dataDir,
  });

  expect(again.state.activities.map((one) => one.text)).toEqual(['kept']);
});
