// What people do to a bot's messages and channels in Slack: the request goes on, and whoever can still see it does.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Request } from '../../src/promotion/request.ts';
import { createSlackChat, type SlackChat } from './slack-chat.ts';

let chat: SlackChat;
let request: Request;
beforeAll(async () => {
  chat = await createSlackChat('http', {
    policy: (text) =>
      text.replace(
        'rules: [{ group: release, min: 1 }], total: 1,',
        'rules: [{ group: release, min: 2 }], total: 2,',
      ),
  });
  request = await chat.world.ask();
});
afterAll(() => chat?.close());

const copies = (channel: string) =>
  chat.slack.state.messages.filter(
    (one) => one.channel === channel && one.bot && !one.ephemeralFor && !one.threadTs,
  );
const channel = (id: string) => chat.slack.state.channels.find((one) => one.id === id)!;
const openJobs = async () => (await chat.world.product.doors.ledger.claim('nobody', 1)) !== undefined;

it('A card that people deleted is posted anew with the next change, once', async () => {
  await expect.poll(() => copies('C01RELEASES').length, { timeout: 10_000 }).toBe(1);
  const [old] = copies('C01RELEASES');
  chat.slack.state.messages.splice(chat.slack.state.messages.indexOf(old!), 1);

  await chat.world.click(chat.world.as('release-approver', 'teams'), 'approve', request);

  await expect.poll(() => copies('C01RELEASES').length, { timeout: 10_000 }).toBe(1);
  expect(copies('C01RELEASES')[0]?.ts).not.toBe(old?.ts);
  expect(JSON.stringify(copies('C01RELEASES')[0]?.blocks)).toContain('approve');
});

it('A channel that is archived, or that the bot was taken out of, stops nothing and is not tried for ever', async () => {
  channel('C01RELEASES').is_archived = true;
  channel('C01SECURITY').members = [];

  await chat.world.click(
    chat.world.as('platform-admin', 'teams'),
    'approve',
    (await chat.world.product.doors.ledger.request(request.id))!,
  );

  const done = await chat.world.until(request.id, 'promoted', 'failed', 'quarantined');
  expect(done.state).toBe('promoted');
  await expect.poll(openJobs, { timeout: 10_000 }).toBe(false);
});
