// One promotion in Slack from the command to the locked tag, over signed HTTP and over Socket Mode.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../channels/recording-dispatch.ts';
import { nodesOf } from '../channels/renderer-contract.ts';
import { inspect } from '../world.ts';
import { createSlackChat, type SlackChat } from './slack-chat.ts';

describe.each(['http', 'socket'] as const)('a promotion in Slack over %s', (transport) => {
  let chat: SlackChat;
  beforeAll(async () => {
    chat = await createSlackChat(transport);
    if (transport === 'socket') await until(() => chat.slack.socket.isConnected());
  });
  afterAll(() => chat?.close());

  const cards = () =>
    chat.slack.state.messages.filter(
      (one) => one.channel === 'C01RELEASES' && !one.ephemeralFor && one.bot && !one.threadTs,
    );
  const card = () => cards()[0];
  const buttons = () =>
    nodesOf(card()?.blocks ?? []).flatMap((node) =>
      node['type'] === 'button' ? [String(node['action_id'])] : [],
    );
  const whispered = (user: string) =>
    chat.slack.state.messages.filter((one) => one.ephemeralFor === user).map((one) => one.text);

  it('is asked for, refused to the asker, approved by another, and ends imported and locked on a card without buttons', async () => {
    const { slack, world } = chat;
    const { ok } = await slack.command(
      'developer',
      'releases',
      'promote shop/web:v1.4.2 from uat to prod because "the cart fix is tested"',
    );
    expect(ok).toBe(true);
    await expect.poll(buttons, { timeout: 9_000 }).toContain('approve');
    const { ts } = card()!;

    await slack.click('developer', 'releases', ts, 'approve');
    await expect.poll(() => whispered('U01DANA').join()).toContain('Four eyes');
    await slack.click('release-approver', 'releases', ts, 'approve');

    const [request] = await world.product.doors.ledger.requests({});
    const done = await world.until(request!.id, 'promoted', 'failed', 'quarantined');
    expect(done.state).toBe('promoted');
    await expect.poll(() => card()?.text, { timeout: 20_000 }).toContain('Promoted');
    expect(buttons()).not.toContain('approve');
    expect(cards().map((one) => one.ts)).toEqual([ts]);
    const tag = inspect(world.azure, 'contosoprod', 'shop/web').tags.find((one) => one.name === 'v1.4.2');
    expect(tag?.attributes).toMatchObject({ deleteEnabled: false, writeEnabled: false });
  });
});
