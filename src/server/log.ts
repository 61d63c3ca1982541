// The log: JSON lines on standard error, static messages, facts in fields. Values of fields that can hold a secret are
// taken out, whoever put them there.
import { pino } from 'pino';
import type { Log } from '../ports.ts';

const secretKeys = [
  'token',
  'password',
  'secret',
  'authorization',
  'cookie',
  'response_url',
  'signature',
  'access_token',
  'refresh_token',
];
const secretText =
  /(xox[abposr]-[\w-]+|xapp-[\w-]+|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+|https:\/\/hooks\.slack\.com\/\S+)/g;

export function createLog(level: string): Log {
  const logger = pino(
    {
      level,
      base: null,
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '[secret]' },
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination(2),
  );
  const clean = (facts: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(
      Object.entries(facts).map(([key, value]) => [
        key,
        typeof value === 'string' ? value.replace(secretText, '[secret]') : value,
      ]),
    );
  return {
    info: (message, facts) => logger.info(clean(facts), message),
    warn: (message, facts) => logger.warn(clean(facts), message),
    error: (message, facts) => logger.error(clean(facts), message),
  };
}
