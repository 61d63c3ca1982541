// CR-12: soft delete. It excludes geo-replication, retention and artifact cache, so where the registry has one of those it
// is a conflict, not a failure. The typed API drops the field; Resource Graph's raw row has it. Absent is unknown.
import type { RegistryFacts } from '../facts.ts';
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';
import { isEnabled } from '../truth.ts';

function excludedBy(facts: RegistryFacts): string | undefined {
  if (
    facts.replications.read &&
    facts.replications.value.some((replica) => replica.location !== facts.location)
  )
    return 'geo-replication (CR-3)';
  if (isEnabled(facts.retention?.status) === true) return 'the retention policy (CR-7)';
  return facts.cacheRules?.read && facts.cacheRules.value.length > 0 ? 'artifact cache (ACR-07)' : undefined;
}

export const softDelete = settingRule({
  id: 'CR-12',
  title: 'Soft delete',
  impact: 'Medium',
  source: 'APRL',
  references: [
    'APRL CR-12 e7f0fd54-fba0-054e-9ab8-e676f2851f88 (upstream now Low)',
    'PSRule Azure.ACR.SoftDelete (AZR-000310)',
  ],
  guidance:
    'Deleted images can be restored for some days. It cannot be had together with geo-replication, artifact cache or retention.',
  read: (facts) => facts.softDelete,
  absent: 'The row does not carry the soft delete policy.',
  judge: (policy, facts) => {
    const on = isEnabled(policy.status);
    if (on !== false) return on ? 'pass' : 'unknown';
    return excludedBy(facts) === undefined ? 'fail' : 'conflict';
  },
  explain: (policy, facts, _context, outcome) => ({
    reason:
      outcome === 'conflict'
        ? `Excluded by ${excludedBy(facts)}.`
        : outcome === 'fail'
          ? 'A deleted image is gone for good.'
          : `Soft delete is ${policy.status.toLowerCase()}, ${policy.days ?? 7} days.`,
    evidence: [property(facts, 'properties.policies.softDeletePolicy.status', policy.status)],
  }),
  remedy: (facts) => `az acr config soft-delete update --registry ${facts.name} --status enabled --days 7`,
});
