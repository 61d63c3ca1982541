// TEN-01: production is written by one system. Whoever can push past it, directly or by a detour (the admin user's password,
// a task, a role they may give themselves), makes every approval a suggestion.
import { holdersOf, strangers } from '../access.ts';
import { accessRule } from '../access-rule.ts';
import { passwordText, unknownPasswordText } from '../passwords.ts';

export const writers = accessRule({
  id: 'TEN-01',
  title: 'Production is written by one system',
  impact: 'High',
  source: 'TEN',
  references: ['tenancy seed TEN-01; no scanner checks it'],
  guidance:
    'Who can write to production, directly or indirectly, are the registry’s writers in the policy and the identities of the edges and mirrors into it, and nobody else.',
  verb: 'write',
  can: (holder) => holder.writes,
  expected: (registry) => registry.writers,
  strangers: (facts, registry) =>
    strangers(
      holdersOf(facts) ?? [],
      (holder) => holder.writes,
      registry.writers,
      registry.unresolved.length,
    ),
  open: (facts) => passwordText(facts, 'write'),
  unread: (facts) => unknownPasswordText(facts, 'write'),
  remedy: (facts) => `az role assignment delete --scope ${facts.id} --assignee STRANGER --role ROLE`,
});
