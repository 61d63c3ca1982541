// format_datetime(): the format letters of Kusto.

const letters = /y{4}|yy|MM?|dd?|HH?|hh?|mm?|ss?|f{1,7}|F{1,7}|tt/g;

/** The moment in UTC by a format such as `yyyy-MM-dd HH:mm:ss.fff`; other characters stay. */
export function formatMoment(moment: Date, format: string): string {
  return format.replace(letters, (token) => part(moment, token));
}

function part(moment: Date, token: string): string {
  const pad = (value: number): string => String(value).padStart(token.length, '0');
  const hour = moment.getUTCHours();
  switch (token.charAt(0)) {
    case 'y':
      return token === 'yy' ? pad(moment.getUTCFullYear() % 100) : pad(moment.getUTCFullYear());
    case 'M':
      return pad(moment.getUTCMonth() + 1);
    case 'd':
      return pad(moment.getUTCDate());
    case 'H':
      return pad(hour);
    case 'h':
      return pad(hour % 12 || 12);
    case 'm':
      return pad(moment.getUTCMinutes());
    case 's':
      return pad(moment.getUTCSeconds());
    case 't':
      return hour < 12 ? 'AM' : 'PM';
  }
  const fraction = `${String(moment.getUTCMilliseconds()).padStart(3, '0')}0000`.slice(0, token.length);
  return token.startsWith('F') ? fraction.replace(/0+$/, '') : fraction;
}
