// The log: JSON lines on standard error, static messages, facts in fields. Values of fields that can hold a secret are
// taken out, whoever put them there.
import { type DestinationStream, pino } from 'pino';
import type { Log } from '../ports.ts';

const secretKey =
  /token|password|secret|authorization|cookie|response_?url|signature|private_?key|credential/i;
const secretText = new RegExp(
  [
    'xox[a-z]-[\\w.-]+',
    'xoxe\\.xox[a-z]-[\\w-]+',
    'xapp-[\\w-]+',
    'eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*',
    'https://hooks\\.slack\\.com/\\S+',
    'bearer\\s+\\S+',
    '-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)',
    '(?<=(?:token|secret|password|sig|code)=)[^&\\s"]+',
  ].join('|'),
  'gi',
);
const maxDepth = 6;

/** The value without secrets, however deep they are in it. */
function clean(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(secretText, '[secret]');
  if (value instanceof Error) return clean(`${value.name}: ${value.message}`);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= maxDepth) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretKey.test(key) ? '[secret]' : clean(item, depth + 1),
    ]),
  );
}

/** `destination` is standard error where absent. */
export function createLog(level: string, destination: DestinationStream = pino.destination(2)): Log {
  const logger = pino(
    { level, base: null, formatters: { level: (label) => ({ level: label }) } },
    destination,
  );
  const write =
    (name: 'info' | 'warn' | 'error') =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}): void =>
      logger[name](clean(facts) as object, String(clean(message)));
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
