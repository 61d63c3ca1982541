// People talk with our Slack channel through the stand-in of Slack: commands, clicks, forms, refusals.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { promoteForm, rejectForm } from '../../../src/cards/forms.ts';
import { noticeCard, refusalCard } from '../../../src/cards/refusal-card.ts';
import type { Card } from '../../../src/cards/card.ts';
import { sampleCards } from '../../cards/sample-cards.ts';
import { until } from '../recording-dispatch.ts';
import { startWorld, type World } from './slack-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const value = { v: 1, id: 'P-1', nonce: 'n1' } as const;
const cardWithButtons: Card = {
  name: 'request',
  title: 'Promote',
  summary: 'Promote shop/web to prod',
  blocks: [
    {
      kind: 'actions',
      actions: [
        { action: 'approve', label: 'Approve', accessibilityLabel: 'Approve P-1', value },
        { action: 'form:reject', label: 'Reject …', accessibilityLabel: 'Reject P-1', value },
      ],
    },
  ],
};
const post = (): Promise<{ message: string }> =>
  world.messenger.post('slack:T01CONTOSO/C01RELEASES', cardWithButtons, 'k1');

test('A command becomes one deed of the account, and a public answer stands in the channel', async () => {
  const delivery = await world.slack.command('developer', 'releases', 'status prod');
  const message = await until(() => world.slack.state.messages[0]);

  expect(delivery).toMatchObject({ ok: true, status: 200 });
  expect(world.dispatch.came).toMatchObject([
    {
      account: { channel: 'slack', tenant: 'T01CONTOSO', user: 'U01DANA' },
      place: { id: 'slack:T01CONTOSO/C01RELEASES', kind: 'channel' },
      input: { kind: 'text', text: 'status prod' },
    },
  ]);
  expect(message).toMatchObject({ channel: 'C01RELEASES', text: 'It is done.' });
  expect(message.ephemeralFor).toBeUndefined();
});

test('A command without words is help', async () => {
  await world.slack.command('developer', 'releases', '  ');
  await until(() => world.slack.state.messages[0]);

  expect(world.dispatch.came[0]?.input).toEqual({ kind: 'text', text: 'help' });
});

test('A private answer and a refusal are seen by the asker alone', async () => {
  world.dispatch.reply = () => ({
    kind: 'card',
    card: noticeCard('You', 'You are Dana.'),
    visibility: 'private',
  });
  await world.slack.command('developer', 'releases', 'whoami');
  await until(() => world.slack.state.messages.length === 1);
  world.dispatch.reply = () => ({ kind: 'refusal', code: 'x', card: refusalCard('Not you.') });
  await world.slack.command('developer', 'releases', 'approve P-1');
  await until(() => world.slack.state.messages.length === 2);

  expect(world.slack.state.messages.map((one) => [one.text, one.ephemeralFor])).toEqual([
    ['You are Dana.', 'U01DANA'],
    ['Not you.', 'U01DANA'],
  ]);
});

test('A public answer where the bot is not in the channel comes by the response url', async () => {
  const channel = world.slack.state.channels.find((one) => one.id === 'C01PLATFORM')!;
  channel.members = channel.members.filter((one) => one !== 'U01WARDEN');

  await world.slack.command('developer', 'platform', 'status');
  const message = await until(() => world.slack.state.messages[0]);

  expect(message).toMatchObject({ channel: 'C01PLATFORM', text: 'It is done.' });
  expect(message.ephemeralFor).toBeUndefined();
});

test('A click carries id and nonce, and its answer changes the message for all', async () => {
  const { message } = await post();
  world.dispatch.reply = () => ({
    kind: 'updated',
    card: noticeCard('Approved', 'Approved by Rui.'),
    note: 'Counted.',
  });

  await world.slack.click('release-approver', 'releases', message, 'approve');
  await until(() => world.slack.state.messages.length === 2);

  expect(world.dispatch.came[0]).toMatchObject({
    account: { user: 'U01RUI' },
    input: { kind: 'action', action: 'approve', id: 'P-1', nonce: 'n1' },
  });
  expect(world.slack.state.messages).toMatchObject([
    { ts: message, text: 'Approved by Rui.', edited: true },
    { text: 'Counted.', ephemeralFor: 'U01RUI' },
  ]);
});

test('A form opens as a modal, and its fields come back with the id of the button', async () => {
  const { message } = await post();
  world.dispatch.reply = () => ({ kind: 'form', form: rejectForm('P-1', 'n1') });
  await world.slack.click('release-approver', 'releases', message, 'form:reject');
  const view = await until(() =>
    world.slack.state.modals['U01RUI']?.find((one) => one.view['callback_id'] === 'reject'),
  );
  world.dispatch.reply = () => ({ kind: 'updated', card: noticeCard('Rejected', 'Rejected by Rui.') });

  const { outcome } = await world.slack.submitView('release-approver', String(view.view['id']), {
    reason: { text: 'too risky' },
  });

  await until(() => world.slack.state.messages[0]?.edited);
  expect(outcome).toEqual({ kind: 'closed' });
  expect(world.dispatch.came[1]?.input).toEqual({
    kind: 'form',
    form: 'reject',
    id: 'P-1',
    nonce: 'n1',
    fields: { reason: 'too risky' },
  });
  expect(world.slack.state.messages[0]?.text).toBe('Rejected by Rui.');
});

test('A typed command opens a form too, pickers ask with the fields chosen, a wrong field says so in the modal', async () => {
  const ways = [
    { label: 'uat to prod', value: 'uat>prod' },
    { label: 'dev to uat', value: 'dev>uat' },
  ];
  world.dispatch.reply = () => ({ kind: 'form', form: promoteForm(ways, 'n2') });
  world.dispatch.offers = [{ label: 'shop/web', value: 'shop/web' }];
  await world.slack.command('developer', 'releases', 'promote');
  const opened = await until(() =>
    world.slack.state.modals['U01DANA']?.find((one) => one.view['callback_id'] === 'promote'),
  );
  const viewId = String(opened.view['id']);

  const choice = { actionId: 'choice', blockId: 'way', value: 'dev>uat' };
  await world.slack.act('developer', { viewId }, choice);
  await until(() => JSON.stringify(world.slack.state.modals['U01DANA']).includes('repository~1'));
  const found = await world.slack.suggest('developer', { viewId }, { actionId: 'pick:repositories' }, 'web');
  world.dispatch.reply = () => ({
    kind: 'refusal',
    code: 'x',
    card: refusalCard('Choose a tag.'),
    field: 'tag',
  });
  const { outcome } = await world.slack.submitView('developer', viewId, {
    way: { choice: 'dev>uat' },
    'repository~1': { 'pick:repositories': 'shop/web' },
    reason: { text: 'fix' },
  });

  expect(found.options).toEqual([{ text: 'shop/web', value: 'shop/web' }]);
  expect(world.dispatch.asked[0]).toMatchObject({
    source: 'repositories',
    typed: 'web',
    fields: { way: 'dev>uat' },
  });
  expect(outcome).toEqual({ kind: 'errors', errors: { 'tag~1': 'Choose a tag.' } });
  expect(world.dispatch.came[1]?.input).toMatchObject({
    form: 'promote',
    fields: { way: 'dev>uat', repository: 'shop/web', reason: 'fix' },
  });
});

test('The Home shows what can be done', async () => {
  world.dispatch.reply = () => ({
    kind: 'card',
    card: noticeCard('Help', 'Ask for status.'),
    visibility: 'private',
  });

  await world.slack.openHome('developer');

  const home = await until(() => world.slack.state.homes['U01DANA']);
  expect(JSON.stringify(home.view)).toContain('Ask for status.');
});

test('The Home has what waits, what was asked and the posture, and its buttons answer', async () => {
  const value = { v: 1, id: 'P-1', nonce: '' } as const;
  world.dispatch.reply = ({ input }) => {
    const words = input.kind === 'text' ? input.text : 'clicked';
    const open = { action: 'request', label: 'Open', accessibilityLabel: 'Open P-1', value };
    const card = noticeCard(words, `This is ${words}.`);
    return {
      kind: 'card',
      card: { ...card, blocks: [...card.blocks, { kind: 'actions', actions: [open] }] },
      visibility: 'private',
    };
  };

  await world.slack.openHome('developer');
  const drawn = (): string => JSON.stringify(world.slack.state.homes['U01DANA']?.view ?? {});
  await until(() => drawn().includes('This is status.'));
  for (const words of ['requests decide', 'requests mine']) expect(drawn()).toContain(`This is ${words}.`);
  const viewId = String(world.slack.state.homes['U01DANA']?.view['id']);
  await world.slack.act('developer', { viewId }, { actionId: 'request#2' });

  const message = await until(() => world.slack.state.messages[0]);
  expect(world.dispatch.came.at(-1)?.input).toMatchObject({ kind: 'action', action: 'request', id: 'P-1' });
  expect(message).toMatchObject({ channel: 'D01DANA', text: 'This is clicked.' });
});

test('The Home begins with what can be done, in native tables, or in lists where Slack takes none', async () => {
  world.dispatch.reply = () => ({ kind: 'card', card: sampleCards.requestsCard.mine, visibility: 'private' });
  const home = () =>
    (world.slack.state.homes['U01DANA']?.view['blocks'] ?? []) as { readonly type: string }[];
  const types = () => home().map(({ type }) => type);
  const isWhole = () => types().filter((type) => type === 'divider').length === 3;

  await world.slack.openHome('developer');
  await until(isWhole);
  expect(types()[0]).toBe('actions');
  expect(JSON.stringify(home()[0])).toContain('All commands');
  expect(types().filter((type) => type === 'data_table')).toHaveLength(1);

  const { mine } = sampleCards.requestsCard;
  world.dispatch.reply = () => ({ kind: 'refusal', code: 'unmapped', card: mine });
  world.slack.controls.fault('views.publish', { kind: 'error', error: 'invalid_blocks' });
  await world.slack.openHome('developer');
  await until(() => !types().includes('actions') || !types().includes('data_table'));
  expect(types()).not.toContain('data_table');
  expect(JSON.stringify(home())).not.toContain('All commands');
});

test('Shortcuts open the form at once, as a loading view, and fill it; on a message with its image', async () => {
  const opened = () => world.slack.state.modals['U01DANA']?.[0]?.view;
  const seen: unknown[] = [];
  world.dispatch.reply = async () => {
    await until(() => opened());
    seen.push(opened()?.['callback_id']);
    return { kind: 'form', form: promoteForm([{ label: 'uat to prod', value: 'uat>prod' }], 'n') };
  };
  await world.slack.shortcut('developer', 'promote');
  await until(() => opened()?.['callback_id'] === 'promote');
  const { ts } = world.slack.message('developer', 'releases', 'Built shop/web:v1.4.2 <!channel>');
  await world.slack.shortcut('developer', 'promote_image', { channel: 'releases', ts });
  await until(() => world.dispatch.came[1]);

  expect(seen[0]).toBe('');
  expect(world.dispatch.came.map((one) => one.input)).toEqual([
    { kind: 'text', text: 'promote' },
    { kind: 'action', action: 'form:promote', id: ' shop/web:v1.4.2', nonce: '' },
  ]);
});

test('A shortcut that is not ours is refused', async () => {
  await world.slack.shortcut('developer', 'drop_tables');

  await until(() => world.dispatch.refusals[0]?.code === 'malformed');
  expect(world.dispatch.came).toEqual([]);
});
