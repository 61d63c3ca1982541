// How Kusto sees a value: its text, number, truth and moment, and the null rules of comparison.
import type { Value } from './types.ts';

const timespanTag: unique symbol = Symbol('timespan');

/** A length of time in milliseconds (Kusto counts ticks of 100 ns; JSON keeps no finer times here). */
export interface Timespan {
  readonly [timespanTag]: true;
  readonly ms: number;
}

export function timespan(ms: number): Timespan {
  return { [timespanTag]: true, ms };
}

export function isTimespan(value: Value): value is Timespan {
  return typeof value === 'object' && value !== null && timespanTag in value;
}

/** A property bag: neither array nor moment nor length of time. */
export function isBag(value: Value): value is Record<string, Value> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !isTimespan(value)
  );
}

/** tostring(): null is the empty string, a dynamic its JSON. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().replace('Z', '0000Z');
  if (isTimespan(value)) return timespanText(value.ms);
  return typeof value === 'object' ? JSON.stringify(wireValue(value)) : String(value as number | boolean);
}

/** The value as JSON carries it: moments and lengths of time become Kusto's text, at any depth. */
export function wireValue(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof Date || isTimespan(value)) return textOf(value);
  if (Array.isArray(value)) return value.map(wireValue);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, wireValue(one)]));
}

/** todouble(): null where there is no number. */
export function numberOf(value: Value): number | null {
  if (typeof value === 'number') return Number.isNaN(value) ? Number.NaN : value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const parsed = Number(value);
  return Number.isNaN(parsed) ? null : parsed;
}

/** tobool(): "true", "false", numbers; null otherwise. */
export function boolOf(value: Value): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return null;
  const text = value.trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}

const plainTime =
  /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** todatetime(): ISO 8601 (UTC unless an offset is given) and RFC 1123; null otherwise. Kept to the millisecond. */
export function dateOf(value: Value): Date | null {
  if (value instanceof Date) return value;
  if (typeof value !== 'string') return null;
  const match = plainTime.exec(value.trim());
  if (!match) return /(GMT|UTC)$/i.test(value.trim()) ? validDate(Date.parse(value)) : null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const utc = Date.UTC(year ?? 0, (month ?? 1) - 1, day || 1, hour, minute, second, ms);
  return validDate(utc - offsetMs(match[8] ?? 'Z'));
}

function offsetMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

export function validDate(ms: number): Date | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date;
}

const clockText = /^(-)?(?:(\d+)\.)?(\d+):(\d{2})(?::(\d{2})(?:\.(\d+))?)?$/;

/** totimespan() of `d.hh:mm:ss.fff`; null otherwise. */
export function timespanOf(value: Value): Timespan | null {
  if (isTimespan(value)) return value;
  const match = typeof value === 'string' ? clockText.exec(value.trim()) : null;
  if (!match) return null;
  const [days, hours, minutes, seconds] = match.slice(2, 6).map((part) => Number(part ?? 0));
  const whole = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  const ms = whole * 1000 + Number(`0.${match[6] ?? 0}`) * 1000;
  return timespan(match[1] ? -ms : ms);
}

function timespanText(ms: number): string {
  const total = Math.abs(ms);
  const pad = (value: number, width = 2): string => String(Math.floor(value)).padStart(width, '0');
  const days = Math.floor(total / 86_400_000);
  const clock = `${pad((total / 3_600_000) % 24)}:${pad((total / 60_000) % 60)}:${pad((total / 1000) % 60)}`;
  const rest = Math.round((total % 1000) * 10_000);
  return `${ms < 0 ? '-' : ''}${days > 0 ? `${days}.` : ''}${clock}${rest > 0 ? `.${pad(rest, 7)}` : ''}`;
}
