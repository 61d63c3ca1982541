// What happens to places: the app is installed and removed, channels are renamed and deleted, people block the bot, chats
// of several people. Nothing is sent to where the bot is no more, and what comes back is found again.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noticeCard } from '../../../src/cards/refusal-card.ts';
import { people, teamsApp, teamsTeam, tenantId } from '../../../src/sandbox/cast.ts';
import { until } from '../recording-dispatch.ts';
import { startWorld, type World } from './teams-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  await world.teams.install();
});
afterEach(() => world.stop());

const releases = '19:releases@thread.tacv2';
const security = '19:security@thread.tacv2';
const card = noticeCard('Digest', 'The score is 81.');
const rui = people[1]!;
const account = { channel: 'teams', tenant: tenantId, user: rui.objectId } as const;
const fromBot = () => world.teams.state.activities.filter((one) => one.fromBot);
const calls = () => Object.values(world.teams.counters().calls).reduce((sum, one) => sum + one, 0);
const post = (thread: string, key: string) => world.messenger.post(`teams:${thread}`, card, key);
let ids = 0;
/** An event of Teams in the team's channel, or in Rui's chat with the bot. */
const event = (change: object, data: object = {}, personal = false) =>
  world.teams.deliver({
    type: 'conversationUpdate',
    id: `event-${ids++}`,
    channelId: 'msteams',
    serviceUrl: `${world.url}/teams/`,
    from: { id: rui.teams, aadObjectId: rui.objectId },
    recipient: { id: teamsApp.mri, name: 'ACR' },
    conversation: personal
      ? { id: 'a:1rui-mri', conversationType: 'personal', tenantId }
      : { id: releases, conversationType: 'channel', tenantId },
    channelData: { tenant: { id: tenantId }, ...(personal ? {} : { team: { id: teamsTeam.id } }), ...data },
    ...change,
  });
const gone = { name: 'DeliveryError', problem: 'gone' };

test('Installed again and again, it is one place; a message goes there once', async () => {
  await world.teams.install();
  await world.teams.install();

  await post(releases, 'k1');

  expect(fromBot()).toHaveLength(1);
});

test('Where the app was removed nothing is sent, not even to the team’s other channels; installed again, it is', async () => {
  await world.teams.message('developer', 'security', 'status', { mention: true });
  await until(() => fromBot()[0]);
  await event({ type: 'installationUpdate', action: 'remove' });
  const before = calls();

  await expect(post(releases, 'k1')).rejects.toMatchObject(gone);
  await expect(post(security, 'k2')).rejects.toMatchObject(gone);
  const during = calls();
  await world.teams.install();
  await post(releases, 'k1');
  await post(security, 'k2');

  expect(during).toBe(before);
  expect(fromBot().map((one) => one.conversation)).toEqual([security, releases, security]);
});

test('The bot put out of a team, or a deleted team, is the same', async () => {
  await event({ membersRemoved: [{ id: teamsApp.mri }] }, { eventType: 'teamMemberRemoved' });
  await expect(post(releases, 'k1')).rejects.toMatchObject(gone);
  await world.teams.install();
  await post(releases, 'k1');
  await event({}, { eventType: 'teamDeleted' });

  await expect(post(releases, 'k2')).rejects.toMatchObject(gone);
});

test('Somebody else who leaves, and a channel with a new name, change nothing', async () => {
  await event({ membersRemoved: [{ id: rui.teams }] }, { eventType: 'teamMemberRemoved' });
  await event({}, { eventType: 'channelRenamed', channel: { id: releases, name: 'Shipping' } });

  await post(releases, 'k1');

  expect(fromBot()).toHaveLength(1);
});

test('A deleted channel is gone, and the others of the team are not; restored, it is there again', async () => {
  await event({}, { eventType: 'channelDeleted', channel: { id: security } });
  await expect(post(security, 'k1')).rejects.toMatchObject(gone);
  await post(releases, 'k2');
  await world.teams.message('developer', 'security', 'status', { mention: true });
  await until(() => fromBot()[1]);

  await post(security, 'k1');

  expect(fromBot().map((one) => one.conversation)).toEqual([releases, security, security]);
});

test('A channel that Teams no longer knows is asked once and not again', async () => {
  await expect(post('19:gone@thread.tacv2', 'k1')).rejects.toMatchObject({ problem: 'gone' });
  const before = calls();

  await expect(post('19:gone@thread.tacv2', 'k2')).rejects.toMatchObject(gone);

  expect(calls()).toBe(before);
});

test('Who blocked the bot is not written to until they unblock it, whatever they write elsewhere', async () => {
  world.teams.controls.fault('send', { status: 403, code: 'MessageWritesBlocked' });
  await expect(world.messenger.direct(account, card, 'k1')).rejects.toMatchObject({ problem: 'gone' });
  await world.teams.message('release-approver', 'releases', 'status', { mention: true });
  await until(() => fromBot()[0]);
  const before = calls();
  await expect(world.messenger.direct(account, card, 'k1')).rejects.toMatchObject(gone);
  const during = calls();
  await event({ type: 'installationUpdate', action: 'add' }, {}, true);

  await world.messenger.direct(account, card, 'k1');

  expect(during).toBe(before);
  expect(fromBot().at(-1)?.conversation).toBe('a:1rui-mri');
});

test('A chat of several people has no threads: answers and posts stand in it, private ones are for one', async () => {
  const id = '19:friday@thread.v2';
  world.teams.state.conversations.push({ id, kind: 'personal', name: 'Friday' });
  const said = {
    type: 'message',
    text: '<at>ACR</at> status',
    conversation: { id, conversationType: 'groupChat', tenantId },
  };
  await event(said, { team: undefined });
  await until(() => fromBot()[0]);
  await post(id, 'k1');
  world.dispatch.reply = () => ({ kind: 'card', card, visibility: 'private' });
  await event(said, { team: undefined });
  await until(() => fromBot()[2]);

  expect(world.dispatch.came[0]?.place).toEqual({ id: `teams:${id}`, kind: 'channel' });
  expect(fromBot().map((one) => [one.conversation, one.targetedTo])).toEqual([
    [id, undefined],
    [id, undefined],
    [id, rui.teams],
  ]);
});
