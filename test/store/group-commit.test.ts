import { describe, expect, it } from 'vitest';
import { createGroupCommit } from '../../src/store/group-commit.ts';
import type { Tx } from '../../src/store/schema.ts';

/** A database that keeps what a transaction wrote only if it ends well. */
function world() {
  const kept: string[] = [];
  const transactions: string[][] = [];
  let open: string[] = [];
  const together = createGroupCommit(async (work) => {
    open = [];
    transactions.push(open);
    const done = await work({} as Tx);
    kept.push(...open);
    return done;
  });
  const write = (name: string) =>
    together(async () => {
      open.push(name);
      if (name === 'poison') throw new Error('cannot be stored');
      return name.toUpperCase();
    });
  return { kept, transactions, write };
}

describe('small writes of one turn', () => {
  it('share a transaction, and each gets what is its own', async () => {
    const { kept, transactions, write } = world();

    expect(await Promise.all(['a', 'b', 'c'].map(write))).toEqual(['A', 'B', 'C']);
    expect(await write('d')).toBe('D');

    expect(transactions).toEqual([['a', 'b', 'c'], ['d']]);
    expect(kept).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are done each by itself where one cannot be stored, and only that one fails', async () => {
    const { kept, write } = world();

    const ends = await Promise.allSettled(['a', 'poison', 'c'].map(write));

    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(kept).toEqual(['a', 'c']);
  });

  it('are told only when they are committed', async () => {
    const order: string[] = [];
    const together = createGroupCommit(async (work) => {
      const done = await work({} as Tx);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push('committed');
      return done;
    });

    await Promise.all(
      ['a', 'b'].map((name) => together(async () => name).then((value) => order.push(value))),
    );

    expect(order).toEqual(['committed', 'a', 'b']);
  });
});
