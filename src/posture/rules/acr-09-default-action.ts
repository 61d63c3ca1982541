// ACR-09: whoever is not listed is refused. Where the public network is off, there is nothing to list.
import type { RegistryFacts } from '../facts.ts';
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';
import { isEnabled } from '../truth.ts';

const isClosed = (facts: RegistryFacts): boolean => isEnabled(facts.publicNetworkAccess) === false;

export const defaultAction = settingRule({
  id: 'ACR-09',
  title: 'Networks are refused unless listed',
  impact: 'Medium',
  source: 'ACR',
  references: [
    'PSRule Azure.ACR.Firewall',
    'steampipe container_registry_restrict_public_access',
    'Azure Policy d0793b48',
  ],
  guidance:
    'If the registry is reachable from outside at all, its default action is Deny and the networks are named.',
  stages: 'later',
  premium: true,
  read: (facts) => (isClosed(facts) ? 'closed' : facts.settings?.networkDefaultAction?.toLowerCase()),
  absent: 'The row does not say what happens to networks that are not listed.',
  judge: (action) =>
    action === 'closed' || action === 'deny' ? 'pass' : action === 'allow' ? 'fail' : 'unknown',
  explain: (action, facts) => ({
    reason:
      action === 'closed'
        ? 'The public network is off.'
        : `The default action is ${facts.settings?.networkDefaultAction}.`,
    evidence: [
      property(facts, 'properties.networkRuleSet.defaultAction', facts.settings?.networkDefaultAction),
      property(facts, 'properties.publicNetworkAccess', facts.publicNetworkAccess),
    ],
  }),
  remedy: (facts) => `az acr update --name ${facts.name} --default-action Deny`,
});
