// The doctor looks at a tenant through the stand-in of Teams: what is well, what is to be mended, and that it changes nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkTeams } from '../../../src/channels/teams/doctor.ts';
import { ensureCertificate } from '../../../src/sandbox/azure/certificate.ts';
import { people, tenantId } from '../../../src/sandbox/cast.ts';
import { startWorld, type World } from './teams-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const place = 'teams:19:releases@thread.tacv2';
const rui = { name: 'rui', tenant: tenantId, objectId: people[1]!.objectId };
const look = async (change: object = {}, policy: object = {}, host?: string) => {
  const references = {
    get: (key: string) => Promise.resolve(world.references.get(key)),
    put: () => Promise.reject(new Error('the doctor writes')),
    remove: () => Promise.reject(new Error('the doctor writes')),
  };
  const checks = await checkTeams({
    config: { ...world.config, ...change },
    references,
    clock: Date.now,
    within: 1000,
    policy: { places: [place], people: [rui], ...policy },
    ...(host && { host }),
  });
  return Object.fromEntries(checks.map(({ check, outcome, detail }) => [check, `${outcome} ${detail}`]));
};

test('Where all is well each check passes, and nothing is posted', async () => {
  await world.teams.install();

  const found = await look();

  expect(Object.values(found).filter((line) => !line.startsWith('pass'))).toEqual([]);
  expect(Object.keys(found)).toHaveLength(4);
  expect(world.teams.state.activities).toEqual([]);
});

test('Before anything was heard a channel is unknown; a removed one, and one that Teams refuses, fail with a cure', async () => {
  const early = await look();
  await world.teams.install();
  world.teams.controls.fault('members', { status: 403, code: 'BotNotInConversationRoster' });
  const refused = await look();
  world.references.set(place, JSON.stringify({ goneAt: Date.now() + 1000 }));
  const gone = await look();

  world.references.delete(place);
  world.teams.controls.fault('members', { status: 503, code: 'ServiceUnavailable' });
  const silent = await look();

  expect(silent[`channel ${place}`]).toMatch(/^unknown .*503.*Try again/);
  expect(early[`channel ${place}`]).toMatch(/^unknown Nothing was heard.*Add the app/);
  expect(refused[`channel ${place}`]).toMatch(/^fail .*BotNotInConversationRoster.*Add the app/);
  expect(gone[`channel ${place}`]).toMatch(/^fail The bot was removed/);
});

test('A person of a tenant that is turned away, and keys that cannot be read, fail', async () => {
  const person = { ...rui, tenant: 'other' };

  const found = await look({ openIdMetadata: `${world.url}/nowhere` }, { people: [person] });

  expect(found['person rui']).toMatch(/^fail .*TEAMS_TENANTS/);
  expect(found['keys of Teams']).toMatch(/^fail .*404/);
});

test('People are told apart: not heard from, heard from, having blocked the bot; their tenant in any case', async () => {
  const key = `teams:person:${tenantId}/${rui.objectId}`;
  const person = async () => (await look({ tenants: [tenantId.toUpperCase()] }))[`person ${rui.name}`];
  const early = await person();
  await world.teams.install();
  const heard = await person();
  world.references.set(key, JSON.stringify({ goneAt: Date.now() + 1000 }));

  expect([early, heard, await person()]).toEqual([
    `pass ${rui.objectId}, not heard from yet`,
    'pass heard from',
    'fail They blocked or removed the bot: no notice reaches them.',
  ]);
});

test('The messaging endpoint is this bot where it turns away what is no activity', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'teams-doctor-'));
  const certificate = ensureCertificate(folder);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.cert]);
  let status = 400;
  const server = https.createServer(certificate, (_request, response) => response.writeHead(status).end());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const endpoint = async () => (await look({}, {}, host))['messaging endpoint'];

  const right = await endpoint();
  status = 404;
  const other = await endpoint();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const gone = await endpoint();
  rmSync(folder, { recursive: true, force: true });

  expect(right).toBe(`pass https://${host}/api/messages turns away what is no activity`);
  expect(other).toMatch(/^fail .* answered 404, not 400\. Point the proxy at this bot/);
  expect(gone).toMatch(/^fail .*cannot be reached/);
});

test('Without tokens there is none to be had', async () => {
  expect((await look({ type: 'none' }))['token of the bot']).toMatch(/^pass TEAMS_AUTH=none/);
});

test('Without a token nothing else is asked of Teams', async () => {
  await world.teams.install();
  const before = world.teams.counters().calls;

  process.env['IDENTITY_ENDPOINT'] = `${world.botUrl}/api/messages`;

  const found = await look({ appId: 'another-bot' });

  expect(found['token of the bot']).toMatch(/^fail .*managed identity of MicrosoftAppId/);
  expect(found[`channel ${place}`]).toBeUndefined();
  expect(world.teams.counters().calls).toEqual(before);
});
