// When imports into a stage may begin. Windows are written in local time, so every question is asked of the calendar of
// their zone; a stage without windows is always open, and a deny wins over every allow.

export interface Window {
  readonly name: string;
  readonly stages: readonly string[];
  readonly kind: 'allow' | 'deny';
  /** `mon` to `sun`: the days on which it begins. */
  readonly days: readonly string[];
  /** `HH:MM`; `to` may be `24:00`, and one that is not after `from` lies on the next day. */
  readonly from: string;
  readonly to: string;
  /** The policy's own where absent. */
  readonly timezone?: string;
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** A stage that does not open within this many days counts as never opening. */
const horizonDays = 90;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether an import into `stage` may begin at `now` (milliseconds). `timezone` is for windows that name none. */
export function isOpen(windows: readonly Window[], stage: string, now: number, timezone: string): boolean {
  const own = windows.filter((window) => window.stages.includes(stage));
  const covers = (window: Window) =>
    spansAround(window, now, timezone).some((span) => span.start <= now && now < span.end);
  if (own.some((window) => window.kind === 'deny' && covers(window))) return false;
  const allowing = own.filter((window) => window.kind === 'allow');
  return allowing.length === 0 || allowing.some(covers);
}

/** The first moment after `now` at which `stage` is open, in milliseconds; nothing within 90 days is `undefined`. */
export function nextOpening(
  windows: readonly Window[],
  stage: string,
  now: number,
  timezone: string,
): number | undefined {
  const own = windows.filter((window) => window.stages.includes(stage));
  const edges = own.flatMap((window) =>
    spansOf(window, now, -2, horizonDays, timezone).map(({ start, end }) =>
      window.kind === 'allow' ? start : end,
    ),
  );
  return [...new Set(edges)]
    .filter((edge) => edge > now)
    .sort((a, b) => a - b)
    .find((edge) => isOpen(own, stage, edge, timezone));
}

const spansAround = (window: Window, now: number, timezone: string): readonly Span[] =>
  spansOf(window, now, -2, 1, timezone);

/** The window's spans that begin on the days from `first` to `last`, counted from the day of `now`. */
function spansOf(
  window: Window,
  now: number,
  first: number,
  last: number,
  timezone: string,
): readonly Span[] {
  const zone = window.timezone ?? timezone;
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const spans: Span[] = [];
  for (let day = first; day <= last; day++) {
    const date = today.add({ days: day });
    if (!window.days.includes(weekdays[date.dayOfWeek - 1] ?? '')) continue;
    const start = momentOf(date, window.from, zone);
    const sameDay = momentOf(date, window.to, zone);
    spans.push({
      start,
      end: window.to > window.from ? sameDay : momentOf(date.add({ days: 1 }), window.to, zone),
    });
  }
  return spans;
}

/** A local time as milliseconds; one that the spring change leaves out is moved forward. */
function momentOf(date: Temporal.PlainDate, time: string, timeZone: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const day = hour === 24 ? date.add({ days: 1 }) : date;
  return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from({ hour: hour % 24, minute }) })
    .epochMilliseconds;
}
