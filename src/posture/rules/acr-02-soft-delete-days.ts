// ACR-02: where soft delete is on, it keeps long enough for somebody to notice.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';
import { isEnabled } from '../truth.ts';

const least = 7;

export const softDeleteDays = settingRule({
  id: 'ACR-02',
  title: 'Soft delete keeps at least 7 days',
  impact: 'Low',
  source: 'ACR',
  references: ['PSRule Azure.ACR.SoftDelete (AZR-000310)'],
  guidance: 'A deleted image that is missed on Monday was deleted on Friday: keep a week.',
  read: (facts) => facts.softDelete,
  absent: 'The row does not carry the soft delete policy.',
  judge: ({ status, days }) => {
    const on = isEnabled(status);
    if (on === false) return 'notApplicable';
    return on === undefined || days === undefined ? 'unknown' : days >= least ? 'pass' : 'fail';
  },
  explain: ({ status, days }, facts, _context, outcome) => ({
    reason:
      outcome === 'notApplicable'
        ? 'Soft delete is off; CR-12 speaks of it.'
        : days === undefined
          ? 'The row does not say for how many days.'
          : `Kept for ${days} days; at least ${least} are asked for.`,
    evidence: [
      property(facts, 'properties.policies.softDeletePolicy.status', status),
      property(facts, 'properties.policies.softDeletePolicy.retentionDays', days),
    ],
  }),
  remedy: (facts) =>
    `az acr config soft-delete update --registry ${facts.name} --status enabled --days ${least}`,
});
