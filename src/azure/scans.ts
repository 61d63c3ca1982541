// The scans that people wait for: a quick one of Resource Graph alone, and a deep one that also asks each registry and
// shows what the walks through repositories found. The deep one begins with the quick one: neither is made twice.
import type { Part, RegistryFacts, Scan } from '../posture/facts.ts';
import type { OwnRuleDefinition } from '../posture/own-rule.ts';
import type { Clock, ScanOptions, ScanProgress } from '../ports.ts';
import type { Arm } from './arm.ts';
import { deepenScan } from './deepen.ts';
import { withOwnRules } from './own-rules.ts';
import type { ResourceGraph } from './resource-graph.ts';
import { scanEstate } from './scan.ts';
import { createSnapshotCache } from './snapshot-cache.ts';
import type { Walker } from './walk.ts';

export interface Scans {
  scan(options?: ScanOptions): Promise<Scan>;
  /** What the registries hold has changed: the next deep scan walks through them again. */
  forget(): void;
  /** Ends what runs in the background. */
  close(): void;
}

/** Milliseconds that a scan waits for the first walk, for a later one, and after which a finished walk is begun anew. */
const firstPatience = 5000;
const walkPatience = 1500;
const walkEvery = 10 * 60_000;
/** The longest that somebody who sees the progress is kept waiting: a registry that hangs ends nobody's patience. */
const watchedPatience = 5 * 60_000;

export function createScans(doors: {
  readonly graph: ResourceGraph;
  readonly arm: Arm;
  readonly walker: Walker;
  readonly self: () => Promise<Part<string>>;
  readonly clock: Clock;
  readonly ownRules?: () => readonly OwnRuleDefinition[];
}): Scans {
  const { graph, walker, clock } = doors;
  let asked: ScanOptions = {};
  let walkedAt = Number.NEGATIVE_INFINITY;
  let hasWalked = false;
  let walking: Promise<void> | undefined;
  const watchers = new Set<(progress: ScanProgress) => void>();
  /** As much of the deep scan as is there: what is shown while it goes on. */
  let known: Scan | undefined;
  let walked: Pick<ScanProgress, 'done' | 'total' | 'registry'> = { done: 0, total: 0 };

  function tell(): void {
    const scan = known;
    if (!scan || watchers.size === 0) return;
    const progress = { ...walked, settled: isSettled(scan), scan: () => withContent(scan) };
    for (const watcher of watchers) watcher(progress);
  }

  function learn(scan: Scan): Scan {
    known = scan;
    tell();
    return scan;
  }

  const quick = createSnapshotCache(async () => {
    const [scan, self] = await Promise.all([scanEstate(graph, clock()), doors.self()]);
    return withOwnRules({ ...scan, self }, doors.ownRules?.() ?? [], graph);
  }, clock);

  const deep = createSnapshotCache(async () => {
    const walk = startWalk();
    const first = new Set((asked.registries ?? []).map(({ id }) => id.toLowerCase()));
    const shallow = await quick.get({ fresh: true });
    // A scan that is whole says more than the beginning of its successor.
    if (!known || !isSettled(known)) learn(shallow);
    const scan = learn(await deepenScan(shallow, doors, { first }));
    // Without any walk a third of the rules is blind; later ones only bring news.
    await soon(walk, hasWalked ? walkPatience : firstPatience);
    return withContent(scan);
  }, clock);

  /** In the background for whoever does not wait; what it found is shown at once when it ends. One at a time. */
  function startWalk(): Promise<void> {
    walking ??= walk().finally(() => {
      walking = undefined;
    });
    return walking;
  }

  async function walk(): Promise<void> {
    const { registries, inUseTags = 10 } = asked;
    if (!registries) return;
    if (!walker.isUnfinished() && clock() - walkedAt < walkEvery) return;
    walked = { done: 0, total: 0 };
    await walker.walk({
      registries,
      inUseTags,
      onProgress: (done, total, registry) => {
        walked = { done, total, registry };
        tell();
      },
    });
    walkedAt = clock();
    hasWalked = true;
    deep.amend(withContent);
  }

  /** The scan when the walk has ended too, unless an earlier walk has shown everything already. */
  async function watchedScan(fresh: boolean, watcher: (progress: ScanProgress) => void): Promise<Scan> {
    watchers.add(watcher);
    try {
      const scan = await deep.get({ fresh });
      if (!walking || (hasWalked && !fresh)) return scan;
      await soon(walking, watchedPatience);
      return withContent(scan);
    } finally {
      watchers.delete(watcher);
    }
  }

  const withContent = (scan: Scan): Scan => ({
    ...scan,
    registries: scan.registries.map((facts): RegistryFacts => {
      const content = walker.content(facts.id);
      return content ? { ...facts, content } : facts;
    }),
  });

  return {
    scan: async (options = {}) => {
      const { fresh = false, deep: isDeep = true, onProgress } = options;
      if (!isDeep) return quick.get({ fresh });
      if (options.registries) asked = options;
      if (fresh) walkedAt = Number.NEGATIVE_INFINITY;
      return onProgress ? watchedScan(fresh, onProgress) : deep.get({ fresh });
    },
    forget: () => {
      walkedAt = Number.NEGATIVE_INFINITY;
      deep.expire();
    },
    close: () => walker.stop(),
  };
}

/** Whether the registries were asked one by one: each of them has a part that only they tell, read or not. */
const isSettled = ({ registries }: Scan): boolean => registries.every(({ diagnostics }) => diagnostics);

/** Waits, but not longer than that; a timer that is left over keeps no process alive. */
const soon = (work: Promise<void>, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
