// Two years of digests in eight zones, looked for by three replicas over one database: each slot once, whatever the clocks
// do; and after an outage the newest of what was missed, once.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DigestSlot, Ledger } from '../../src/ports.ts';
import { claimDue } from '../../src/schedule/ticker.ts';
import { createStore, keptLog } from './schedule-world.ts';

const hour = 3_600_000;
const weeks = 104;
const start = Date.parse('2026-01-01T00:00:00Z');
const end = start + weeks * 7 * 24 * hour;
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Africa/Cairo',
  'UTC',
];
/** Monday morning, and the hour of Sunday in which most zones change their clocks. */
const times = [
  { cron: '0 9 * * MON', weekday: 1, time: '09:00' },
  { cron: '30 2 * * SUN', weekday: 7, time: '02:30' },
];
const schedules = zones.flatMap((timezone) =>
  times.map((time) => ({
    ...time,
    name: `${timezone} ${time.cron}`,
    to: 'slack:T/C',
    timezone,
  })),
);

/** What a calendar on the wall says, found without the code that is tested. */
function wallSlots({ timezone, weekday, time }: (typeof schedules)[number]): readonly number[] {
  const found: number[] = [];
  for (let day = Temporal.PlainDate.from('2026-01-01'); ; day = day.add({ days: 1 })) {
    const at = day.toZonedDateTime({ timeZone: timezone, plainTime: time }).epochMilliseconds;
    if (at > end) return found;
    if (day.dayOfWeek === weekday && at > start) found.push(at);
  }
}

/** The same numbers in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('two years of schedules', { timeout: 120_000 }, () => {
  let store: Awaited<ReturnType<typeof createStore>>;
  let replicas: Ledger[];
  const { log, lines } = keptLog();
  beforeEach(async () => {
    store = await createStore();
    replicas = [await store.open(), await store.open(), await store.open()];
  });
  afterEach(() => store.close());

  /** All replicas look at these times; one of them sends what was enqueued. Gives what was sent, by schedule. */
  async function live(
    looks: readonly number[],
    kept = schedules,
  ): Promise<ReadonlyMap<string, readonly number[]>> {
    const sent = new Map<string, number[]>(kept.map(({ name }) => [name, []]));
    for (const [i, now] of looks.entries()) {
      store.setClock(() => now);
      await Promise.all(
        replicas.map((ledger) =>
          claimDue({ schedules: async () => kept, ledger, clock: () => now, log, wake: () => undefined }),
        ),
      );
      const ledger = replicas[i % replicas.length]!;
      for (let job = await ledger.claim('t', hour); job; job = await ledger.claim('t', hour)) {
        await ledger.finish(job);
        if (job.kind !== 'digest') continue;
        const slot = job.payload['slot'] as DigestSlot;
        sent.get(slot.name)?.push(slot.periodEnd);
        await ledger.digestSent(slot, { channel: 'slack', place: slot.to, message: 'm' }, now);
      }
    }
    return sent;
  }

  it('give each slot once, with three replicas that look at odd times', async () => {
    const roll = dice(7);
    const looks = [start];
    for (let at = start; at < end; at += Math.round((12 + 60 * roll()) * hour)) looks.push(at);
    looks.push(end);
    const sent = await live(looks);

    const expected = new Map(schedules.map((schedule) => [schedule.name, wallSlots(schedule)]));
    const total = [...sent.values()].reduce((sum, slots) => sum + slots.length, 0);
    console.log(
      `${weeks} weeks x ${zones.length} zones x ${times.length} times, 3 replicas, ${looks.length} looks: ${total} slots, each once`,
    );
    expect(sent).toEqual(expected);
    expect(total).toBeGreaterThanOrEqual(weeks * schedules.length - schedules.length);
    expect(lines).toEqual([]);
  });

  it('give the newest slot that an outage swallowed once, after each of forty outages', async () => {
    const roll = dice(11);
    const outages = Array.from({ length: 40 }, (_, i) => {
      const from = Math.round(start + (i + roll() * 0.4) * ((end - start) / 40));
      return { from, until: Math.round(from + roll() * 0.6 * ((end - start) / 40)) };
    });
    const looks = [start];
    for (let at = start; at < end; at += Math.round((12 + 60 * roll()) * hour))
      if (!outages.some(({ from, until }) => at > from && at < until)) looks.push(at);
    for (const { until } of outages) looks.push(until);
    looks.sort((a, b) => a - b);
    const mondays = schedules.filter(({ weekday }) => weekday === 1);
    const sent = await live(looks, mondays);

    let swallowed = 0;
    const newest = new Map(
      mondays.map((schedule) => {
        const slots = wallSlots(schedule);
        const found = looks.flatMap((look, i) => {
          const due = slots.filter((slot) => slot > (looks[i - 1] ?? start) && slot <= look);
          swallowed += Math.max(0, due.length - 1);
          return due.slice(-1);
        });
        return [schedule.name, found] as const;
      }),
    );
    const total = [...sent.values()].reduce((sum, slots) => sum + slots.length, 0);
    console.log(`40 outages: ${total} digests sent once each, ${swallowed} older ones left out, no burst`);
    expect(sent).toEqual(newest);
    expect(swallowed).toBeGreaterThan(0);
  });
});
