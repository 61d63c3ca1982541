// What is mutated, and which suites have to notice.
import { readdirSync, readFileSync } from 'node:fs';
import { instrument, type Mutant } from './mutants.ts';

export const root = new URL('../../', import.meta.url);
export const rooms = ['src/promotion/', 'src/policy/'] as const;
export const suites = ['test/promotion/', 'test/policy/'] as const;

/** Percent of its mutants that each room's tests have to notice. */
export const floor = 85;

/** Every mutant of the rooms, and each file with its own in it, by address. The same in every process. */
export function allMutants(): {
  readonly files: readonly string[];
  readonly mutants: readonly Mutant[];
  readonly texts: ReadonlyMap<string, string>;
} {
  const mutants: Mutant[] = [];
  const texts = new Map<string, string>();
  const files = rooms.flatMap((room) =>
    readdirSync(new URL(room, root), { encoding: 'utf8' })
      .sort()
      .map((name) => `${room}${name}`),
  );
  for (const file of files) {
    const address = new URL(file, root);
    const made = instrument(file, readFileSync(address, 'utf8'), mutants.length);
    mutants.push(...made.mutants);
    texts.set(address.href, made.text);
  }
  return { files, mutants, texts };
}
