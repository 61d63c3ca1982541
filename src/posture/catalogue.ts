// Every rule, in the order it is shown. A new rule is a file under rules/ and a line here.
import type { Rule } from './rule.ts';
import { premiumTier } from './rules/cr-1-premium-tier.ts';
import { diagnostics } from './rules/cr-10-diagnostics.ts';
import { alerts } from './rules/cr-11-alerts.ts';
import { softDelete } from './rules/cr-12-soft-delete.ts';
import { zoneRedundancy } from './rules/cr-2-zone-redundancy.ts';
import { geoReplication } from './rules/cr-3-geo-replication.ts';
import { pullPerformance } from './rules/cr-4-pull-performance.ts';
import { namespaces } from './rules/cr-5-namespaces.ts';
import { dedicatedGroup } from './rules/cr-6-dedicated-group.ts';
import { registrySize } from './rules/cr-7-registry-size.ts';
import { anonymousPull } from './rules/cr-8-anonymous-pull.ts';
import { managedIdentity } from './rules/cr-9-managed-identity.ts';

export const rules: readonly Rule[] = [
  premiumTier,
  zoneRedundancy,
  geoReplication,
  pullPerformance,
  namespaces,
  dedicatedGroup,
  registrySize,
  anonymousPull,
  managedIdentity,
  diagnostics,
  alerts,
  softDelete,
];

/** By id, in any case: `cr-3` finds CR-3. */
export const findRule = (id: string): Rule | undefined =>
  rules.find((rule) => rule.id.toLowerCase() === id.toLowerCase());
