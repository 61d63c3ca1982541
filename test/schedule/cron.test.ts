import { describe, expect, it } from 'vitest';
import { parseCron, slotsBetween } from '../../src/schedule/cron.ts';

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
const local = (at: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
const moment = (text: string, zone: string) =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;

describe('slots in local time', () => {
  it.each(zones)(
    'of every Monday 09:00 in %s come exactly once in two years, however often one looks',
    (zone) => {
      const cron = parseCron('0 9 * * MON');
      const start = moment('2026-01-01T00:00', zone);
      const end = moment('2028-01-01T00:00', zone);
      const slots: number[] = [];
      // One looks every 11 hours and a bit: no look may see a slot that another saw.
      for (let at = start; at < end; at += 11.3 * 3_600_000)
        slots.push(...slotsBetween(cron, zone, at, Math.min(end, at + 11.3 * 3_600_000)));

      const seen = slots.map((at) => local(at, zone).toPlainDateTime().toString());
      const mondays: string[] = [];
      for (
        let day = Temporal.PlainDate.from('2026-01-05');
        Temporal.PlainDate.compare(day, '2028-01-01') < 0;
        day = day.add({ weeks: 1 })
      )
        mondays.push(`${day.toString()}T09:00:00`);
      expect(seen).toEqual(mondays);
    },
  );

  it.each(zones)('of every day 02:30 in %s come once a day, also when the clocks change', (zone) => {
    const slots = slotsBetween(
      parseCron('30 2 * * *'),
      zone,
      moment('2026-12-31T12:00', zone),
      moment('2027-12-31T12:00', zone),
    );

    expect(new Set(slots.map((at) => local(at, zone).toPlainDate().toString())).size).toBe(365);
    expect(slots).toHaveLength(365);
  });

  it('move a time that the spring change leaves out, and take the first of one that autumn doubles', () => {
    const cron = parseCron('30 2 * * *');
    const one = (day: string) =>
      slotsBetween(
        cron,
        'Europe/Berlin',
        moment(`${day}T00:00`, 'Europe/Berlin'),
        moment(`${day}T23:00`, 'Europe/Berlin'),
      ).map((at) => local(at, 'Europe/Berlin').toString());

    expect(one('2026-03-29')).toEqual(['2026-03-29T03:30:00+02:00[Europe/Berlin]']);
    expect(one('2026-10-25')).toEqual(['2026-10-25T02:30:00+02:00[Europe/Berlin]']);
  });

  it('begin after the last one and include the present one', () => {
    const cron = parseCron('0 9 * * *');
    const nine = moment('2026-11-23T09:00', 'UTC');

    expect(slotsBetween(cron, 'UTC', nine, nine + 1000)).toEqual([]);
    expect(slotsBetween(cron, 'UTC', nine - 1, nine)).toEqual([nine]);
  });
});

describe('a cron expression', () => {
  it('takes lists, ranges, steps and names', () => {
    expect([...parseCron('*/20 8-10 1,15 jan-mar/2 *').minutes]).toEqual([0, 20, 40]);
    expect([...parseCron('0 8-10 * * *').hours]).toEqual([8, 9, 10]);
    expect([...parseCron('0 9 * jan-mar/2 *').months]).toEqual([1, 3]);
    expect([...parseCron('0 9 * * FRI-SUN').weekdays]).toEqual([5, 6, 0]);
    expect([...parseCron('0 9 * * 7').weekdays]).toEqual([0]);
  });

  it('with both day fields means either of them', () => {
    const slots = slotsBetween(
      parseCron('0 0 1 * MON'),
      'UTC',
      moment('2026-10-31T23:00', 'UTC'),
      moment('2026-11-10T00:00', 'UTC'),
    );

    expect(slots.map((at) => local(at, 'UTC').day)).toEqual([1, 2, 9]);
  });

  it.each([
    '',
    '0 9 * *',
    '60 9 * * *',
    '0 24 * * *',
    '0 9 0 * *',
    '0 9 * 13 *',
    '0 9 * * 8',
    '0 9 * * THU-TUE',
    '5-1 * * * *',
    '*/0 * * * *',
    'a b c d e',
  ])('is refused: %j', (text) => {
    expect(() => parseCron(text)).toThrow(RangeError);
  });
});
