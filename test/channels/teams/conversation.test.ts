// People talk with our Teams channel through the stand-in of Teams: messages, buttons, forms, pickers, proactive posts.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import { promoteForm, rejectForm } from '../../../src/cards/forms.ts';
import { noticeCard, refusalCard } from '../../../src/cards/refusal-card.ts';
import { tenantId } from '../../../src/sandbox/cast.ts';
import { until } from '../recording-dispatch.ts';
import { startWorld, type World } from './teams-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const value = { v: 1, id: 'P-1', nonce: 'n1' } as const;
const data = { v: 1, id: 'P-1', nonce: 'n1' };
const request: Card = {
  name: 'request',
  title: 'Promote',
  summary: 'Promote shop/web to prod',
  blocks: [
    { kind: 'heading', text: 'Promote shop/web' },
    {
      kind: 'actions',
      actions: [{ action: 'approve', label: 'Approve', accessibilityLabel: 'Approve P-1', value }],
    },
  ],
};
const releases = 'teams:19:releases@thread.tacv2';
const fromBot = () => world.teams.state.activities.filter((one) => one.fromBot);
const said = (index: number): string => JSON.stringify(fromBot()[index]?.attachments);

test('A mention in a channel becomes one deed, and a public answer stands in its thread', async () => {
  const { id, delivery } = await world.teams.message('developer', 'releases', 'status prod', {
    mention: true,
  });
  const answer = await until(() => fromBot()[0]);

  expect(delivery).toMatchObject({ ok: true, status: 200 });
  expect(world.dispatch.came).toMatchObject([
    {
      account: { channel: 'teams', tenant: tenantId, user: '0b1ec700-0000-4000-8000-000000000001' },
      place: { id: releases, kind: 'channel' },
      input: { kind: 'text', text: 'status prod' },
    },
  ]);
  expect(answer).toMatchObject({ conversation: '19:releases@thread.tacv2', thread: id });
  expect(said(0)).toContain('It is done.');
});

test('A private answer in a channel is a message only the asker sees, or their own chat where that fails', async () => {
  world.dispatch.reply = () => ({ kind: 'refusal', code: 'x', card: refusalCard('Not you.') });
  await world.teams.message('outsider', 'releases', 'approve P-1', { mention: true });
  await until(() => fromBot()[0]);
  world.teams.controls.fault('send', { status: 400, code: 'BadArgument' });
  await world.teams.message('outsider', 'releases', 'approve P-1', { mention: true });
  await until(() => fromBot()[1]);

  expect(fromBot()[0]).toMatchObject({
    targetedTo: '29:1olga-mri',
    conversation: '19:releases@thread.tacv2',
  });
  expect(fromBot()[1]?.conversation).toBe('a:1olga-mri');
  expect(said(1)).toContain('Not you.');
});

test('A button answers with the new card, and the message changes for everyone', async () => {
  await world.teams.install();
  const { message } = await world.messenger.post(releases, request, 'k1');
  world.dispatch.reply = () => ({ kind: 'updated', card: noticeCard('Approved', 'Approved by Rui.') });

  const { outcome } = await world.teams.invoke('release-approver', 'releases', message, {
    verb: 'approve',
    data,
  });
  await until(() => fromBot()[0]?.edited);

  expect(outcome).toEqual({ kind: 'card' });
  expect(world.dispatch.came[0]?.input).toEqual({
    kind: 'action',
    action: 'approve',
    id: 'P-1',
    nonce: 'n1',
  });
  expect(JSON.stringify(world.teams.cardFor('developer', message))).toContain('Approved by Rui.');
});

test('A refusal of a button is a line for the one who pressed it, and the card stays', async () => {
  await world.teams.install();
  const { message } = await world.messenger.post(releases, request, 'k1');
  world.dispatch.reply = () => ({
    kind: 'refusal',
    code: 'x',
    card: refusalCard('You asked for it yourself.'),
  });

  const { outcome } = await world.teams.invoke('developer', 'releases', message, { verb: 'approve', data });

  expect(outcome).toEqual({ kind: 'message', text: 'You asked for it yourself.' });
  expect(fromBot()).toHaveLength(1);
  expect(fromBot()[0]?.edited).toBe(false);
});

test('A form comes to the person alone, and its inputs come back with the id of the button', async () => {
  await world.teams.install();
  const { message } = await world.messenger.post(releases, request, 'k1');
  world.dispatch.reply = () => ({ kind: 'form', form: rejectForm('P-1', 'n1') });
  await world.teams.invoke('release-approver', 'releases', message, { verb: 'form:reject', data });
  const form = await until(() => fromBot()[1]);
  world.dispatch.reply = () => ({ kind: 'updated', card: noticeCard('Rejected', 'Rejected by Rui.') });

  const pressed = { verb: 'submit:reject', data: { ...data, reason: 'too risky' } };
  const { outcome } = await world.teams.invoke('release-approver', 'releases', form.id, pressed);

  expect(form.targetedTo).toBe('29:1rui-mri');
  expect(said(1)).toContain('"verb":"submit:reject"');
  expect(outcome).toEqual({ kind: 'card' });
  expect(world.dispatch.came[1]?.input).toEqual({
    kind: 'form',
    form: 'reject',
    id: 'P-1',
    nonce: 'n1',
    fields: { reason: 'too risky' },
  });
});

test('A picker asks the server as the person types', async () => {
  world.dispatch.reply = () => ({
    kind: 'form',
    form: promoteForm([{ label: 'uat to prod', value: 'uat>prod' }], 'n'),
  });
  world.dispatch.offers = [{ label: 'shop/web', value: 'shop/web' }];
  await world.teams.message('developer', 'personal', 'promote');
  const form = await until(() => fromBot()[0]);

  const found = await world.teams.search('developer', 'personal', form.id, 'repositories', 'web');

  expect(found.choices).toEqual([{ title: 'shop/web', value: 'shop/web' }]);
  expect(world.dispatch.asked).toMatchObject([{ source: 'repositories', typed: 'web' }]);
});

test('Slow work answers the button in time and the card follows', async () => {
  await world.teams.install();
  const { message } = await world.messenger.post(releases, request, 'k1');
  world.dispatch.reply = async () => {
    await new Promise((resolve) => setTimeout(resolve, 2400));
    return { kind: 'updated', card: noticeCard('Approved', 'At last.') };
  };

  const { outcome } = await world.teams.invoke('release-approver', 'releases', message, {
    verb: 'approve',
    data,
  });
  await until(() => fromBot()[0]?.edited);

  expect(outcome.kind).toBe('message');
  expect(said(0)).toContain('At last.');
});

test('The bot posts to a channel it was never written to from, and to a person', async () => {
  await world.teams.install();

  const ref = await world.messenger.post('teams:19:security@thread.tacv2', request, 'k1');
  const again = await world.messenger.post('teams:19:security@thread.tacv2', request, 'k1');
  await world.messenger.reply(ref, noticeCard('Vote', 'Rui approved.'), 'k2');
  const sofia = { channel: 'teams', tenant: tenantId, user: '0b1ec700-0000-4000-8000-000000000003' } as const;
  await world.messenger.direct(sofia, noticeCard('Outcome', 'Promoted.'), 'k3');

  expect(again).toEqual(ref);
  expect(fromBot().map((one) => [one.conversation, one.thread === ref.message])).toEqual([
    ['19:security@thread.tacv2', true],
    ['19:security@thread.tacv2', true],
    ['a:1sofia-mri', false],
  ]);
});

test('A place whose bot was removed is gone and its reference forgotten; a busy Teams is asked again', async () => {
  await world.teams.message('developer', 'releases', 'status', { mention: true });
  await until(() => fromBot()[0]);
  world.teams.controls.fault('create', { status: 412, code: 'PreconditionFailed' });
  world.teams.controls.fault('create', { status: 429, code: 'TooManyRequests', retryAfter: 0 });
  const ref = await world.messenger.post(releases, request, 'k1');
  world.teams.controls.fault('create', { status: 403, code: 'BotNotInConversationRoster' });

  const refused = world.messenger.post(releases, request, 'k2');

  await expect(refused).rejects.toMatchObject({ name: 'ConnectorError', problem: 'gone' });
  expect(ref.message).not.toBe('');
  const calls = world.teams.counters().calls['create'];
  await expect(world.messenger.post(releases, request, 'k3')).rejects.toMatchObject({ problem: 'gone' });
  expect(world.teams.counters().calls['create']).toBe(calls);
});
