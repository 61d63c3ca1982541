// Scan results are asked for again and again: at every vote, and before every import. Findings change by the day, and the
// quota of Resource Graph is small, so what was read within a minute is the answer, and what is asked for within one
// moment is one query.
import { LRUCache } from 'lru-cache';
import type { ScanResult } from '../promotion/request.ts';
import type { Clock } from '../ports.ts';

/** Milliseconds for which a result is not read again. */
const freshFor = 60_000;
/** Digests of one query, so that its text stays short. */
const mostAtOnce = 200;
/** Milliseconds in which questions become one query. */
const gatherFor = 25;

interface Known {
  readonly at: number;
  /** Absent: nobody has scanned it. */
  readonly result?: ScanResult;
}

type Read = (digests: readonly string[]) => Promise<ReadonlyMap<string, ScanResult>>;

/** `read` over a cache. Throws what it throws; an error is kept for nobody. */
export function createScanResults(read: Read, clock: Clock): Read {
  const known = new LRUCache<string, Known>({ max: 20_000 });
  const running = new Map<string, Promise<unknown>>();
  let gathered: { readonly digests: Set<string>; readonly done: Promise<void> } | undefined;

  async function readAll(digests: readonly string[]): Promise<void> {
    for (let i = 0; i < digests.length; i += mostAtOnce) {
      const some = digests.slice(i, i + mostAtOnce);
      const found = await read(some);
      const at = clock();
      for (const digest of some) {
        const result = found.get(digest);
        known.set(digest, { at, ...(result && { result }) });
      }
    }
  }

  /** One query for everybody who asks within a moment. */
  function gather(digest: string): Promise<unknown> {
    const under = running.get(digest);
    if (under) return under;
    if (!gathered) {
      const digests = new Set<string>();
      const done = new Promise<void>((resolve) => setTimeout(resolve, gatherFor)).then(() => {
        gathered = undefined;
        return readAll([...digests]).finally(() => digests.forEach((each) => running.delete(each)));
      });
      gathered = { digests, done };
    }
    gathered.digests.add(digest);
    running.set(digest, gathered.done);
    return gathered.done;
  }

  return async (digests) => {
    const isFresh = (digest: string) => clock() - (known.get(digest)?.at ?? -freshFor) < freshFor;
    await Promise.all(digests.filter((digest) => !isFresh(digest)).map(gather));
    return new Map(
      digests.flatMap((digest) => {
        const result = known.get(digest)?.result;
        return result ? [[digest, result] as const] : [];
      }),
    );
  };
}
