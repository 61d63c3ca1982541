// CR-7: registry size. Only the retention policy is in Resource Graph; used storage and untagged bytes are not, so a
// registry whose retention is fine is still unknown. An absent policy is not a pass.
import { isPremium, property, type Rule } from '../rule.ts';

export const registrySize: Rule = {
  id: 'CR-7',
  title: 'Registry size and retention',
  impact: 'Medium',
  source: 'APRL',
  references: [
    'APRL 3ef86f16-f65b-c645-9901-7830d6dc3a1b (disabled upstream)',
    'CKV_AZURE_167',
    'azqr cr-010',
  ],
  guidance:
    'Storage stays under 80 % of what the tier includes, and untagged manifests are purged by a retention policy.',
  judge: (facts) => {
    const retained = facts.retention?.status.toLowerCase() === 'enabled';
    const softDeleted = facts.softDelete?.status.toLowerCase() === 'enabled';
    return isPremium(facts) && facts.retention && !retained && !softDeleted ? 'fail' : 'unknown';
  },
  explain: (facts, _context, outcome) => ({
    reason:
      outcome === 'fail'
        ? 'No retention policy purges untagged manifests.'
        : 'Not read: used storage and untagged bytes are not in Resource Graph.',
    evidence: [
      property(facts, 'properties.policies.retentionPolicy.status', facts.retention?.status),
      property(facts, 'properties.policies.softDeletePolicy.status', facts.softDelete?.status),
    ],
  }),
  remedy: (facts) =>
    `az acr config retention update --registry ${facts.name} --status enabled --days 7 --type UntaggedManifests`,
};
