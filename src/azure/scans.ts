// The scans that people wait for: a quick one of Resource Graph alone and a deep one that also asks each registry. The
// deep one begins with the quick one, so that neither is made twice.
import type { Scan } from '../posture/facts.ts';
import type { Clock, ScanOptions } from '../ports.ts';
import type { Arm } from './arm.ts';
import { deepenScan } from './deepen.ts';
import type { ResourceGraph } from './resource-graph.ts';
import { scanEstate } from './scan.ts';
import { createSnapshotCache } from './snapshot-cache.ts';

export interface Scans {
  scan(options?: ScanOptions): Promise<Scan>;
}

export function createScans(doors: {
  readonly graph: ResourceGraph;
  readonly arm: Arm;
  readonly clock: Clock;
}): Scans {
  const { graph, clock } = doors;
  let first: ReadonlySet<string> = new Set();
  const quick = createSnapshotCache(() => scanEstate(graph, clock()), clock);
  const deep = createSnapshotCache(
    async () => deepenScan(await quick.get({ fresh: true }), doors, { first }),
    clock,
  );
  return {
    scan: async ({ fresh = false, deep: isDeep = true, registries } = {}) => {
      if (!isDeep) return quick.get({ fresh });
      if (registries) first = new Set(registries.map(({ id }) => id.toLowerCase()));
      return deep.get({ fresh });
    },
  };
}
