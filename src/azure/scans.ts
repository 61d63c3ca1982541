// The scans that people wait for: a quick one of Resource Graph alone, and a deep one that also asks each registry and
// shows what the walks through repositories found. The deep one begins with the quick one: neither is made twice.
import type { Part, RegistryFacts, Scan } from '../posture/facts.ts';
import type { OwnRuleDefinition } from '../posture/own-rule.ts';
import type { Clock, ScanOptions } from '../ports.ts';
import type { Arm } from './arm.ts';
import { deepenScan } from './deepen.ts';
import { withOwnRules } from './own-rules.ts';
import type { ResourceGraph } from './resource-graph.ts';
import { scanEstate } from './scan.ts';
import { createSnapshotCache } from './snapshot-cache.ts';
import type { Walker } from './walk.ts';

export interface Scans {
  scan(options?: ScanOptions): Promise<Scan>;
  /** Ends what runs in the background. */
  close(): void;
}

/** Milliseconds that a scan waits for the first walk, for a later one, and after which a finished walk is begun anew. */
const firstPatience = 5000;
const walkPatience = 1500;
const walkEvery = 10 * 60_000;

export function createScans(doors: {
  readonly graph: ResourceGraph;
  readonly arm: Arm;
  readonly walker: Walker;
  readonly self: () => Promise<Part<string>>;
  readonly clock: Clock;
  readonly ownRules?: readonly OwnRuleDefinition[];
}): Scans {
  const { graph, walker, clock } = doors;
  let asked: ScanOptions = {};
  let walkedAt = Number.NEGATIVE_INFINITY;
  let hasWalked = false;

  const quick = createSnapshotCache(async () => {
    const [scan, self] = await Promise.all([scanEstate(graph, clock()), doors.self()]);
    return withOwnRules({ ...scan, self }, doors.ownRules ?? [], graph);
  }, clock);

  const deep = createSnapshotCache(async () => {
    const walked = walk();
    const first = new Set((asked.registries ?? []).map(({ id }) => id.toLowerCase()));
    const scan = await deepenScan(await quick.get({ fresh: true }), doors, { first });
    // Without any walk a third of the rules is blind; later ones only bring news.
    await soon(walked, hasWalked ? walkPatience : firstPatience);
    return withContent(scan);
  }, clock);

  /** In the background for whoever does not wait; what it found is shown at once when it ends. */
  async function walk(): Promise<void> {
    const { registries, inUseTags = 10 } = asked;
    if (!registries) return;
    if (!walker.isUnfinished() && clock() - walkedAt < walkEvery) return;
    await walker.walk({ registries, inUseTags });
    walkedAt = clock();
    hasWalked = true;
    deep.amend(withContent);
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
      const { fresh = false, deep: isDeep = true } = options;
      if (!isDeep) return quick.get({ fresh });
      if (options.registries) asked = options;
      if (fresh) walkedAt = Number.NEGATIVE_INFINITY;
      const unwatch = options.onProgress && walker.watch(options.onProgress);
      return deep.get({ fresh }).finally(() => {
        if (!walker.isWalking()) unwatch?.();
      });
    },
    close: () => walker.stop(),
  };
}

/** Waits, but not longer than that; a timer that is left over keeps no process alive. */
const soon = (work: Promise<void>, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
