// Functions of moments. All are UTC; now() is one moment for the whole run.
import { formatMoment } from './format-moment.ts';
import { scalar } from './definition.ts';
import type { FunctionTable, ScalarFunction } from './definition.ts';
import { dateOf, isTimespan, numberOf, textOf, validDate } from '../language/values.ts';
import type { Value } from '../language/types.ts';

type Period = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

const fixed: Readonly<Record<string, number>> = {
  week: 7 * 86_400_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};

const now: ScalarFunction = {
  least: 0,
  most: 1,
  type: () => 'datetime',
  build:
    ([offset], { clock }) =>
    (row) =>
      new Date(clock.moment + millisecondsOf(offset?.read(row) ?? null)),
};

export const timeFunctions: FunctionTable = {
  now,
  ago: {
    ...now,
    least: 1,
    build:
      ([offset], { clock }) =>
      (row) =>
        new Date(clock.moment - millisecondsOf(offset?.read(row) ?? null)),
  },
  startofday: start('day'),
  startofweek: start('week'),
  startofmonth: start('month'),
  startofyear: start('year'),
  datetime_diff: scalar('long', 3, 3, (period, to, from) =>
    difference(textOf(period), dateOf(to), dateOf(from)),
  ),
  datetime_add: scalar('datetime', 3, 3, (period, amount, date) =>
    add(textOf(period), numberOf(amount), dateOf(date)),
  ),
  format_datetime: scalar('string', 2, 2, (date, format) => {
    const moment = dateOf(date);
    return moment ? formatMoment(moment, textOf(format)) : '';
  }),
};

function millisecondsOf(value: Value): number {
  return isTimespan(value) ? value.ms : 0;
}

function start(period: Period): ScalarFunction {
  return scalar('datetime', 1, 2, (value, offset) => {
    const date = dateOf(value);
    return date && startOf(period, add(period, numberOf(offset ?? 0), date) ?? date);
  });
}

/** The first moment of the period; weeks begin on Sunday, as in Kusto. */
function startOf(period: string, date: Date): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (period === 'year') return new Date(Date.UTC(year, 0, 1));
  if (period === 'quarter') return new Date(Date.UTC(year, month - (month % 3), 1));
  if (period === 'month') return new Date(Date.UTC(year, month, 1));
  if (period === 'week') return new Date(Date.UTC(year, month, day - date.getUTCDay()));
  const size = fixed[period] ?? 1;
  return new Date(Math.floor(date.getTime() / size) * size);
}

/** How many boundaries of the period lie between; null for an unknown period. */
function difference(period: string, to: Date | null, from: Date | null): number | null {
  const unit = period.toLowerCase();
  if (!to || !from) return null;
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  if (unit === 'year') return to.getUTCFullYear() - from.getUTCFullYear();
  if (unit === 'quarter')
    return (
      Math.floor(to.getUTCMonth() / 3) -
      Math.floor(from.getUTCMonth() / 3) +
      4 * (to.getUTCFullYear() - from.getUTCFullYear())
    );
  if (unit === 'month') return months;
  const size = fixed[unit];
  return size === undefined
    ? null
    : Math.round((startOf(unit, to).getTime() - startOf(unit, from).getTime()) / size);
}

function add(period: string, amount: number | null, date: Date | null): Date | null {
  if (!date || amount === null) return null;
  const unit = period.toLowerCase();
  const size = fixed[unit];
  if (size !== undefined) return validDate(date.getTime() + amount * size);
  const months = { year: 12, quarter: 3, month: 1 }[unit];
  return months === undefined ? null : addMonths(date, amount * months);
}

/** The same day of another month, or its last day. */
function addMonths(date: Date, months: number): Date {
  const target = new Date(date);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(date.getUTCDate(), lastDay));
  return target;
}
