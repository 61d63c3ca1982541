// The parts that Resource Graph lacks, for every registry of a scan up to a budget.
import type { RegistryFacts, Scan } from '../posture/facts.ts';
import type { Arm } from './arm.ts';
import { lookUpSinks } from './diagnostics.ts';
import { unread } from './parts.ts';
import { inPool } from './pool.ts';
import { type ArmParts, readArmParts } from './registry-parts.ts';
import type { ResourceGraph } from './resource-graph.ts';

const registriesAtOnce = 40;
const notRead = unread('not read in this scan: it has more registries than are asked one by one');
const nothing: ArmParts = {
  diagnostics: notRead,
  usage: notRead,
  tokens: notRead,
  webhooks: notRead,
  cacheRules: notRead,
  connected: notRead,
  dnsZoneGroups: notRead,
};

/** Never throws: what cannot be read says so in its part. `maxRegistries`: asked one by one, those of the policy first. */
export async function deepenScan(
  scan: Scan,
  doors: { readonly arm: Arm; readonly graph: ResourceGraph },
  options: { readonly maxRegistries?: number; readonly first?: ReadonlySet<string> } = {},
): Promise<Scan> {
  const { maxRegistries = 500, first = new Set() } = options;
  const chosen = new Set(
    [...scan.registries]
      .sort((a, b) => Number(first.has(b.id)) - Number(first.has(a.id)))
      .slice(0, maxRegistries),
  );
  const deep = await inPool(registriesAtOnce, scan.registries, async (facts): Promise<RegistryFacts> => {
    const parts = chosen.has(facts) ? await readArmParts(doors.arm, facts, scan.asOf) : nothing;
    return { ...facts, ...parts };
  });
  const looked = await lookUpSinks(
    doors.graph,
    deep.flatMap((facts) => facts.diagnostics ?? []),
  );
  const registries = deep.map((facts) =>
    facts.diagnostics ? { ...facts, diagnostics: looked(facts.diagnostics) } : facts,
  );
  return { ...scan, registries };
}
