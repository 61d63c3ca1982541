// Cron expressions over local calendars. Slots are computed, not waited for: what was due while the product was down is
// known when it starts, and a change of the clocks neither drops a slot nor gives one twice.

export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Cron's old rule: if both day fields are restricted, either may match. */
  readonly eitherDay: boolean;
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The five fields of `0 9 * * MON`; a RangeError says which field is wrong. */
export function parseCron(expression: string): CronFields {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5)
    throw new RangeError(
      `'${expression}' is not a cron expression: it needs five fields, for example "0 9 * * MON"`,
    );
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = fields;
  return {
    minutes: parseField(minute, 0, 59, []),
    hours: parseField(hour, 0, 23, []),
    days: parseField(day, 1, 31, []),
    months: parseField(month, 1, 12, monthNames, 1),
    weekdays: new Set([...parseField(weekday, 0, 7, weekdayNames)].map((each) => each % 7)),
    eitherDay: day !== '*' && weekday !== '*',
  };
}

function parseField(
  text: string,
  min: number,
  max: number,
  names: readonly string[],
  firstName = 0,
): ReadonlySet<number> {
  const valueOf = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    const value = named >= 0 ? named + firstName : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (!(value >= min && value <= max)) throw new RangeError(`'${word}' is not between ${min} and ${max}`);
    return value;
  };
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '*', stepText] = part.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    if (!(Number.isInteger(step) && step > 0)) throw new RangeError(`'${part}' has no usable step`);
    const [low, end] = range === '*' ? [min, max] : range.split('-').map(valueOf);
    // Sunday ends a week as well as it begins one: FRI-SUN is FRI-7.
    const high = end === 0 && max === 7 && (low ?? 0) > 0 ? 7 : end;
    if (high !== undefined && low !== undefined && high < low)
      throw new RangeError(`'${part}' ends before it begins`);
    for (
      let value = low ?? min;
      value <= (high ?? (stepText === undefined ? (low ?? max) : max));
      value += step
    )
      found.add(value);
  }
  return found;
}

const maxDays = 400;

/**
 * Slots after `since` and not after `until`, both in milliseconds, as local times of `timezone`. A time that the spring
 * change leaves out is moved forward (02:30 becomes 03:30), one that the autumn change doubles is its first.
 */
export function slotsBetween(
  cron: CronFields,
  timezone: string,
  since: number,
  until: number,
): readonly number[] {
  const first = Temporal.Instant.fromEpochMilliseconds(
    Math.max(since, until - maxDays * 86_400_000),
  ).toZonedDateTimeISO(timezone);
  const last = Temporal.Instant.fromEpochMilliseconds(until).toZonedDateTimeISO(timezone).toPlainDate();
  const slots: number[] = [];
  // A day early: a slot moved forward by the clocks can belong to the day before in another zone's eyes.
  for (
    let date = first.toPlainDate().subtract({ days: 1 });
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  ) {
    if (!isDay(cron, date)) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const at = date.toZonedDateTime({
          timeZone: timezone,
          plainTime: Temporal.PlainTime.from({ hour, minute }),
        }).epochMilliseconds;
        if (at > since && at <= until) slots.push(at);
      }
    }
  }
  return [...new Set(slots)].sort((a, b) => a - b);
}

function isDay(cron: CronFields, date: Temporal.PlainDate): boolean {
  if (!cron.months.has(date.month)) return false;
  const byDay = cron.days.has(date.day);
  const byWeekday = cron.weekdays.has(date.dayOfWeek % 7);
  return cron.eitherDay ? byDay || byWeekday : byDay && byWeekday;
}
