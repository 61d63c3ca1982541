// Group commit, for a database that waits for the disk at every commit and lets nobody in meanwhile: small writes of the
// same turn share one. The more there is to write, the less each one costs.
import type { Tx } from './schema.ts';

type Transaction = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

interface Waiting {
  /** Does the work in the transaction; what it gives is told when that is committed. */
  readonly write: (tx: Tx) => Promise<() => void>;
  readonly fail: (error: unknown) => void;
}

/**
 * Each work is done as if alone, and settles once it is on the disk. Works of a group see what the ones before them wrote.
 * Where one fails, nothing of its group is kept, and each is done again in a transaction of its own.
 */
export function createGroupCommit(transaction: Transaction): <T>(work: (tx: Tx) => Promise<T>) => Promise<T> {
  let waiting: Waiting[] = [];
  const flush = async (): Promise<void> => {
    const group = waiting;
    waiting = [];
    try {
      await commit(transaction, group);
    } catch (error) {
      if (group.length === 1) return group[0]?.fail(error);
      for (const each of group) await commit(transaction, [each]).catch(each.fail);
    }
  };
  return (work) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(() => void flush());
      const write = async (tx: Tx) => {
        const value = await work(tx);
        return () => resolve(value);
      };
      waiting.push({ write, fail: reject });
    });
}

async function commit(transaction: Transaction, group: readonly Waiting[]): Promise<void> {
  const told = await transaction(async (tx) => {
    const done: (() => void)[] = [];
    for (const { write } of group) done.push(await write(tx));
    return done;
  });
  for (const tell of told) tell();
}
