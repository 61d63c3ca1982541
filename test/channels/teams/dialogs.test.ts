// Forms in Teams: the dialog a button opens, what comes back from it, and the same form for clients without dialogs.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import { createDialogs } from '../../../src/channels/teams/dialogs.ts';
import { promoteForm, rejectForm } from '../../../src/cards/forms.ts';
import { noticeCard, refusalCard } from '../../../src/cards/refusal-card.ts';
import type { Account } from '../../../src/ports.ts';
import { nodesOf } from '../renderer-contract.ts';
import { until } from '../recording-dispatch.ts';
import { startWorld, type World } from './teams-world.ts';

let world: World;
let message: string;
const releases = 'teams:19:releases@thread.tacv2';
const value = { v: 1, id: 'P-1', nonce: 'n1' } as const;
const request: Card = {
  name: 'request',
  title: 'Promote',
  summary: 'Promote shop/web to prod',
  blocks: [
    {
      kind: 'actions',
      actions: [{ action: 'form:reject', label: 'Reject …', accessibilityLabel: 'Reject P-1', value }],
    },
  ],
};
const approver = 'release-approver';
const fromBot = () => world.teams.state.activities.filter((one) => one.fromBot);
/** The data of the one Action.Submit of a card. */
const submitOf = (card: unknown): Record<string, unknown> =>
  nodesOf(card).find((node) => node['type'] === 'Action.Submit')?.['data'] as Record<string, unknown>;

beforeEach(async () => {
  world = await startWorld();
  await world.teams.install();
  ({ message } = await world.messenger.post(releases, request, 'k1'));
});
afterEach(() => world.stop());

async function openDialog() {
  world.dispatch.reply = () => ({ kind: 'form', form: rejectForm('P-1', 'n1') });
  const data = submitOf(world.teams.cardFor(approver, message));
  const { dialog } = await world.teams.submit(approver, 'releases', message, data);
  if (dialog?.kind !== 'open') throw new Error(`the dialog is ${JSON.stringify(dialog)}`);
  return dialog;
}

test('A button of a form opens it as a dialog, and no message is sent', async () => {
  const dialog = await openDialog();

  expect(dialog.title).toBe('Reject the request');
  expect(submitOf(dialog.card)).toEqual({ ...value, verb: 'submit:reject' });
  expect(world.dispatch.came[0]?.input).toEqual({
    kind: 'action',
    action: 'form:reject',
    id: 'P-1',
    nonce: 'n1',
  });
  expect(fromBot()).toHaveLength(1);
});

test('What was filled in comes as a form, closes the dialog and changes the card', async () => {
  const { card } = await openDialog();
  world.dispatch.reply = () => ({ kind: 'updated', card: noticeCard('Rejected', 'Rejected by Rui.') });

  const data = { ...submitOf(card), reason: 'too risky' };
  const { dialog } = await world.teams.submitDialog(approver, 'releases', message, data);
  await until(() => fromBot()[0]?.edited);

  expect(dialog).toEqual({ kind: 'message', text: 'Rejected by Rui.' });
  expect(world.dispatch.came[1]?.input).toEqual({
    kind: 'form',
    form: 'reject',
    id: 'P-1',
    nonce: 'n1',
    fields: { reason: 'too risky' },
  });
});

test('A field that is wrong leaves the dialog open, with what was typed; any other refusal ends it', async () => {
  const { card } = await openDialog();
  const refusal = refusalCard('A reason has at least ten letters.');
  world.dispatch.reply = () => ({ kind: 'refusal', code: 'x', card: refusal, field: 'reason' });
  const data = { ...submitOf(card), reason: 'short' };
  const again = await world.teams.submitDialog(approver, 'releases', message, data);
  world.dispatch.reply = () => ({ kind: 'refusal', code: 'x', card: refusalCard('Not you.') });

  const ended = await world.teams.submitDialog(approver, 'releases', message, data);

  expect(JSON.stringify(again.dialog)).toContain('A reason has at least ten letters.');
  expect(JSON.stringify(again.dialog)).toContain('"value":"short"');
  expect(ended.dialog).toEqual({ kind: 'message', text: 'Not you.' });
  expect(fromBot()).toHaveLength(1);
});

test('A client without dialogs gets the same form as a card, for the one who pressed alone', async () => {
  world.dispatch.reply = () => ({ kind: 'form', form: rejectForm('P-1', 'n1') });
  const { msteams: _, ...data } = submitOf(world.teams.cardFor(approver, message));

  await world.teams.submit(approver, 'releases', message, data);
  const form = await until(() => fromBot()[1]);

  expect(form.targetedTo).toBe('29:1rui-mri');
  expect(JSON.stringify(form.attachments)).toContain('"verb":"submit:reject"');
  expect(JSON.stringify(form.attachments)).toContain('Action.Execute');
});

test('A picker in a dialog asks the server, and what it chose is kept when another field is wrong', async () => {
  world.dispatch.reply = () => ({ kind: 'form', form: promoteForm([{ label: 'a', value: 'a>b' }], 'n1') });
  const data = submitOf(world.teams.cardFor(approver, message));
  const { dialog } = await world.teams.submit(approver, 'releases', message, data);
  world.dispatch.offers = [{ label: 'shop/web', value: 'shop/web' }];
  const found = await world.teams.search(approver, 'releases', message, 'repositories', 'web');
  world.dispatch.reply = () => ({ kind: 'refusal', code: 'x', card: refusalCard('Choose.'), field: 'tag' });

  const sent = {
    ...submitOf(dialog?.kind === 'open' && dialog.card),
    repository: found.choices[0]?.value ?? '',
  };
  const again = await world.teams.submitDialog(approver, 'releases', message, sent);

  expect(JSON.stringify(again.dialog)).toContain('"value":"shop/web"');
});

test('Data that are not of our cards open nothing and are written down', async () => {
  const forged = { msteams: { type: 'task/fetch' }, verb: 'approve', v: 2, id: 'P-1', nonce: 'n1' };

  const { dialog } = await world.teams.submit(approver, 'releases', message, forged);

  expect(dialog).toEqual({
    kind: 'message',
    text: 'This button cannot be read. Ask for the card again.',
  });
  expect(world.dispatch.refusals).toHaveLength(1);
  expect(world.dispatch.came).toEqual([]);
});

const account: Account = { channel: 'teams', tenant: 'T', user: 'rui' };
const press = { verb: 'submit:reject', value, fields: { reason: 'short' } };
const wrong = {
  kind: 'refusal',
  code: 'x',
  card: refusalCard('A reason has at least ten letters.'),
  field: 'reason',
} as const;
const opened = (of = account, nonce = 'n1') => {
  const dialogs = createDialogs();
  dialogs.reply(of, press, { kind: 'form', form: rejectForm('P-1', nonce) });
  return dialogs;
};

test('A form that somebody else opened, or of another version of the request, is not shown again', () => {
  const own = opened().reply(account, press, wrong);
  const others = opened({ ...account, user: 'dana' }).reply(account, press, wrong);
  const older = opened(account, 'n0').reply(account, press, wrong);

  expect(own).toMatchObject({ task: { type: 'continue' } });
  for (const answer of [others, older])
    expect(answer).toEqual({ task: { type: 'message', value: 'A reason has at least ten letters.' } });
});

test('Of many open forms the oldest are forgotten', () => {
  const dialogs = opened();
  for (let at = 0; at < 500; at += 1)
    dialogs.reply(account, press, { kind: 'form', form: rejectForm(`P-${at + 2}`, 'n1') });

  expect(dialogs.reply(account, press, wrong)).toMatchObject({ task: { type: 'message' } });
});

test('The last words are the note for who pressed, in one line that says something', () => {
  const card = noticeCard('Rejected', 'Rejected by Rui.');
  const last = (note?: string) =>
    opened().reply(account, press, { kind: 'updated', card, ...(note !== undefined && { note }) });

  expect([last(), last('Only\nyou see\u202e this.'), last('\u200b')]).toEqual(
    ['Rejected by Rui.', 'Only you see this.', '–'].map((text) => ({
      task: { type: 'message', value: text },
    })),
  );
});

test('A title is one short line', () => {
  const titled = (title: string) =>
    createDialogs().reply(account, press, { kind: 'form', form: { ...rejectForm('P-1', 'n1'), title } });
  const value = (title: string) => (titled(title) as { task: { value: { title: string } } }).task.value.title;

  expect(value('Reject\nP-1')).toBe('Reject P-1');
  expect(value('x'.repeat(200)).length).toBeLessThanOrEqual(80);
  expect(value('')).toBe('ACR');
});
