import { expect, test } from 'vitest';
import { noticeCard } from '../../../src/cards/refusal-card.ts';
import { progressBar } from '../../../src/channels/terminal/progress.ts';

const soFar = { kind: 'card', card: noticeCard('Posture', 'half'), visibility: 'public' } as const;
const progress = { settled: true, done: 120, total: 300, registry: 'contosoprod' };

function stream(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

test('A person at a terminal sees one line that is drawn over itself and taken away', async () => {
  const to = stream(true);
  const bar = progressBar(to);
  await bar.show(soFar, progress);
  await bar.show(soFar, { ...progress, done: 300 });
  await bar.show(soFar);
  bar.clear();
  bar.clear();

  expect(to.written).toEqual([
    '\r\u001b[K[########............] repositories read: 120 of 300, now in contosoprod',
    '\r\u001b[K[####################] repositories read: 300 of 300, now in contosoprod',
    '\r\u001b[K',
  ]);
});

test('Nothing is written where nobody looks', async () => {
  const to = stream(false);
  const bar = progressBar(to);
  await bar.show(soFar, progress);
  bar.clear();

  expect(to.written).toEqual([]);
});
