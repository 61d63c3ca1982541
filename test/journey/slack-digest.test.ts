// A digest to sixty channels of Slack, by a process that is killed in the middle of it and another one that goes on.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlackChat, secrets, type SlackChat } from './slack-chat.ts';

const count = 60;
const names = Array.from({ length: count }, (_, n) => `C60CHANNEL${n}`);
const places = names.map((name) => `slack:T01CONTOSO/${name}`);
const slot = (to: string) => ({ name: 'weekly-platform', to, periodEnd: Date.UTC(2026, 10, 16, 8) });

let chat: SlackChat;
beforeAll(async () => {
  const toAll = (policy: string): string =>
    policy.replace(
      /(name: weekly-platform, to: )\[[^\]]*\]/,
      `$1[${places.map((each) => `'${each}'`).join(', ')}]`,
    );
  chat = await createSlackChat('http', { policy: toAll, work: false });
  for (const id of names)
    chat.slack.state.channels.push({ id, name: id.toLowerCase(), members: ['U01WARDEN'] });
});
afterAll(() => chat?.close());

function startProduct(): ChildProcess {
  return fork(new URL('./digest-child.ts', import.meta.url), {
    env: {
      ...process.env,
      ...chat.world.environment,
      SLACK_SIGNING_SECRET: secrets.signingSecret,
      SLACK_BOT_TOKEN: secrets.botToken,
      SLACK_API_URL: chat.apiUrl,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

it('reaches each of them exactly once, though Slack says to wait and the process dies', async () => {
  const { slack, world } = chat;
  const { ledger } = world.product.doors;
  const sent = () => slack.state.messages.length;
  // A second message to one channel within the second is refused, and counted.
  slack.controls.rateLimit = { perSecond: 1, burst: 1 };
  slack.controls.fault('chat.postMessage', { kind: 'status', status: 429, retryAfter: 1 }, 5);
  for (const to of places) {
    expect(await ledger.claimDigest(slot(to))).toBe(true);
    await ledger.enqueue({
      key: `digest:${to}`,
      kind: 'digest',
      payload: { slot: slot(to) },
      runAt: Date.now(),
    });
  }

  const first = startProduct();
  await expect.poll(sent, { timeout: 20_000, interval: 5 }).toBeGreaterThan(20);
  first.kill('SIGKILL');
  const killedAt = sent();
  const second = startProduct();
  const ended = once(second, 'exit');
  await expect.poll(async () => (await ledger.unsentDigests()).length, { timeout: 30_000 }).toBe(0);
  expect(await ended).toEqual([0, null]);

  expect(killedAt).toBeLessThan(count);
  const digests = slack.state.messages.filter((one) => !one.threadTs);
  expect(digests.map((one) => one.channel).sort()).toEqual([...names].sort());
  // A digest and the rest in its thread, each at its channel's time: nothing came too soon, though processes changed.
  expect(slack.counters().early).toBe(0);
  expect(slack.state.messages).toHaveLength(2 * count);
}, 60_000);
