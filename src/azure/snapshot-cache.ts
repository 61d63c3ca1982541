// Twenty people asking at once cost one scan: callers share the scan that is under way. A snapshot younger than
// `freshFor` is the answer; an older one is the answer too, at once and with its age, while a new scan runs.
import type { Scan } from '../posture/facts.ts';

export interface SnapshotCache {
  get(options?: { readonly fresh?: boolean }): Promise<Scan>;
  /** Completes the latest snapshot with what came later; its age stays. */
  amend(change: (scan: Scan) => Scan): void;
  /** The latest snapshot is known to be old: whoever asks next gets a new one. */
  expire(): void;
}

/** Milliseconds for which a snapshot is not renewed, and after which it is too old to be shown without a new one. */
const freshFor = 60_000;
const usableFor = 15 * 60_000;

export function createSnapshotCache(scan: () => Promise<Scan>, now: () => number): SnapshotCache {
  let latest: Scan | undefined;
  let running: Promise<Scan> | undefined;
  let isOld = false;

  function refresh(): Promise<Scan> {
    if (!running) isOld = false;
    running ??= scan()
      .then((result) => {
        latest = result;
        return result;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  return {
    amend: (change) => {
      if (latest) latest = change(latest);
    },
    expire: () => {
      isOld = true;
    },
    get: async (options = {}) => {
      const fresh = options.fresh || isOld;
      const age = latest ? now() - latest.asOf : Number.POSITIVE_INFINITY;
      if (latest && age < freshFor && !fresh) return latest;
      const renewed = refresh();
      if (!latest || fresh || age >= usableFor) return renewed;
      // Nobody waits for this one; whoever needs it next gets its error.
      renewed.catch(() => undefined);
      return latest;
    },
  };
}
