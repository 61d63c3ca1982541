// TEN-02: production is read by the clusters that run it. Whoever else reads it can copy every image, or runs them where
// nobody looks.
import { holdersOf, strangers } from '../access.ts';
import { accessRule } from '../access-rule.ts';
import { passwordText, unknownPasswordText } from '../passwords.ts';
import type { ExpectedRegistry } from '../rule.ts';

/** A cluster that was not read may be any service principal. */
function unresolved(registry: ExpectedRegistry): number {
  if (registry.clusters.some((cluster) => cluster.kubelets === undefined)) return Infinity;
  return registry.unresolved.length + (registry.isSelfKnown ? 0 : 1);
}

export const readers = accessRule({
  id: 'TEN-02',
  title: 'Production is read by its clusters',
  impact: 'Medium',
  source: 'TEN',
  references: ['tenancy seed TEN-02; no scanner checks it'],
  guidance:
    'Who can read production are the kubelets of the clusters that the policy names as readers, the readers and writers it names, and this product’s own identities.',
  verb: 'read',
  can: (holder) => holder.reads,
  expected: (registry) => registry.readers,
  strangers: (facts, registry) =>
    strangers(holdersOf(facts) ?? [], (holder) => holder.reads, registry.readers, unresolved(registry)),
  open: (facts) =>
    facts.anonymousPullEnabled === true
      ? 'Anonymous pull is on: anybody can read it (CR-8).'
      : passwordText(facts, 'read'),
  unread: (facts) =>
    facts.anonymousPullEnabled === undefined
      ? 'The row does not say whether anonymous pull is on.'
      : unknownPasswordText(facts, 'read'),
  remedy: (facts) => `az role assignment delete --scope ${facts.id} --assignee STRANGER --role ROLE`,
});
