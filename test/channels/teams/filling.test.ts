// Answers that take long, as people in Teams see them: one message that fills, or one word of patience where it cannot.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import { noticeCard } from '../../../src/cards/refusal-card.ts';
import type { Answer, MessageRef, Show } from '../../../src/ports.ts';
import { until } from '../recording-dispatch.ts';
import { startWorld, type World } from './teams-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const progress = { settled: true, done: 1, total: 2 };
const card = (text: string, visibility: 'public' | 'private' = 'public'): Answer => ({
  kind: 'card',
  card: noticeCard('Posture', text),
  visibility,
});
const fromBot = () => world.teams.state.activities.filter((one) => one.fromBot);
const said = (index: number): string => JSON.stringify(fromBot()[index]?.attachments);
let shownIn: MessageRef | undefined;
/** Shows the answers one after the other, the last as the dispatch does: only where something can be edited. */
async function showAll(show: Show | undefined, parts: readonly Answer[], last: Answer): Promise<Answer> {
  shownIn = undefined;
  for (const part of parts) shownIn = (await show?.(part, progress)) ?? shownIn;
  if (shownIn) await show?.(last);
  return last;
}

test('An answer in a thread is sent once, edited as it fills, and can be ended there by the next process', async () => {
  await world.teams.install();
  world.dispatch.reply = (_, show) => showAll(show, [card('one'), card('two')], card('whole'));
  const { id } = await world.teams.message('developer', 'releases', 'status', { mention: true });
  await until(() => said(0)?.includes('whole'));
  const before = fromBot().length;
  await world.messenger.update(shownIn!, noticeCard('Posture', 'ended by the next'));

  expect(before).toBe(1);
  expect(fromBot()[0]).toMatchObject({ thread: id, edited: true });
  expect(shownIn).toEqual({
    channel: 'teams',
    place: `teams:19:releases@thread.tacv2;messageid=${id}`,
    message: fromBot()[0]?.id,
  });
  expect(said(0)).toContain('ended by the next');
});

test('In the chat with the bot a private answer fills as well', async () => {
  world.dispatch.reply = (_, show) =>
    showAll(show, [card('one', 'private'), card('two', 'private')], card('whole', 'private'));
  await world.teams.message('developer', 'personal', 'requests');
  await until(() => said(0)?.includes('whole'));

  expect(fromBot()).toHaveLength(1);
});

test('What only the asker sees in a channel is not edited: one word of patience, then the answer', async () => {
  world.dispatch.reply = (_, show) =>
    showAll(show, [card('one', 'private'), card('two', 'private')], card('whole', 'private'));
  await world.teams.message('developer', 'releases', 'requests', { mention: true });
  await until(() => fromBot().length === 2);

  expect(said(0)).toContain('Working on it');
  expect(said(1)).toContain('whole');
  expect(fromBot().every(({ targetedTo }) => targetedTo)).toBe(true);
});

test('The card that was pressed fills itself, and stays the one message', async () => {
  await world.teams.install();
  const posture: Card = {
    name: 'status',
    title: 'Posture',
    summary: 'Posture',
    blocks: [
      {
        kind: 'actions',
        actions: [
          {
            action: 'refresh',
            label: 'Refresh',
            accessibilityLabel: 'Refresh',
            value: { v: 1, id: '', nonce: '' },
          },
        ],
      },
    ],
  };
  const { message } = await world.messenger.post('teams:19:releases@thread.tacv2', posture, 'k1');
  const updated = (text: string): Answer => ({ kind: 'updated', card: noticeCard('Posture', text) });
  world.dispatch.reply = (_, show) => showAll(show, [updated('one')], updated('whole'));
  await world.teams.invoke('developer', 'releases', message, {
    verb: 'refresh',
    data: { v: 1, id: '', nonce: '' },
  });
  await until(() => said(0)?.includes('whole'));

  expect(fromBot()).toHaveLength(1);
});
