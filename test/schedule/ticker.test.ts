import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ports.ts';
import { claimDue } from '../../src/schedule/ticker.ts';
import { createStore, keptLog } from './schedule-world.ts';

const hour = 3_600_000;
const monday = Date.parse('2026-11-23T09:00:00Z');
const weekly = { name: 'weekly', to: ['slack:T/C', 'teams:x'], cron: '0 9 * * MON', timezone: 'UTC' };

describe('what is due', () => {
  let store: Awaited<ReturnType<typeof createStore>>;
  let ledger: Ledger;
  const { log, lines } = keptLog();
  const look = (now: number, schedules = [weekly], on = ledger) =>
    claimDue({
      schedules: async () =>
        schedules.flatMap(({ to, ...rest }) => to.map((each) => ({ ...rest, to: each }))),
      ledger: on,
      clock: () => now,
      log,
      wake: () => undefined,
    });
  const jobs = async () => {
    const keys: string[] = [];
    for (let lease = await ledger.claim('t', hour); lease; lease = await ledger.claim('t', hour))
      if (lease.kind === 'digest') keys.push(lease.key);
    return keys;
  };
  beforeEach(async () => {
    store = await createStore();
    store.setClock(() => 1e15);
    ledger = await store.open();
  });
  afterEach(() => store.close());

  it('is nothing at the first start, whenever that is', async () => {
    expect(await look(monday)).toEqual([]);
    expect(await look(monday + 1)).toEqual([]);
    expect(await jobs()).toEqual([]);
  });

  it('is each channel’s slot once, however often one looks', async () => {
    await look(monday - hour);
    const claimed = [await look(monday), await look(monday), await look(monday + hour)];

    expect(claimed.map((slots) => slots.length)).toEqual([2, 0, 0]);
    expect(await jobs()).toHaveLength(2);
  });

  it('is the newest slot alone after three weeks of downtime', async () => {
    await look(monday - hour);
    const claimed = await look(monday + 21 * 24 * hour + hour);

    expect(claimed.map((slot) => slot.periodEnd)).toEqual(Array(2).fill(monday + 21 * 24 * hour));
    expect(await jobs()).toHaveLength(2);
  });

  it('goes to one of two replicas on one store', async () => {
    const other = await store.open();
    await look(monday - hour);
    const claimed = await Promise.all([look(monday), look(monday, [weekly], other)]);

    expect(claimed.flat()).toHaveLength(2);
    expect(await jobs()).toHaveLength(2);
  });

  it('is enqueued by the next look when the process died after claiming it', async () => {
    await look(monday - hour);
    await ledger.claimDigest({ name: 'weekly', to: 'slack:T/C', periodEnd: monday });
    await look(monday + hour, []);

    expect(await jobs()).toEqual([`digest:weekly:slack:T/C:${monday}`]);
  });

  it('does not depend on a schedule that cannot be read', async () => {
    const broken = { ...weekly, name: 'broken', cron: '99 9 * * MON' };
    await look(monday - hour, [broken, weekly]);

    expect(await look(monday, [broken, weekly])).toHaveLength(2);
    expect(lines.join('\n')).toContain('broken');
  });
});
