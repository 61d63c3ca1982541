// Acknowledgements under load: commands come whether the ones before are answered or not, as they do from Slack.
import { setTimeout as pause } from 'node:timers/promises';
import type { Figure } from './measure.ts';

/** Slack gives up on a command after this, in milliseconds. */
const slackWaits = 3000;

/** Milliseconds of each, sent at an even pace; late ones are sent at once, none is left out. Infinite: no answer. */
export async function underLoad(
  send: () => Promise<number>,
  perSecond: number,
  seconds: number,
): Promise<readonly number[]> {
  const from = performance.now();
  const sent: Promise<number>[] = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = from + (n * 1000) / perSecond - performance.now();
    if (due > 0) await pause(due);
    sent.push(send().catch(() => Number.POSITIVE_INFINITY));
  }
  return Promise.all(sent);
}

/** The 99th percentiles; the note says how many came after Slack had given up. */
export function loadFigure(ours: readonly number[], floor: readonly number[], perSecond: number): Figure {
  const slowest = Math.max(...ours);
  const late = ours.filter((each) => each > slackWaits).length;
  const [mine, theirs] = [percentile(ours, 0.99), percentile(floor, 0.99)];
  return {
    name: `acknowledge, ${perSecond} a second, 99th percentile`,
    ours: mine,
    floor: theirs,
    ratio: mine / theirs,
    rounds: ours.length,
    note: `floor: bare Bolt that inserts one durable row and acknowledges; ours: the same commands while every answer takes two seconds longer; slowest ${slowest.toFixed(0)} ms, ${late} of ${ours.length} after the ${slackWaits} ms that Slack waits`,
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.ceil(sorted.length * share) - 1];
  if (found === undefined) throw new RangeError('nothing was sent');
  return found;
}
