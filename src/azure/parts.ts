// Parts of the facts: what was read, or the reason why not. A reading that fails costs its own part only, and rows that
// could not be understood make their part unread, because the missing row might have decided.
import type { Part } from '../posture/facts.ts';
import { AzureError } from './errors.ts';
import type { Row } from './resource-graph.ts';
import { joined, type Parsed } from './row-schema.ts';

export const read = <T>(value: T): Part<T> => ({ read: true, value });
export const unread = (reason: string): { readonly read: false; readonly reason: string } => ({
  read: false,
  reason,
});

export const reasonOf = (error: unknown): string =>
  error instanceof AzureError ? error.message.replace(/\.$/, '') : 'an unexpected error';

export async function part<T>(promise: Promise<T>): Promise<Part<T>> {
  try {
    return read(await promise);
  } catch (error) {
    return unread(reasonOf(error));
  }
}

/** Counts malformed rows for the scan's gaps; gives the reason of the part that lacks them. */
export type Note = (what: string, malformed: number) => string | undefined;

export function createNote(gaps: string[]): Note {
  return (what, malformed) => {
    if (malformed === 0) return undefined;
    gaps.push(`${malformed} ${what} could not be read`);
    return `${malformed} malformed ${what}`;
  };
}

/** What is made of each page as it comes: the raw rows of a large estate are too many to be held until the last one is there. */
export const parsedPages = <T>(
  pages: AsyncIterable<readonly Row[]>,
  parse: (rows: readonly Row[]) => T,
): Promise<Part<readonly T[]>> => part(Array.fromAsync(pages, parse));

/** The parsed rows of all pages as a whole; one malformed row makes it unread. */
export function whole<T>(
  pages: Part<readonly Parsed<T>[]>,
  note: (malformed: number) => string | undefined,
): Part<readonly T[]> {
  if (!pages.read) return pages;
  const { values, malformed } = joined(pages.value);
  const reason = note(malformed);
  return reason ? unread(reason) : read(values);
}

/** The values by a key; no values for a key is an empty part, which was read. */
export function byKey<T>(
  all: Part<readonly T[]>,
  keyOf: (value: T) => string,
): (key: string) => Part<readonly T[]> {
  const found = Map.groupBy(all.read ? all.value : [], keyOf);
  return (key) => (all.read ? read(found.get(key) ?? []) : all);
}

/** The value turned into another one; what is unread stays so. */
export const mapped = <T, U>(from: Part<T>, make: (value: T) => U): Part<U> =>
  from.read ? read(make(from.value)) : from;
