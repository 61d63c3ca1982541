import { describe, expect, it } from 'vitest';
import { isOpen, nextOpening, type Window } from '../../src/promotion/windows.ts';

const zone = 'Europe/Berlin';
const all = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const window = (change: Partial<Window> = {}): Window => ({
  name: 'w',
  stages: ['prod'],
  kind: 'allow',
  days: ['mon', 'tue', 'wed', 'thu'],
  from: '09:00',
  to: '16:00',
  ...change,
});
const at = (text: string, timezone = zone): number =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(timezone).epochMilliseconds;
const local = (moment: number | undefined, timezone = zone): string =>
  Temporal.Instant.fromEpochMilliseconds(moment ?? Number.NaN)
    .toZonedDateTimeISO(timezone)
    .toPlainDateTime()
    .toString();

describe('the windows of a stage', () => {
  // 2026-11-23 is a Monday.
  it.each([
    ['2026-11-23T08:59:59', false],
    ['2026-11-23T09:00', true],
    ['2026-11-23T15:59:59', true],
    ['2026-11-23T16:00', false],
    ['2026-11-27T12:00', false],
  ])('are open at %s: %s', (moment, open) => {
    expect(isOpen([window()], 'prod', at(moment), zone)).toBe(open);
  });

  it('leave a stage that they do not name open, and one without windows too', () => {
    expect(isOpen([window()], 'uat', at('2026-11-28T03:00'), zone)).toBe(true);
    expect(isOpen([], 'prod', at('2026-11-28T03:00'), zone)).toBe(true);
  });

  it('are closed where a deny covers the moment, whatever allows it', () => {
    const denied = [window(), window({ kind: 'deny', days: ['tue'], from: '00:00', to: '24:00' })];

    expect(isOpen(denied, 'prod', at('2026-11-24T10:00'), zone)).toBe(false);
    expect(isOpen(denied, 'prod', at('2026-11-25T10:00'), zone)).toBe(true);
  });

  it('with denies alone are open outside of them', () => {
    const nights = [window({ kind: 'deny', days: all, from: '20:00', to: '07:00' })];

    expect(isOpen(nights, 'prod', at('2026-11-23T19:59'), zone)).toBe(true);
    expect(isOpen(nights, 'prod', at('2026-11-23T23:00'), zone)).toBe(false);
    expect(isOpen(nights, 'prod', at('2026-11-24T06:59'), zone)).toBe(false);
    expect(isOpen(nights, 'prod', at('2026-11-24T07:00'), zone)).toBe(true);
  });

  it('that end after midnight belong to the day on which they begin', () => {
    const friday = [window({ days: ['fri'], from: '22:00', to: '02:00' })];

    expect(isOpen(friday, 'prod', at('2026-11-28T01:30'), zone)).toBe(true);
    expect(isOpen(friday, 'prod', at('2026-11-27T01:30'), zone)).toBe(false);
  });

  it('are read in their own zone before the policy’s', () => {
    const kathmandu = [window({ timezone: 'Asia/Kathmandu' })];

    expect(isOpen(kathmandu, 'prod', at('2026-11-23T09:00', 'Asia/Kathmandu'), zone)).toBe(true);
    expect(isOpen(kathmandu, 'prod', at('2026-11-23T09:00'), zone)).toBe(true);
    expect(isOpen(kathmandu, 'prod', at('2026-11-23T12:00'), zone)).toBe(false);
  });

  it('keep local time over the change of the clocks', () => {
    const sunday = [window({ days: ['sun'], from: '01:00', to: '04:00' })];

    // Spring: 02:00 to 03:00 is left out; autumn: it is there twice.
    expect(isOpen(sunday, 'prod', at('2026-03-29T03:59'), zone)).toBe(true);
    expect(isOpen(sunday, 'prod', at('2026-03-29T04:00'), zone)).toBe(false);
    expect(isOpen(sunday, 'prod', at('2026-10-25T00:59'), zone)).toBe(false);
    expect(isOpen(sunday, 'prod', at('2026-10-25T03:59'), zone)).toBe(true);
  });
});

describe('the next opening', () => {
  it('is when the next allowed span begins', () => {
    expect(local(nextOpening([window()], 'prod', at('2026-11-26T16:00'), zone))).toBe('2026-11-30T09:00:00');
  });

  it('is not moved by the windows of another stage', () => {
    const both = [window(), window({ stages: ['uat'], days: all, from: '12:00', to: '13:00' })];

    expect(local(nextOpening(both, 'prod', at('2026-11-23T10:00'), zone))).toBe('2026-11-24T09:00:00');
  });

  it('is when a deny ends that lay over it', () => {
    const denied = [window(), window({ kind: 'deny', days: ['mon'], from: '00:00', to: '12:00' })];

    expect(local(nextOpening(denied, 'prod', at('2026-11-22T12:00'), zone))).toBe('2026-11-23T12:00:00');
  });

  it('is nothing where the stage never opens', () => {
    const never = [window(), window({ kind: 'deny', days: all, from: '00:00', to: '24:00' })];

    expect(nextOpening(never, 'prod', at('2026-11-22T12:00'), zone)).toBeUndefined();
  });

  it('is a moment at which the stage is open, at any time of a week', () => {
    const odd = [
      window({ days: ['mon', 'sat'], from: '23:00', to: '01:00' }),
      window({ kind: 'deny', days: ['tue'], from: '00:00', to: '00:30' }),
      window({ days: ['wed'], from: '10:00', to: '24:00', timezone: 'America/New_York' }),
    ];
    const start = at('2026-03-23T00:00');

    for (let minute = 0; minute < 7 * 24 * 60; minute += 97) {
      const opens = nextOpening(odd, 'prod', start + minute * 60_000, zone);
      expect(opens).toBeGreaterThan(start + minute * 60_000);
      expect(isOpen(odd, 'prod', opens ?? 0, zone)).toBe(true);
    }
  });
});

describe('every day of the week', () => {
  it.each(all.map((day, i) => [day, `2026-11-${23 + i}`] as const))('%s is %s', (day, date) => {
    const own = [window({ days: [day], from: '00:00', to: '24:00' })];

    expect(isOpen(own, 'prod', at(`${date}T00:00`), zone)).toBe(true);
    expect(isOpen(own, 'prod', at(`${date}T23:59:59.999`), zone)).toBe(true);
    expect(isOpen(own, 'prod', at(`${date}T00:00`) - 1, zone)).toBe(false);
    expect(isOpen(own, 'prod', at(`${date}T00:00`) + 24 * 3_600_000, zone)).toBe(false);
  });

  it('opens next at the start of a window, not at this very moment', () => {
    const monday = at('2026-11-23T09:00');

    expect(nextOpening([window()], 'prod', monday, zone)).toBe(at('2026-11-24T09:00'));
    expect(nextOpening([window()], 'prod', monday - 1, zone)).toBe(monday);
  });
});
