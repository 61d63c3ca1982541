// The doctor looks at a tenant through the stand-in of Teams: what is well, what is to be mended, and that it changes nothing.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkTeams } from '../../../src/channels/teams/doctor.ts';
import { people, tenantId } from '../../../src/sandbox/cast.ts';
import { startWorld, type World } from './teams-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const place = 'teams:19:releases@thread.tacv2';
const rui = { name: 'rui', tenant: tenantId, objectId: people[1]!.objectId };
const look = async (change: object = {}, policy: object = {}) => {
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

test('Without a token nothing else is asked of Teams', async () => {
  await world.teams.install();
  const before = world.teams.counters().calls;

  process.env['IDENTITY_ENDPOINT'] = `${world.botUrl}/api/messages`;

  const found = await look({ appId: 'another-bot' });

  expect(found['token of the bot']).toMatch(/^fail .*managed identity of MicrosoftAppId/);
  expect(found[`channel ${place}`]).toBeUndefined();
  expect(world.teams.counters().calls).toEqual(before);
});
