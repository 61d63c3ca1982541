// A digest to sixty threads that is killed in the middle: whatever the process had written down by then, the next one
// leaves exactly one in each. And the pace: never more than Teams allows.
import { afterEach, beforeEach, expect, test } from 'vitest';
import express from 'express';
import { startTeams } from '../../../src/channels/teams/channel.ts';
import { checkCard } from '../../../src/channels/teams/limits.ts';
import { noticeCard } from '../../../src/cards/refusal-card.ts';
import type { Messenger, ReferenceStore } from '../../../src/ports.ts';
import { createRecordingDispatch, createRecordingLog } from '../recording-dispatch.ts';
import { startWorld, type World } from './teams-world.ts';

let world: World;
const threads = Array.from({ length: 60 }, (_, at) => `19:team${at}@thread.tacv2`);
const digest = noticeCard('Digest', 'The score is 81.');
const fromBot = () => world.teams.state.activities.filter((one) => one.fromBot);

beforeEach(async () => {
  world = await startWorld();
  for (const id of threads) world.teams.state.conversations.push({ id, kind: 'channel', name: id });
  await world.teams.install();
});
afterEach(() => world.stop());

/** Another process of the bot over the same store, which `write` may end at any write of it. */
async function nextProcess(
  write: (key: string, json: string) => void = () => undefined,
  paced: object = { pace: { pauses: [], interval: 1, cap: 10 } },
) {
  const store: ReferenceStore = {
    get: (key) => Promise.resolve(world.references.get(key)),
    put: async (key, json) => {
      write(key, json);
      world.references.set(key, json);
    },
    remove: (key) => Promise.resolve(void world.references.delete(key)),
  };
  const log = createRecordingLog();
  const channel = await startTeams({
    app: express(),
    config: world.config,
    dispatch: createRecordingDispatch(),
    log,
    clock: Date.now,
    references: store,
    ...paced,
  });
  return { messenger: channel.messenger, log };
}

const sendAll = (messenger: Messenger) =>
  Promise.allSettled(threads.map((thread) => messenger.post(`teams:${thread}`, digest, `digest:${thread}`)));
const countByThread = () =>
  threads.map((thread) => fromBot().filter((one) => one.conversation === thread).length);
const isMessage = (json: string): boolean => json.includes('"message"');

test('Killed after some were sent and not written down: each thread has one', async () => {
  let written = 0;
  const first = await nextProcess((key, json) => {
    // From the 21st on the process is dead between the answer of Teams and its own store.
    if (key.startsWith('posts:') && isMessage(json) && ++written > 20) throw new Error('killed');
  });
  const before = await sendAll(first.messenger);
  const sent = fromBot().length;

  const after = await sendAll((await nextProcess()).messenger);

  expect(before.filter(({ status }) => status === 'rejected')).toHaveLength(40);
  expect(sent).toBe(60);
  expect(after.every(({ status }) => status === 'fulfilled')).toBe(true);
  expect(countByThread()).toEqual(threads.map(() => 1));
});

test('Killed before some were sent: each thread has one', async () => {
  world.teams.controls.fault('create', { status: 503, code: 'ServiceUnavailable' }, 25);
  const first = await nextProcess();
  await sendAll(first.messenger);
  const sent = fromBot().length;

  await sendAll((await nextProcess()).messenger);
  await sendAll((await nextProcess()).messenger);

  expect(sent).toBe(35);
  expect(countByThread()).toEqual(threads.map(() => 1));
});

test('Without the right to read channels a lost post is sent again, which it says of itself, and the log once; a silent Graph waits', async () => {
  const lose = (key: string, json: string) => {
    if (key.startsWith('posts:') && isMessage(json)) throw new Error('killed');
  };
  const one = (messenger: Messenger, at: number) =>
    messenger.post(`teams:${threads[at]}`, digest, `digest:${at}`);
  const first = await nextProcess(lose);
  for (const at of [0, 1, 2]) await one(first.messenger, at).catch(() => undefined);
  const next = await nextProcess();
  world.graph.controls.status = 503;
  const silent = await one(next.messenger, 0).catch((error: unknown) => error);
  world.graph.controls.status = 403;
  const again = [await one(next.messenger, 1), await one(next.messenger, 2), await one(next.messenger, 3)];
  world.graph.controls.status = 0;

  const found = await one((await nextProcess()).messenger, 0);
  const repeated = await one((await nextProcess()).messenger, 1);

  expect(silent).toMatchObject({ problem: 'transient' });
  expect(countByThread().slice(0, 4)).toEqual([1, 2, 2, 1]);
  expect([found, repeated, ...again].map(({ unseen }) => unseen)).toEqual([
    undefined,
    'again',
    'again',
    'again',
    undefined,
  ]);
  expect(next.log.lines.filter((line) => line.includes('cannot be looked for'))).toHaveLength(1);
});

test('What Teams refused was not sent, so it is no second one', async () => {
  world.graph.controls.status = 403;
  world.teams.controls.fault('create', { status: 400, code: 'BadSyntax' });
  const { messenger } = await nextProcess();
  const post = () => messenger.post(`teams:${threads[0]}`, digest, 'k');
  const refused = await post().catch((error: unknown) => error);

  const sent = await post();

  expect(refused).toMatchObject({ problem: 'refused' });
  expect(sent.unseen).toBeUndefined();
  expect(countByThread()[0]).toBe(1);
});

test('An answer in a thread that was sent and not written down is found there', async () => {
  const ref = await world.messenger.post(`teams:${threads[0]}`, digest, 'root');
  const other = await world.messenger.post(`teams:${threads[0]}`, digest, 'other');
  await world.messenger.reply(other, digest, 'elsewhere');
  const first = await nextProcess((key, json) => {
    if (key.startsWith('posts:') && json.split('"message"').length > 4) throw new Error('killed');
  });
  const lost = await first.messenger.reply(ref, digest, 'rest').catch((error: unknown) => error);
  const sent = fromBot().length;

  await (await nextProcess()).messenger.reply(ref, digest, 'rest');
  await (await nextProcess()).messenger.reply(ref, digest, 'rest');

  expect([String(lost), sent, fromBot().length]).toEqual(['Error: killed', 4, 4]);
  expect(fromBot().filter(({ thread }) => thread === ref.message)).toHaveLength(2);
});

test('The same key is one message for good, and its mark does no harm', async () => {
  const refs = [];
  for (let again = 0; again < 3; again += 1)
    refs.push(await (await nextProcess()).messenger.post(`teams:${threads[0]}`, digest, 'same'));
  const other = await world.messenger.post(`teams:${threads[0]}`, digest, 'other');

  expect(new Set(refs.map(({ message }) => message))).toEqual(new Set([fromBot()[0]?.id]));
  expect(other.message).not.toBe(refs[0]?.message);
  expect(checkCard(fromBot()[0]?.attachments[0]?.['content'] as object)).toEqual([]);
});

test('Posts and updates of one thread keep below the limits of Teams by themselves', async () => {
  world.teams.controls.limits = [
    { calls: 7, ms: 1000 },
    { calls: 8, ms: 2000 },
  ];
  const { messenger } = await nextProcess(undefined, {});
  const ref = await messenger.post(`teams:${threads[0]}`, digest, 'first');

  const all = await Promise.allSettled(
    Array.from({ length: 8 }, (_, at) =>
      at % 2 ? messenger.update(ref, digest) : messenger.post(`teams:${threads[0]}`, digest, `post ${at}`),
    ),
  );
  const { create = 0, update = 0 } = world.teams.counters().calls;

  expect(all.every(({ status }) => status === 'fulfilled')).toBe(true);
  // A call that Teams turned away would have been repeated.
  expect(create + update).toBe(9);
});
