// How numbers, sizes, ages and states are written: one way, everywhere.
import type { StateName } from '../promotion/request.ts';
import type { Tone } from './card.ts';

const sizeUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `812 B`, `1.4 KiB`, `93 MiB`. */
export function bytes(size: number): string {
  let value = size;
  let unit = 0;
  while (value >= 1024 && unit < sizeUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${sizeUnits[unit]}`;
}

/** `just now`, `12 minutes`, `5 hours`, `3 days`. */
export function duration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return count(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}

export const ago = (then: number, now: number): string =>
  now - then < 60_000 ? 'just now' : `${duration(now - then)} ago`;

/** A sentence begins with a capital, whatever its first word is elsewhere. */
export const sentence = (text: string): string => text.replace(/^\p{Ll}/u, (first) => first.toUpperCase());

/** A sentence with its digests short enough to be read; in full they stand where they can be copied. */
export const withShortDigests = (text: string): string =>
  text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');

/** `1 registry`, `3 registries`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** At most `limit` characters, by whole code points, with an ellipsis where something is left out. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

export const stateTone: Readonly<Record<StateName, Tone>> = {
  resolving: 'neutral',
  blocked: 'bad',
  pending: 'warning',
  held: 'warning',
  approved: 'good',
  waiting: 'warning',
  importing: 'neutral',
  locking: 'neutral',
  promoted: 'good',
  granted: 'good',
  refused: 'bad',
  rejected: 'bad',
  cancelled: 'muted',
  expired: 'muted',
  superseded: 'muted',
  failed: 'bad',
  quarantined: 'bad',
};

export const stateLabel: Readonly<Record<StateName, string>> = {
  resolving: 'Collecting evidence',
  blocked: 'Blocked',
  pending: 'Waiting for approval',
  held: 'Held',
  approved: 'Approved',
  waiting: 'Approved, waiting',
  importing: 'Importing',
  locking: 'Locking',
  promoted: 'Promoted',
  granted: 'Granted',
  refused: 'Refused',
  rejected: 'Rejected',
  cancelled: 'Cancelled',
  expired: 'Expired',
  superseded: 'Superseded',
  failed: 'Failed',
  quarantined: 'Quarantined',
};
