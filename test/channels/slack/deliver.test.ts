// Posts, updates and replies to Slack when it is busy, loses answers, or does not know the newer blocks.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import { noticeCard } from '../../../src/cards/refusal-card.ts';
import { connectSlack } from '../../../src/channels/slack/connect.ts';
import { createRecordingLog } from '../recording-dispatch.ts';
import { botToken, signingSecret, startWorld, type World } from './slack-world.ts';

const log = createRecordingLog();

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const place = 'slack:T01CONTOSO/C01RELEASES';
const card = noticeCard('Note', 'A note.');
const table: Card = {
  ...card,
  blocks: [{ kind: 'table', caption: 'Gates', columns: [{ title: 'Gate' }], rows: [['scan'], ['soak']] }],
};
const messages = () => world.slack.state.messages;
const types = (index: number): unknown[] => messages()[index]?.blocks.map((block) => block['type']) ?? [];

test('A post carries its key, and the same key again is the same message', async () => {
  const first = await world.messenger.post(place, card, 'k1');
  const second = await world.messenger.post(place, card, 'k1');

  expect(second).toEqual(first);
  expect(messages()).toHaveLength(1);
  expect(messages()[0]?.metadata).toEqual({ event_type: 'acr_warden', event_payload: { key: 'k1' } });
});

test('A post whose answer was lost is found again and not sent twice', async () => {
  world.slack.controls.fault('chat.postMessage', { kind: 'lost-answer' });

  const ref = await world.messenger.post(place, card, 'k1');

  expect(messages()).toHaveLength(1);
  expect(ref.message).toBe(messages()[0]?.ts);
});

test('A post that never arrived is sent again', async () => {
  world.slack.controls.fault('chat.postMessage', { kind: 'drop' });

  await world.messenger.post(place, card, 'k1');

  expect(messages()).toHaveLength(1);
});

test('After a restart a message that was sent before is found by its key', async () => {
  const before = await world.messenger.post(place, card, 'k1');
  const other = await startWorld();
  other.slack.state.messages.push(...messages());

  const after = await other.messenger.post(place, card, 'k1');
  await other.stop();

  expect(after.message).toBe(before.message);
});

test('Long after the start what was tried before is still looked for, and what is new is not', async () => {
  let ahead = 0;
  const old = await startWorld(() => Date.now() + ahead);
  ahead = 60 * 60_000;
  const looks = () => old.slack.counters().calls['conversations.history'] ?? 0;

  const first = await old.messenger.post(place, card, 'k1');
  const looked = looks();
  const second = await old.messenger.post(place, card, 'k1');
  await old.stop();

  expect([looked, looks()]).toEqual([0, 1]);
  expect(second).toEqual(first);
});

test('Without the scope to read history posts go out all the same, say that they may be there twice, and the log once', async () => {
  world.slack.controls.fault('conversations.history', { kind: 'error', error: 'missing_scope' }, 5);

  const posts = [];
  for (const key of ['k1', 'k2', 'k2']) posts.push(await world.messenger.post(place, card, key));

  expect(messages()).toHaveLength(3);
  expect(posts.map(({ unseen }) => unseen)).toEqual(['restart', 'restart', 'again']);
  expect(world.log.lines.filter((line) => line.includes('history scope'))).toHaveLength(1);
});

test('A workspace that refuses the newer blocks gets the same data as text', async () => {
  world.slack.controls.fault('chat.postMessage', { kind: 'error', error: 'invalid_blocks' });

  await world.messenger.post(place, table, 'k1');
  await world.messenger.post(place, table, 'k2');

  expect(types(0)).toEqual(['rich_text']);
  expect(JSON.stringify(messages()[0]?.blocks)).toContain('soak');
  expect(types(1)).toEqual(['data_table']);
});

test('A rate limit is waited for as long as Slack says: the next try is not early', async () => {
  world.slack.controls.rateLimit = { perSecond: 1, burst: 1 };
  // Somebody else's post takes the channel's turn.
  await fetch(`${world.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${botToken}` },
    body: new URLSearchParams({ channel: 'C01RELEASES', text: 'First.' }),
  });

  await world.messenger.post(place, card, 'k1');

  expect(messages().map((one) => one.text)).toEqual(['First.', 'A note.']);
  expect(world.slack.counters().early).toBe(1);
});

test('A rate limit of minutes is handed back to be tried later', async () => {
  world.slack.controls.fault('chat.postMessage', { kind: 'status', status: 429, retryAfter: 120 });

  const post = world.messenger.post(place, card, 'k1');

  await expect(post).rejects.toMatchObject({
    name: 'DeliveryError',
    problem: 'transient',
    retryAfter: 120_000,
  });
});

const problems = [
  ['channel_not_found', 'gone'],
  ['is_archived', 'gone'],
  ['not_in_channel', 'gone'],
  ['user_not_found', 'gone'],
  ['user_disabled', 'gone'],
  ['message_not_found', 'gone'],
  ['thread_not_found', 'gone'],
  ['team_not_found', 'gone'],
  ['account_inactive', 'gone'],
  ['invalid_auth', 'refused'],
  ['token_revoked', 'refused'],
  ['missing_scope', 'refused'],
  ['service_unavailable', 'transient'],
] as const;

test.each(problems)('%s means %s', async (error, problem) => {
  world.slack.controls.fault('chat.postMessage', { kind: 'error', error }, 10);

  const post = world.messenger.post(place, card, 'k1');

  await expect(post).rejects.toMatchObject({ name: 'DeliveryError', problem });
});

test('An update changes the message, a reply stands in its thread, a direct message in the person’s own chat', async () => {
  const ref = await world.messenger.post(place, card, 'k1');

  await world.messenger.update(ref, noticeCard('New', 'Changed.'));
  await world.messenger.reply(ref, noticeCard('Vote', 'Rui approved.'), 'k2');
  await world.messenger.reply(ref, noticeCard('Vote', 'Rui approved.'), 'k2');
  await world.messenger.direct({ channel: 'slack', tenant: 'T01CONTOSO', user: 'U01DANA' }, card, 'k3');

  expect(messages().map((one) => [one.channel, one.text, one.threadTs])).toEqual([
    ['C01RELEASES', 'Changed.', undefined],
    ['C01RELEASES', 'Rui approved.', ref.message],
    ['D01DANA', 'A note.', undefined],
  ]);
});

test('A place of another channel is refused', async () => {
  await expect(world.messenger.post('teams:19:x', card, 'k')).rejects.toMatchObject({ problem: 'refused' });
});

test('While developing, what breaks Slack’s limits is in the log before Slack refuses it, without its words', async () => {
  const { webApi } = await import('@slack/bolt');
  const { workspaces } = connectSlack({
    config: {
      transport: { kind: 'http', signingSecret },
      tokens: { kind: 'single', botToken },
      apiUrl: world.apiUrl,
      validate: true,
    },
    webApi,
    references: world.references,
    log,
    pauses: [],
  });
  const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'secret '.repeat(40) } }];

  await expect(
    workspaces('T01CONTOSO').call('chat.postMessage', { channel: 'C01RELEASES', text: 'x', blocks }),
  ).rejects.toThrow();

  expect(log.lines.join()).toContain('/blocks/0/text/text');
  expect(log.lines.filter((line) => line.includes('breaks the limits')).join()).not.toContain('secret');
});
