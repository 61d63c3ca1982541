// CR-12: soft delete. It excludes geo-replication and retention, so where the stage has one of those it is a conflict,
// not a failure. The typed API drops the field; Resource Graph's raw row has it. Absent is unknown.
import type { RegistryFacts } from '../facts.ts';
import { property, type Rule } from '../rule.ts';

function excludedBy(facts: RegistryFacts): 'CR-3' | 'CR-7' | undefined {
  if (
    facts.replications.read &&
    facts.replications.value.some((replica) => replica.location !== facts.location)
  )
    return 'CR-3';
  return facts.retention?.status.toLowerCase() === 'enabled' ? 'CR-7' : undefined;
}

export const softDelete: Rule = {
  id: 'CR-12',
  title: 'Soft delete',
  impact: 'Medium',
  source: 'APRL',
  references: ['APRL e7f0fd54-fba0-054e-9ab8-e676f2851f88 (upstream now Low)', 'AZR-ACR-SoftDelete'],
  guidance:
    'Deleted images can be restored for some days. It cannot be had together with geo-replication, artifact cache or retention.',
  judge: (facts) => {
    if (!facts.softDelete) return 'unknown';
    if (facts.softDelete.status.toLowerCase() === 'enabled') return 'pass';
    return excludedBy(facts) ? 'conflict' : 'fail';
  },
  explain: (facts, _context, outcome) => {
    const other = excludedBy(facts);
    const reason =
      outcome === 'unknown'
        ? 'The row does not carry the soft delete policy.'
        : outcome === 'conflict'
          ? `Excluded by ${other === 'CR-3' ? 'geo-replication' : 'the retention policy'} (${other}).`
          : outcome === 'fail'
            ? 'A deleted image is gone for good.'
            : `Deleted images are kept for ${facts.softDelete?.days ?? 7} days.`;
    return {
      reason,
      evidence: [property(facts, 'properties.policies.softDeletePolicy.status', facts.softDelete?.status)],
    };
  },
  remedy: (facts) => `az acr config soft-delete update --registry ${facts.name} --status enabled --days 7`,
};
