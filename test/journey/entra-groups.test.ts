// Rights by Entra groups: asked of Graph at the decision, in whichever chat it is made, and nobody's where Graph is silent.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/ports.ts';
import type { Request } from '../../src/promotion/request.ts';
import { people } from '../../src/sandbox/cast.ts';
import { releaseGroup } from '../../src/sandbox/graph.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
let request: Request;
beforeAll(async () => {
  world = await createWorld({
    work: true,
    policy: (text) =>
      text
        .replace(
          /^( {2}release: \{ members: )\[[^\]]*\]( \})$/m,
          `$1[platform-admin], entraGroup: ${releaseGroup.toUpperCase()}$2`,
        )
        .replace(/^( {2}security: \{ members: \[[^\]]*\])( \})$/m, `$1, entraGroup: ${otherGroup}$2`),
  });
  request = await world.ask();
});
afterAll(() => world.close());

const otherGroup = '9d1c0de0-0000-4000-8000-000000000002';
const codeOf = (answer: Answer) => (answer.kind === 'refusal' ? answer.code : answer.kind);
const objectId = people.find(({ role }) => role === 'release-approver')!.objectId;
const approver = (channel: 'slack' | 'teams') => world.as('release-approver', channel);
const members = () => world.graph.groups.get(releaseGroup)!;

test('A silent Graph gives nobody a right and says why; who is in a list of the policy has them still', async () => {
  world.graph.controls.status = 503;
  const silent = await world.click(approver('teams'), 'approve', request);
  world.graph.controls.status = 403;
  const forbidden = await world.click(approver('slack'), 'approve', request);
  const state = (await world.product.doors.ledger.request(request.id))?.state;
  const listed = await world.click(world.as('platform-admin', 'teams'), 'hold', request);
  const held = await world.until(request.id, 'held');
  await world.click(world.as('platform-admin', 'teams'), 'resume', held);
  world.graph.controls.status = 0;

  expect([silent, forbidden].map(codeOf)).toEqual(['groups-unread', 'groups-unread']);
  expect(silent.kind === 'refusal' && silent.card.summary).toMatch(/Only members of release.*Try again/);
  expect([state, codeOf(listed)]).toEqual(['pending', 'updated']);
});

test('Whoever Entra has in the group decides, a person put out of it does not, and the next question says so', async () => {
  request = await world.until(request.id, 'pending');
  members().delete(objectId);
  const without = await world.click(approver('teams'), 'approve', request);
  members().add(objectId);
  const outsider = await world.click(world.as('security-approver', 'slack'), 'approve', request);

  const within = await world.click(approver('slack'), 'approve', request);

  expect([without, outsider, within].map(codeOf)).toEqual(['not-eligible', 'not-eligible', 'updated']);
  expect((await world.until(request.id, 'promoted', 'failed')).votes).toMatchObject([
    { person: 'release-approver', groups: ['release'] },
  ]);
});

test('Reads ask once a minute, and whoami tells the groups of Entra too', async () => {
  await world.say(approver('slack'), 'whoami');
  const before = world.graph.calls();

  const answer = await world.say(approver('teams'), 'whoami');
  await world.say(approver('teams'), 'waivers');

  expect(world.graph.calls()).toBe(before);
  expect(JSON.stringify(answer)).toContain('release');
});
