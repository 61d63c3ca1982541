// `npm run bench`: five figures, each beside the least it could cost in the same run. `--json` prints one object.
import { openChats } from './chats.ts';
import { benchJudge } from './judge.ts';
import type { Figure } from './measure.ts';
import { benchPromotion } from './promotion.ts';

const figures: Figure[] = [];
const chats = await openChats();
try {
  figures.push(await chats.acknowledge(300), await chats.answer(200));
  figures.push(await chats.acknowledgeUnderLoad(100, 20));
} finally {
  await chats.close();
}
figures.push(await benchJudge(30));
figures.push(await benchPromotion(6));

console.log(process.argv.includes('--json') ? JSON.stringify({ figures }, null, 2) : table(figures));
process.exit(0);

/** Times in milliseconds, medians where the name says nothing else. */
function table(rows: readonly Figure[]): string {
  const lines = [
    ['figure', 'ours', 'floor', 'ratio', 'rounds'],
    ...rows.map((row) => [
      row.name,
      `${row.ours.toFixed(2)} ms`,
      `${row.floor.toFixed(2)} ms`,
      row.ratio.toFixed(2),
      String(row.rounds),
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const drawn = lines.map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
  return [...drawn, '', ...rows.map((row) => `${row.name}: ${row.note}`)].join('\n');
}
