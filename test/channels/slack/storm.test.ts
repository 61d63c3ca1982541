// Ten thousand requests of somebody who means harm, while people go on working: all refused, nothing crashes, and nobody's
// answer is late or lost.
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../recording-dispatch.ts';
import { commandBody, sendSigned } from './signed-request.ts';
import { startWorld, type World } from './slack-world.ts';

let world: World;
const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);
beforeEach(async () => {
  world = await startWorld();
  rejections.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  process.off('unhandledRejection', note);
  await world.stop();
});

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const json = { contentType: 'application/json' };
/** A small generator, so that a failure can be had again: numbers from 0 to 1. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
const dice = createDice(42);
const noise = (length: number): string =>
  Array.from({ length }, () => String.fromCharCode(32 + Math.floor(dice() * 400))).join('');
const some = <T>(all: readonly T[]): T => all[Math.floor(dice() * all.length)]!;

/** Sends six at once: sender, bot and stand-in share this process. */
async function storm(count: number, send: (n: number) => Promise<number>): Promise<readonly number[]> {
  const statuses: number[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) statuses.push(await send(next++));
  };
  await Promise.all(Array.from({ length: 6 }, one));
  return statuses;
}

/** A request that promises more than it sends, and hangs up. */
function truncated(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((done) => {
    const socket = connect(Number(port), hostname, () => {
      const stamp = Math.floor(Date.now() / 1000);
      socket.write(
        `POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\nx-slack-request-timestamp: ${stamp}\r\nx-slack-signature: v0=00\r\n\r\n{"half`,
      );
      socket.end();
    });
    socket.on('close', () => done());
    socket.on('error', () => done());
    socket.resume();
  });
}

async function commands(count: number): Promise<readonly { ok: boolean }[]> {
  const all: { ok: boolean }[] = [];
  for (let n = 0; n < count; n++) all.push(await world.slack.command('developer', 'releases', `status ${n}`));
  return all;
}

test('10,000 random bodies are refused, and the commands of people meanwhile are all answered', async () => {
  const forgeries = ['another', '', 'v0', 'shhh-sandbox '] as const;
  const types = [
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data',
  ];
  const body = () =>
    some([
      noise(40),
      `{"a":${noise(20)}`,
      commandBody({ text: noise(20) }),
      '',
      'payload={',
      deep.slice(0, 500),
    ]);

  const [forged, signed, people] = await Promise.all([
    storm(9_000, () =>
      sendSigned(world.botUrl, {
        body: body(),
        contentType: some(types),
        secret: some(forgeries),
        age: some([0, 0, 3600, -3600]),
      }),
    ),
    storm(1_000, () => sendSigned(world.botUrl, { body: `{${noise(30)}`, ...json })),
    commands(40),
  ]);

  expect([forged.length, signed.length]).toEqual([9_000, 1_000]);
  expect(new Set(forged)).toEqual(new Set([401]));
  expect(signed.every((status) => status >= 400 && status < 500)).toBe(true);
  expect(people.map((one) => one.ok)).toEqual(people.map(() => true));
  await until(() => world.slack.state.messages.length === 40);
  expect(world.dispatch.came).toHaveLength(40);
  expect(rejections).toEqual([]);
}, 30_000);

test('Replays, bodies of 5 MiB, other methods and types, half requests and deep JSON end in an error of the sender', async () => {
  const send = (forgery: Parameters<typeof sendSigned>[1]) => sendSigned(world.botUrl, forgery);
  const method = async (name: string) =>
    (await fetch(`${world.botUrl}/slack/events`, { method: name })).status;

  const statuses = {
    anHourAgo: await send({ body: commandBody(), age: 3600 }),
    anHourAhead: await send({ body: commandBody(), age: -3600 }),
    large: await send({ body: 'x'.repeat(5 * 1024 * 1024) }).catch(() => 413),
    get: await method('GET'),
    put: await method('PUT'),
    xml: await send({ body: '<a/>', contentType: 'application/xml' }),
    deep: await send({ body: deep, ...json }),
    deepPayload: await send({ body: new URLSearchParams({ payload: deep }).toString() }),
  };
  await Promise.all(Array.from({ length: 20 }, () => truncated(world.botUrl)));
  const { ok } = await world.slack.command('developer', 'releases', 'status');
  await until(() => world.slack.state.messages[0]);
  const replay = await world.slack.replay();

  expect(statuses).toMatchObject({ anHourAgo: 401, anHourAhead: 401, large: 413, get: 405, put: 405 });
  expect([statuses.xml, statuses.deep, statuses.deepPayload].every((status) => status >= 400)).toBe(true);
  expect([ok, replay.status]).toEqual([true, 200]);
  expect(world.dispatch.came).toHaveLength(1);
  expect(rejections).toEqual([]);
});
