// What the score rests on: a file with all its mutants in it is the file as it was, until one of them is switched on.
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import { control, instrument } from './mutants.ts';

const source = `import type { Nothing } from './nowhere.ts';
interface Vote { readonly by: string; readonly count?: { readonly of: number } }
export const limit: number = 3;
export function total(votes: readonly Vote[]): number {
  let sum = 0;
  for (const vote of votes) {
    if (vote.by !== 'dana' && sum < limit) sum += vote.count?.of ?? 1;
  }
  return sum;
}
export const names = (votes: readonly Vote[]): readonly string[] => votes.filter((vote) => vote.by).map(({ by }) => by);
`;
const votes = [{ by: 'rui' }, { by: 'dana' }, { by: 'sofia', count: { of: 2 } }, { by: 'paul' }, { by: '' }];
const { text, mutants } = instrument('a.ts', source, 100);
const code = `data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(text))}`;

/** What the file comes to with one mutant on. */
async function outcome(active: number): Promise<unknown> {
  Object.assign(globalThis, { mutant: (id: number) => id === active, fuel: () => undefined });
  const { limit, total, names } = await import(`${code}#${active}`);
  try {
    return { limit, total: total(votes), names: names(votes) };
  } catch (error) {
    return String(error);
  }
}
const original = { limit: 3, total: 3, names: ['rui', 'dana', 'sofia', 'paul'] };

describe('a file with all its mutants in it', () => {
  it('is what it was while none is on', async () => {
    expect(await outcome(-1)).toEqual(original);
  });

  it('is what it was with the one that changes nothing, of which it has one', async () => {
    const controls = mutants.filter(({ operator }) => operator === control);

    expect(controls).toHaveLength(1);
    expect(await outcome(controls[0]!.id)).toEqual(original);
  });

  it('is another with each of the rest', async () => {
    const same: string[] = [];
    for (const { id, operator, original: before, changed } of mutants) {
      const isSame = JSON.stringify(await outcome(id)) === JSON.stringify(original);
      if (isSame && operator !== control) same.push(`${before}  ->  ${changed}`);
    }

    expect(same).toEqual([]);
    expect(mutants.map(({ id }) => id)).toEqual(mutants.map((_, i) => 100 + i));
    expect(mutants.length).toBeGreaterThan(15);
  });

  it('has none where it holds types alone', () => {
    const types =
      "import type { A } from './a.ts';\nexport interface B { readonly a: A }\nexport type C = 'x' | 'y';\n";

    expect(instrument('types.ts', types, 0)).toEqual({ text: types, mutants: [] });
  });
});
