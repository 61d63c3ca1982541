// Role views: who sees which button of one and the same message, and when a card has them for everyone.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Action, Card } from '../../../src/cards/card.ts';
import { people, tenantId } from '../../../src/sandbox/cast.ts';
import { checkCard } from '../../../src/channels/teams/limits.ts';
import { createReferences } from '../../../src/channels/teams/references.ts';
import { renderCard } from '../../../src/channels/teams/render.ts';
import { createViews } from '../../../src/channels/teams/views.ts';
import { nodesOf } from '../renderer-contract.ts';
import { until } from '../recording-dispatch.ts';
import { startWorld, type World } from './teams-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const releases = 'teams:19:releases@thread.tacv2';
const accounts = Object.fromEntries(
  people
    .filter(({ role }) => role !== 'outsider')
    .map(({ role, objectId }) => [role, { tenant: tenantId, user: objectId }]),
);
const button = (action: string, who?: readonly string[]): Action => ({
  action,
  label: action,
  accessibilityLabel: `${action} P-1`,
  value: { v: 1, id: 'P-1', nonce: 'n1' },
  ...(who && { for: who }),
});
const request = (audience = accounts, approvers: readonly string[] = ['release-approver']): Card => ({
  name: 'request',
  title: 'Promote',
  summary: 'Promote shop/web to prod',
  audience: { id: 'P-1', people: audience },
  blocks: [
    { kind: 'heading', text: 'Promote shop/web' },
    {
      kind: 'actions',
      actions: [button('approve', approvers), button('cancel', ['developer']), button('status')],
    },
  ],
});
const verbsOf = (card: unknown): readonly unknown[] =>
  nodesOf(card).flatMap((node) =>
    node['type'] === 'Action.Execute' && node['title'] !== 'Refresh' ? [node['verb']] : [],
  );
const seenBy = (role: string, message: string) => verbsOf(world.teams.cardFor(role, message));

test('The message has nobody’s own buttons; approver and requester get theirs when they look, others none', async () => {
  await world.teams.install();
  const { message } = await world.messenger.post(releases, request(), 'k1');
  world.dispatch.shown = request();
  const base = seenBy('release-approver', message);

  for (const role of ['release-approver', 'developer', 'outsider', 'security-approver'])
    await world.teams.open(role, 'releases');

  expect(base).toEqual(['status']);
  expect(seenBy('release-approver', message)).toEqual(['approve', 'status']);
  expect(seenBy('developer', message)).toEqual(['cancel', 'status']);
  expect(seenBy('outsider', message)).toEqual(['status']);
  expect(seenBy('security-approver', message)).toEqual(['status']);
  expect(world.dispatch.viewed.map(({ id }) => id)).toEqual(['P-1', 'P-1']);
  expect(world.dispatch.came).toEqual([]);
  expect(checkCard(world.teams.cardFor('outsider', message) ?? {})).toEqual([]);
});

test('A pressed button changes the message for all, and each sees their own part of the new card', async () => {
  await world.teams.install();
  const { message } = await world.messenger.post(releases, request(), 'k1');
  world.dispatch.shown = request();
  world.dispatch.reply = () => ({ kind: 'updated', card: request() });
  await world.teams.open('release-approver', 'releases');
  const data = { v: 1, id: 'P-1', nonce: 'n1' };

  const { delivery } = await world.teams.invoke('release-approver', 'releases', message, {
    verb: 'approve',
    data,
  });
  await until(() => world.teams.state.activities[0]?.edited);
  await world.teams.open('developer', 'releases');

  expect(verbsOf((delivery.body as { value: unknown }).value)).toEqual(['approve', 'status']);
  expect(seenBy('outsider', message)).toEqual(['status']);
  expect(seenBy('developer', message)).toEqual(['cancel', 'status']);
});

test('People who never wrote are found in the roster', async () => {
  await world.teams.message('platform-admin', 'releases', 'status', { mention: true });
  await until(() => world.teams.state.activities.find((one) => one.fromBot));

  const { message } = await world.messenger.post(releases, request(), 'k1');
  world.dispatch.shown = request();
  await world.teams.open('release-approver', 'releases');

  expect(seenBy('release-approver', message)).toEqual(['approve', 'status']);
});

test('In the chat with the bot a card has the buttons of its reader', async () => {
  await world.teams.install();
  world.dispatch.reply = () => ({ kind: 'card', card: request(), visibility: 'private' });
  await world.teams.message('developer', 'personal', 'request P-1');
  const personal = await until(() => world.teams.state.activities.find((one) => one.fromBot));
  await world.teams.message('release-approver', 'releases', 'request P-1', { mention: true });
  const targeted = await until(() => world.teams.state.activities.find((one) => one.targetedTo));

  expect(seenBy('developer', personal.id)).toEqual(['cancel', 'status']);
  expect(seenBy('release-approver', targeted.id)).toEqual(['approve', 'status']);
});

test('Where somebody cannot be looked up, or they are more than sixty, everyone sees all buttons', async () => {
  await world.teams.install();
  const all = ['approve', 'cancel', 'status'];
  const stranger = {
    ...accounts,
    stranger: { tenant: tenantId, user: '00000000-0000-4000-8000-00000000abcd' },
  };
  world.teams.controls.fault('members', { status: 403, code: 'Forbidden' }, 1);
  const unknown = await world.messenger.post(releases, request(stranger, ['stranger']), 'k1');
  const gone = await world.messenger.post(releases, request(stranger, ['stranger']), 'k2');
  const crowd = Array.from({ length: 61 }, (_, n) => `person${n}`);
  for (const [n, name] of crowd.entries())
    world.references.set(
      `teams:person:${tenantId}/object${n}`,
      JSON.stringify({
        serviceUrl: `${world.url}/teams/`,
        tenant: tenantId,
        bot: {},
        conversation: { id: '19:x', conversationType: 'channel' },
        member: `29:${name}`,
      }),
    );
  const audience = Object.fromEntries(
    crowd.map((name, n) => [name, { tenant: tenantId, user: `object${n}` }]),
  );
  const many = await world.messenger.post(releases, request(audience, crowd), 'k3');
  const few = await world.messenger.post(releases, request(audience, crowd.slice(1)), 'k4');

  expect(seenBy('outsider', unknown.message)).toEqual(all);
  expect(seenBy('outsider', gone.message)).toEqual(['status']);
  expect(seenBy('outsider', many.message)).toEqual(all);
  expect(seenBy('outsider', few.message)).toEqual(['status']);
});

test('Where clients never refresh, everyone sees all buttons, and each their own in the chat with the bot', async () => {
  await world.teams.install();
  const references = createReferences(
    {
      get: (key) => Promise.resolve(world.references.get(key)),
      put: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    Date.now,
  );
  const lookUp = { call: (_url: string, _method: string, path: string) => Promise.resolve({ id: path }) };
  const views = createViews(lookUp, references, false);
  const drawnIn = async (place: string) => {
    const reference = await references.ofPlace(place);
    if (!reference || reference === 'gone') throw new Error(`no reference of ${place}`);
    const { conversation } = reference;
    const own = conversation.kind === 'personal' ? { ...reference, member: people[0]!.teams } : reference;
    return verbsOf(renderCard(request(), await views.ofMessage(request(), own, conversation.id)));
  };

  expect(await drawnIn(releases)).toEqual(['approve', 'cancel', 'status']);
  expect(await drawnIn('teams:a:1dana-mri')).toEqual(['cancel', 'status']);
});
