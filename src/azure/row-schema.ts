// What all readings of outside data share: rows are checked one by one, and what does not fit is left out and counted.
import { z } from 'zod';
import type { Row } from './resource-graph.ts';

export const lower = z.string().transform((text) => text.toLowerCase());
/** A time in ISO 8601 as milliseconds. */
export const moment = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());
/** A part of an unexpected shape is as good as absent; absent is unknown. */
export const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** What could be read, and how many rows could not. */
export interface Parsed<T> {
  readonly values: readonly T[];
  readonly malformed: number;
}

export function parseRows<S extends z.ZodType, T>(
  rows: readonly Row[],
  schema: S,
  make: (row: z.output<S>) => T,
): Parsed<T> {
  const values: T[] = [];
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (parsed.success) values.push(make(parsed.data));
  }
  return { values, malformed: rows.length - values.length };
}

/** The pages as one. */
export const joined = <T>(pages: readonly Parsed<T>[]): Parsed<T> => ({
  values: pages.flatMap((page) => page.values),
  malformed: pages.reduce((sum, page) => sum + page.malformed, 0),
});

/** Without the keys whose value is undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
