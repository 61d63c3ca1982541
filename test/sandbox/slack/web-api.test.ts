// The Web API's refusals and memory, asked with Slack's own client.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebClient } from '@slack/web-api';
import { createSlack } from '../../../src/sandbox/slack/slack.ts';
import { botToken, type SlackWorld, signingSecret, startWorld } from './slack-world.ts';

let world: SlackWorld;
let clock = Date.now();
beforeEach(async () => {
  clock = Date.now(); // Bolt refuses signatures older than five minutes
  world = await startWorld(() => clock);
});
afterEach(() => world.stop());

const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'accepted',
    (error: { data?: { error?: string }; code?: string }) => error.data?.error ?? error.code,
  );

test('A wrong token and no token are refused by different names', async () => {
  const wrong = new WebClient('xoxb-other', { slackApiUrl: `${world.url}/slack/api/` });

  const refusal = await errorOf(wrong.auth.test());
  const none = await (await fetch(`${world.url}/slack/api/auth.test`, { method: 'POST' })).json();

  expect(refusal).toBe('invalid_auth');
  expect(none).toEqual({ ok: false, error: 'not_authed' });
});

test('The bot learns who it is, who is there and in which groups', async () => {
  const { client } = world;

  const self = await client.auth.test();
  const dana = await client.users.info({ user: 'U01DANA' });
  const group = await client.usergroups.users.list({ usergroup: 'S01RELEASES' });
  const channel = await client.conversations.info({ channel: 'C01RELEASES' });
  const dm = await client.conversations.open({ users: 'U01DANA' });

  expect(self).toMatchObject({ user_id: 'U01WARDEN', team_id: 'T01CONTOSO' });
  expect(dana.user).toMatchObject({
    real_name: 'Dana Okafor',
    is_restricted: false,
    profile: { email: 'dana.okafor@contoso.example' },
  });
  expect(group.users).toEqual(['U01RUI']);
  expect(channel.channel).toMatchObject({ name: 'releases', is_ext_shared: false, is_member: true });
  expect(dm.channel?.id).toBe('D01DANA');
});

test('A method that Slack does not have is unknown', async () => {
  expect(await errorOf(world.client.apiCall('apps.nonsense'))).toBe('unknown_method');
});

test('History gives metadata only when asked, newest first, and pages by cursor', async () => {
  const { client } = world;
  for (const text of ['one', 'two', 'three'])
    await client.chat.postMessage({
      channel: 'C01PLATFORM',
      text,
      metadata: { event_type: 'card', event_payload: { text } },
    });

  const plain = await client.conversations.history({ channel: 'C01PLATFORM', limit: 2 });
  const rest = await client.conversations.history({
    channel: 'C01PLATFORM',
    limit: 2,
    include_all_metadata: true,
    cursor: plain.response_metadata?.next_cursor ?? '',
  });

  expect(plain.messages?.map((one) => [one.text, one.metadata])).toEqual([
    ['three', undefined],
    ['two', undefined],
  ]);
  expect(plain.has_more).toBe(true);
  expect(rest.messages).toMatchObject([{ text: 'one', metadata: { event_payload: { text: 'one' } } }]);
});

test('Replies stay in their thread and ephemeral messages out of history', async () => {
  const { client } = world;
  const root = await client.chat.postMessage({ channel: 'C01SECURITY', text: 'root' });
  await client.chat.postMessage({ channel: 'C01SECURITY', text: 'reply', thread_ts: root.ts! });
  await client.chat.postEphemeral({ channel: 'C01SECURITY', text: 'psst', user: 'U01SOFIA' });

  const replies = await client.conversations.replies({ channel: 'C01SECURITY', ts: root.ts! });
  const history = await client.conversations.history({ channel: 'C01SECURITY' });

  expect(replies.messages?.map((one) => one.text)).toEqual(['root', 'reply']);
  expect(history.messages?.map((one) => one.text)).toEqual(['root']);
});

test('A message that is gone or not the bot’s own cannot be changed', async () => {
  const { client, slack } = world;
  const own = slack.message('developer', 'releases', 'hello');

  expect(await errorOf(client.chat.update({ channel: 'C01RELEASES', ts: '1.1', text: 'x' }))).toBe(
    'message_not_found',
  );
  expect(await errorOf(client.chat.update({ channel: 'C01RELEASES', ts: own.ts, text: 'x' }))).toBe(
    'cant_update_message',
  );
  expect(await errorOf(client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }))).toBe(
    'channel_not_found',
  );
  expect(await errorOf(client.chat.postMessage({ channel: 'C01RELEASES', text: '' }))).toBe('no_text');
});

test('Blocks that Slack refuses are refused with the place and the reason', async () => {
  const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }];

  const answer = await world.client.chat
    .postMessage({ channel: 'C01RELEASES', text: 'x', blocks })
    .catch((error) => error.data);

  expect(answer).toMatchObject({
    error: 'invalid_blocks',
    response_metadata: {
      messages: ['[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
    },
  });
  expect(world.slack.state.messages).toHaveLength(0);
});

test('The validating method answers in the official shape', async () => {
  const view = {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: 'x' },
    blocks: [{ type: 'plan', title: 'p' }],
  };

  const answer = await world.client.blocks.validate({ view }).catch((error) => error.data);

  expect(answer.error).toBe('invalid_view');
  expect(answer.errors).toEqual([
    {
      pointer: '/blocks/0/type',
      code: 'failed_constraint',
      message: 'plan is not allowed in a modal',
      constraint: { type: 'surface' },
    },
  ]);
});

test('A trigger id opens one view, within three seconds', async () => {
  const { app, client, slack } = world;
  const triggers: string[] = [];
  app.command('/acr', async ({ ack, body }) => {
    triggers.push(body.trigger_id);
    await ack();
  });
  await slack.command('developer', 'releases', 'a');
  await slack.command('developer', 'releases', 'b');
  const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'x' }, blocks: [] };
  const open = (trigger_id: string): Promise<unknown> => errorOf(client.views.open({ trigger_id, view }));

  const first = await open(triggers[0]!);
  const again = await open(triggers[0]!);
  clock += 3001;
  const late = await open(triggers[1]!);

  expect([first, again, late, await open('made-up')]).toEqual([
    'accepted',
    'exchanged_trigger_id',
    'expired_trigger_id',
    'invalid_trigger',
  ]);
});

test('A view is updated only under its present hash', async () => {
  const { app, client, slack } = world;
  let trigger = '';
  app.command('/acr', async ({ ack, body }) => {
    trigger = body.trigger_id;
    await ack();
  });
  await slack.command('developer', 'releases', 'a');
  const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'x' }, blocks: [] };
  const opened = await client.views.open({ trigger_id: trigger, view });
  const id = { view_id: opened.view!.id!, view };

  const updated = await errorOf(client.views.update({ ...id, hash: opened.view!.hash! }));
  const stale = await errorOf(client.views.update({ ...id, hash: opened.view!.hash! }));

  expect([updated, stale]).toEqual(['accepted', 'hash_conflict']);
});

test('A channel takes a burst, then one message a second', async () => {
  const { client, slack } = world;
  slack.controls.rateLimit = { perSecond: 1, burst: 2 };
  const post = (): Promise<unknown> =>
    errorOf(client.chat.postMessage({ channel: 'C01RELEASES', text: 'x' }));

  const burst = [await post(), await post(), await post()];
  clock += 1000;
  const later = await post();

  expect(burst).toEqual(['accepted', 'accepted', 'slack_webapi_rate_limited_error']);
  expect(later).toBe('accepted');
});

test('Faults can be set by method: an error, a status, a lost answer after the work was done', async () => {
  const { client, slack } = world;
  const post = (text: string): Promise<unknown> =>
    errorOf(client.chat.postMessage({ channel: 'C01RELEASES', text }));
  slack.controls.fault('chat.postMessage', { kind: 'error', error: 'internal_error' });
  slack.controls.fault('chat.postMessage', { kind: 'lost-answer' });

  const first = await post('refused');
  await post('lost');
  const third = await post('fine');

  expect([first, third]).toEqual(['internal_error', 'accepted']);
  expect(slack.state.messages.map((one) => one.text)).toEqual(['lost', 'fine']);
});

test('Messages outlive a restart of the sandbox', async () => {
  const { client, slack, dataDir, url } = world;
  await client.chat.postMessage({ channel: 'C01RELEASES', text: 'kept' });
  slack.flush();

  const again = createSlack({ botUrl: () => url, signingSecret, botToken, publicUrl: () => url, dataDir });

  expect(again.state.messages.map((one) => one.text)).toEqual(['kept']);
});
