// Times as people read them, in the viewer's own zone.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const format = (at: Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options }).format(at);

export const timeOf = (at: Date): string => format(at, { hour: '2-digit', minute: '2-digit' });
const dateOf = (at: Date, month: 'short' | 'long' = 'short'): string =>
  format(at, { day: 'numeric', month, year: 'numeric' });

/** "2 minutes ago", "in 3 hours". */
function agoOf(at: Date, now = new Date()): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

/** Slack's date tokens, as in `<!date^1760000000^{date_short} at {time}|fallback>`. */
export function slackDate(at: Date, pattern: string): string {
  const near = dayName(at);
  const tokens: Record<string, string> = {
    date_num: format(at, { day: '2-digit', month: '2-digit', year: 'numeric' }),
    date: dateOf(at, 'long'),
    date_short: dateOf(at),
    date_long: format(at, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    date_pretty: near ?? dateOf(at, 'long'),
    date_short_pretty: near ?? dateOf(at),
    date_long_pretty: near ?? dateOf(at, 'long'),
    time: timeOf(at),
    time_secs: format(at, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    ago: agoOf(at),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => tokens[name] ?? whole);
}

function dayName(at: Date): string | undefined {
  const days = Math.round((startOfDay(at) - startOfDay(new Date())) / 86_400_000);
  return days === 0 ? 'today' : days === 1 ? 'tomorrow' : days === -1 ? 'yesterday' : undefined;
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
