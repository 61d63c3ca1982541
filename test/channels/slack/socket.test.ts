// Socket Mode: the same conversation over a connection that the bot opened, which may end at any time.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { promoteForm } from '../../../src/cards/forms.ts';
import { refusalCard } from '../../../src/cards/refusal-card.ts';
import { until } from '../recording-dispatch.ts';
import { appToken, startWorld, type World } from './slack-world.ts';

let world: World;
const config = { transport: { kind: 'socket', appToken } } as const;
const connected = () => until(() => world.slack.socket.isConnected());
beforeEach(async () => {
  world = await startWorld(Date.now, config);
  await connected();
});
afterEach(() => world.stop());

const messages = () => world.slack.state.messages;

test('A command comes over the socket, is acknowledged there and answered in the channel', async () => {
  const delivery = await world.slack.command('developer', 'releases', 'status prod');
  const message = await until(() => messages()[0]);

  expect(delivery).toMatchObject({ ok: true, attempts: 1 });
  expect(world.dispatch.came[0]).toMatchObject({
    account: { channel: 'slack', tenant: 'T01CONTOSO', user: 'U01DANA' },
    input: { kind: 'text', text: 'status prod' },
  });
  expect(message).toMatchObject({ channel: 'C01RELEASES', text: 'It is done.' });
});

test('Pickers and the errors of a form go back in the acknowledgement', async () => {
  const ways = [{ label: 'uat to prod', value: 'uat>prod' }];
  world.dispatch.reply = () => ({ kind: 'form', form: promoteForm(ways, 'n') });
  world.dispatch.offers = [{ label: 'shop/web', value: 'shop/web' }];
  await world.slack.command('developer', 'releases', 'promote');
  const opened = await until(() =>
    world.slack.state.modals['U01DANA']?.find((one) => one.view['callback_id'] === 'promote'),
  );
  const viewId = String(opened.view['id']);
  world.dispatch.reply = () => ({ kind: 'refusal', code: 'x', card: refusalCard('No tag.'), field: 'tag' });

  const found = await world.slack.suggest('developer', { viewId }, { actionId: 'pick:repositories' }, 'web');
  const { outcome } = await world.slack.submitView('developer', viewId, { reason: { text: 'fix' } });

  expect(found.options).toEqual([{ text: 'shop/web', value: 'shop/web' }]);
  expect(outcome).toEqual({ kind: 'errors', errors: { tag: 'No tag.' } });
});

test('The same envelope twice is one deed', async () => {
  await world.slack.command('developer', 'releases', 'status');
  await until(() => messages()[0]);

  const again = await world.slack.replay();

  expect(again.ok).toBe(true);
  expect(world.dispatch.came).toHaveLength(1);
});

test('A connection that ends is opened again, and so is one that Slack wants renewed', async () => {
  for (const end of ['cut', 'refresh'] as const) {
    world.slack.socket[end]();
    await until(() => !world.slack.socket.isConnected());
    await connected();
    const { ok } = await world.slack.command('developer', 'releases', `status ${end}`);
    expect(ok).toBe(true);
  }
  await until(() => world.dispatch.came[1]);
});

test('While Slack gives no address the bot goes on asking, and the log does not have the token', async () => {
  world.slack.controls.fault('apps.connections.open', { kind: 'status', status: 503 }, 2);
  world.slack.controls.fault('apps.connections.open', { kind: 'error', error: 'internal_error' });
  world.slack.socket.cut();
  await until(() => !world.slack.socket.isConnected());

  await connected();

  const lines = world.log.lines.join('\n');
  expect(lines).toContain('could not be reached by Socket Mode');
  expect(lines).not.toContain(appToken);
});
