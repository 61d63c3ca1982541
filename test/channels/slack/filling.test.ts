// Answers that take long, as people in Slack see them: one message that fills, or one word of patience where it cannot.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noticeCard, refusalCard } from '../../../src/cards/refusal-card.ts';
import type { Answer, MessageRef, Show } from '../../../src/ports.ts';
import { until } from '../recording-dispatch.ts';
import { startWorld, type World } from './slack-world.ts';

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
const seen = () => world.slack.state.messages;
/** Shows the answers one after the other, the last as the dispatch does: only where something can be edited. */
async function showAll(show: Show | undefined, parts: readonly Answer[], last: Answer): Promise<Answer> {
  let message: MessageRef | undefined;
  for (const part of parts) message = (await show?.(part, progress)) ?? message;
  if (message) await show?.(last);
  return last;
}

test('A public answer is posted once, edited as it fills, and ends as the answer', async () => {
  const texts: (string | undefined)[] = [];
  const watched =
    (show: Show | undefined): Show =>
    async (...shown) => {
      const ref = await show?.(...shown);
      texts.push(seen().find(({ ts }) => ts === ref?.message)?.text);
      return ref;
    };
  world.dispatch.reply = (_, show) => showAll(watched(show), [card('one'), card('two')], card('whole'));
  await world.slack.command('developer', 'releases', 'status');
  await until(() => texts.length === 3);

  expect(texts).toEqual(['one', 'two', 'whole']);
  expect(seen()).toHaveLength(1);
  expect(seen()[0]).toMatchObject({ text: 'whole', edited: true });
});

test('What only the asker sees is not edited: one word of patience, then the answer', async () => {
  world.dispatch.reply = (_, show) =>
    showAll(show, [card('one', 'private'), card('two', 'private')], card('whole', 'private'));
  await world.slack.command('developer', 'releases', 'requests');
  await until(() => seen().length === 2);

  expect(seen().map(({ text, ephemeralFor }) => [text, ephemeralFor])).toEqual([
    ['one', 'U01DANA'],
    ['whole', 'U01DANA'],
  ]);
  expect(JSON.stringify(seen()[0]?.blocks)).toContain('Working on it');
});

test('The card that was clicked fills itself', async () => {
  const { message } = await world.messenger.post(
    'slack:T01CONTOSO/C01RELEASES',
    {
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
    },
    'k1',
  );
  const updated = (text: string): Answer => ({ kind: 'updated', card: noticeCard('Posture', text) });
  world.dispatch.reply = (_, show) => showAll(show, [updated('one')], updated('whole'));
  await world.slack.click('developer', 'releases', message, 'refresh');
  await until(() => seen()[0]?.text === 'whole');

  expect(seen()).toHaveLength(1);
});

test('A message that was filling ends in the refusal where the answer is one', async () => {
  const refusal: Answer = { kind: 'refusal', code: 'azure', card: refusalCard('Azure is gone.') };
  world.dispatch.reply = (_, show) => showAll(show, [card('one')], refusal);
  await world.slack.command('developer', 'releases', 'status');
  await until(() => seen()[0]?.text === 'Azure is gone.');

  expect(seen()).toHaveLength(1);
});

test('Where the bot cannot post itself nothing is shown half, and the answer comes by the response url', async () => {
  const channel = world.slack.state.channels.find((one) => one.id === 'C01PLATFORM')!;
  channel.members = channel.members.filter((one) => one !== 'U01WARDEN');
  world.dispatch.reply = async (_, show) => {
    await show?.(card('one'), progress).catch(() => undefined);
    return card('whole');
  };
  await world.slack.command('developer', 'platform', 'status');
  await until(() => seen()[0]);

  expect(seen().map(({ text }) => text)).toEqual(['whole']);
});
