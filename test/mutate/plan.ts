// What is mutated, and which suites have to notice.
import { readdirSync, readFileSync } from 'node:fs';
import { instrument, type Mutant } from './mutants.ts';

export const root = new URL('../../', import.meta.url);
export const rooms = ['src/promotion/', 'src/policy/'] as const;
export const suites = ['test/promotion/', 'test/policy/'] as const;

/** Every mutant of the rooms, and each file with its own in it, by address. The same in every process. */
export function allMutants(): {
  readonly mutants: readonly Mutant[];
  readonly texts: ReadonlyMap<string, string>;
} {
  const mutants: Mutant[] = [];
  const texts = new Map<string, string>();
  for (const room of rooms) {
    for (const name of readdirSync(new URL(room, root), { encoding: 'utf8' }).sort()) {
      const address = new URL(`${room}${name}`, root);
      const made = instrument(`${room}${name}`, readFileSync(address, 'utf8'), mutants.length);
      mutants.push(...made.mutants);
      texts.set(address.href, made.text);
    }
  }
  return { mutants, texts };
}
