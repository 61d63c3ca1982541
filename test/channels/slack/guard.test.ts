// What must not get in from Slack: bad signatures, old and future timestamps, replays, malformed bodies, and people the
// ladder of identity refuses.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noticeCard } from '../../../src/cards/refusal-card.ts';
import { until } from '../recording-dispatch.ts';
import { commandBody, interactionBody, sendSigned } from './signed-request.ts';
import { botToken, signingSecret, startWorld, type World } from './slack-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const user = (id: string): Record<string, unknown> =>
  world.slack.state.users.find((one) => one.id === id) as Record<string, unknown>;
const lastText = () => world.slack.state.messages.at(-1)?.text ?? '';

test('A request that Slack did not sign now is turned away', async () => {
  const body = commandBody();

  const statuses = [
    await sendSigned(world.botUrl, { body, secret: 'another' }),
    await sendSigned(world.botUrl, { body, age: 301 }),
    await sendSigned(world.botUrl, { body, age: -310 }),
    await sendSigned(world.botUrl, { body, headers: { 'x-slack-signature': 'v0=' } }),
    await sendSigned(world.botUrl, { body, headers: { 'x-slack-signature': 'nonsense' } }),
    await sendSigned(world.botUrl, { body, headers: { 'x-slack-request-timestamp': 'NaN' } }),
    (await fetch(`${world.botUrl}/slack/events`, { method: 'POST', body })).status,
    (await fetch(`${world.botUrl}/slack/events`)).status,
  ];

  expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 401, 405]);
  expect(world.dispatch.came).toEqual([]);
});

test('The same signed bytes twice are one deed', async () => {
  await world.slack.command('developer', 'releases', 'status');
  await until(() => world.slack.state.messages[0]);
  const again = await world.slack.replay();

  expect(again.status).toBe(200);
  expect(world.dispatch.came).toHaveLength(1);
  expect(world.slack.state.messages).toHaveLength(1);
});

test('Signed bodies that are malformed or too large end in an error of the sender, and the bot goes on', async () => {
  const json = { contentType: 'application/json' };

  const statuses = await Promise.all(
    [
      { body: '{not json', ...json },
      { body: interactionBody('{not json') },
      { body: 'x'.repeat(1024 * 1024 + 1), ...json },
      { body: 'null', ...json },
      { body: '[]', ...json },
      { body: `${'['.repeat(200_000)}${']'.repeat(200_000)}`, ...json },
    ].map((forgery) => sendSigned(world.botUrl, forgery)),
  );
  const after = await world.slack.command('developer', 'releases', 'status');

  expect(statuses.every((status) => status >= 400)).toBe(true);
  expect(after.ok).toBe(true);
});

test('A button whose value is not ours is refused and written down', async () => {
  const payload = {
    type: 'block_actions',
    team: { id: 'T01CONTOSO' },
    user: { id: 'U01RUI', team_id: 'T01CONTOSO' },
    api_app_id: 'A01WARDEN',
    channel: { id: 'C01RELEASES' },
    container: { type: 'message', message_ts: '1.2', channel_id: 'C01RELEASES' },
    trigger_id: 't.2',
    actions: [{ type: 'button', action_id: 'approve', value: '{"v":2,"id":"P-1"}', block_id: 'b' }],
  };

  const status = await sendSigned(world.botUrl, { body: interactionBody(payload) });
  await until(() => world.dispatch.refusals[0]);

  expect(status).toBe(200);
  expect(world.dispatch.refusals[0]).toMatchObject({ account: { user: 'U01RUI' }, code: 'malformed' });
  expect(world.dispatch.came).toEqual([]);
});

const flags = [
  ['deleted', 'deleted-user'],
  ['is_bot', 'bot-user'],
  ['is_app_user', 'app-user'],
  ['is_workflow_bot', 'workflow-bot'],
  ['is_connector_bot', 'connector-bot'],
  ['is_stranger', 'stranger'],
  ['is_restricted', 'guest'],
  ['is_ultra_restricted', 'single-channel-guest'],
  ['is_invited_user', 'invited-user'],
] as const;

test.each(flags)('An account with %s is refused as %s, to itself alone', async (flag, code) => {
  Object.assign(user('U01DANA'), { [flag]: true });

  const delivery = await world.slack.command('developer', 'releases', 'status');
  await until(() => world.dispatch.refusals[0]);
  await until(() => world.slack.state.messages[0]);

  expect(delivery.ok).toBe(true);
  expect(world.dispatch.refusals[0]).toMatchObject({ account: { user: 'U01DANA' }, code });
  expect(world.slack.state.messages[0]?.ephemeralFor).toBe('U01DANA');
  expect(world.dispatch.came).toEqual([]);
});

test('Rights lost a moment ago count for a button though they are remembered for commands', async () => {
  await world.slack.command('developer', 'releases', 'status');
  await until(() => world.dispatch.came[0]);
  Object.assign(user('U01DANA'), { is_restricted: true });
  const value = { v: 1, id: 'P-1', nonce: 'n' } as const;
  const { message } = await world.messenger.post(
    'slack:T01CONTOSO/C01RELEASES',
    {
      ...noticeCard('Card', 'Card'),
      blocks: [
        {
          kind: 'actions',
          actions: [{ action: 'approve', label: 'Approve', accessibilityLabel: 'Approve', value }],
        },
      ],
    },
    'k1',
  );

  await world.slack.click('developer', 'releases', message, 'approve');
  await until(() => world.dispatch.refusals[0]);

  expect(world.dispatch.refusals[0]?.code).toBe('guest');
  expect(world.dispatch.came).toHaveLength(1);
});

test('Nothing is decided in a channel that another organisation reads', async () => {
  world.slack.state.channels.find((one) => one.id === 'C01RELEASES')!.is_ext_shared = true;

  await world.slack.command('developer', 'releases', 'approve P-1');
  await until(() => lastText() !== '');

  expect(world.dispatch.refusals[0]?.code).toBe('shared-channel');
  expect(lastText()).toContain('shared with another organisation');
});

test('A person of another workspace is refused by the team of the click', async () => {
  const payload = {
    type: 'block_actions',
    team: { id: 'T01CONTOSO' },
    user: { id: 'U01RUI', team_id: 'T99OTHER' },
    api_app_id: 'A01WARDEN',
    channel: { id: 'C01RELEASES' },
    container: { type: 'message', message_ts: '1.2', channel_id: 'C01RELEASES' },
    trigger_id: 't.3',
    actions: [
      {
        type: 'button',
        action_id: 'approve',
        value: JSON.stringify({ v: 1, id: 'P-1', nonce: 'n' }),
        block_id: 'b',
      },
    ],
  };

  await sendSigned(world.botUrl, { body: interactionBody(payload) });
  await sendSigned(world.botUrl, { body: commandBody({ team_id: 'T99OTHER', trigger_id: 't.4' }) });
  await until(() => world.dispatch.refusals[1]);

  expect(world.dispatch.refusals.map((one) => one.code).sort()).toEqual(['foreign-team', 'foreign-user']);
  expect(world.dispatch.came).toEqual([]);
});

test('Without an answer about who asks the answer is no', async () => {
  world.slack.controls.fault('users.info', { kind: 'status', status: 500 }, 10);

  await world.slack.command('developer', 'releases', 'approve P-1');
  await until(() => world.dispatch.refusals[0]);

  expect(world.dispatch.refusals[0]?.code).toBe('identity-unknown');
  expect(world.dispatch.came).toEqual([]);
});

test('Who reads may be known from a minute ago; who changes something is asked for each time', async () => {
  let ahead = 0;
  const other = await startWorld(() => Date.now() + ahead);
  const { slack, dispatch } = other;
  const say = (text: string) => slack.command('developer', 'releases', text);
  try {
    await say('status');
    await until(() => dispatch.came[0]);
    slack.controls.fault('users.info', { kind: 'status', status: 500 }, 100);

    await say('check CR-1');
    await until(() => dispatch.came[1]);
    await say('base-images sync');
    await until(() => dispatch.refusals[0]);
    await say('approve P-1');
    await until(() => dispatch.refusals[1]);
    ahead = 61_000;
    await say('status');
    await until(() => dispatch.refusals[2]);

    const texts = dispatch.came.map(({ input }) => input.kind === 'text' && input.text);
    expect(texts).toEqual(['status', 'check CR-1']);
    expect(dispatch.refusals.map(({ code }) => code)).toEqual(Array(3).fill('identity-unknown'));
  } finally {
    await other.stop();
  }
});

test('A response url elsewhere is never called', async () => {
  const called: string[] = [];
  const { createServer } = await import('node:http');
  const trap = createServer((request, response) => {
    called.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  const { port } = trap.address() as { port: number };
  world.dispatch.reply = () => ({ kind: 'card', card: noticeCard('A', 'Private.'), visibility: 'private' });

  const body = commandBody({ response_url: `http://127.0.0.1:${port}/steal` });
  await sendSigned(world.botUrl, { body });
  await until(() => lastText() === 'Private.');
  trap.close();

  expect(called).toEqual([]);
});

test('No secret of Slack is in the log', async () => {
  world.slack.controls.fault('chat.postMessage', { kind: 'error', error: 'not_allowed' }, 10);
  await sendSigned(world.botUrl, { body: '{"token": "planted-secret"', contentType: 'application/json' });
  await world.slack.command('developer', 'releases', 'status planted-secret');
  await until(() => world.log.lines[0]);

  const lines = world.log.lines.join('\n');
  expect(lines).not.toContain(botToken);
  expect(lines).not.toContain(signingSecret);
  expect(lines).not.toContain('/response/');
  expect(lines).not.toContain('planted-secret');
});
