import { describe, expect, it } from 'vitest';
import { figure, inTurns, median } from './measure.ts';
import { criticalPath } from './promotion.ts';

describe('the bench', () => {
  it('takes the middle, and the mean of the two middle ones of an even count', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 100])).toBe(3);
  });

  it('refuses to give a figure of no rounds', () => {
    expect(() => figure('nothing', [], [1], '')).toThrow('no rounds');
  });

  it('divides the medians of ours and of the floor', () => {
    const { ours, floor, ratio, rounds } = figure('sample', [6, 6, 90], [2, 3, 4], '');

    expect({ ours, floor, ratio, rounds }).toEqual({ ours: 6, floor: 3, ratio: 2, rounds: 3 });
  });

  it('lets ours and the floor begin by turns', async () => {
    const begun: string[] = [];
    const play = (who: string) => async (round: number) => begun.push(`${who}${round}`);

    await inTurns(2, play('ours'), play('floor'));

    expect(begun).toEqual(['ours0', 'floor0', 'floor1', 'ours1']);
  });

  it('stops after its time, but never before three rounds', async () => {
    const times = await inTurns(
      10,
      async () => 1,
      async () => 2,
      0,
    );

    expect(times.ours).toEqual([1, 1, 1]);
  });

  it('counts only round trips that must wait for one another', () => {
    const trips = criticalPath.reduce((sum, [, count]) => sum + count, 0);

    expect(trips).toBe(12);
    expect(criticalPath.every(([what, count]) => what.length > 10 && count > 0)).toBe(true);
  });
});
