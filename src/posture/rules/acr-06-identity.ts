// ACR-06: the registry has an identity of its own, which keys, cache rules and webhooks can be given to.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

export const registryIdentity = settingRule({
  id: 'ACR-06',
  title: 'The registry has a managed identity',
  impact: 'Low',
  source: 'ACR',
  references: ['cloudsploit acrManagedIdentityEnabled'],
  guidance:
    'Without an identity of its own a registry needs stored passwords for keys and upstream registries.',
  stages: 'later',
  read: (facts) => facts.settings?.hasIdentity,
  judge: (has) => (has ? 'pass' : 'fail'),
  explain: (has, facts) => ({
    reason: has ? `It has one: ${facts.settings?.identityType ?? 'of unknown type'}.` : 'It has none.',
    evidence: [property(facts, 'identity.type', facts.settings?.identityType ?? 'none')],
  }),
  remedy: (facts) => `az acr identity assign --name ${facts.name} --identities [system]`,
});
