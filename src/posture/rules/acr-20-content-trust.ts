// ACR-20: shown, not judged: peers ask for content trust, which ends on 2028-03-31.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

export const contentTrust = settingRule({
  id: 'ACR-20',
  title: 'Content trust (information)',
  impact: 'Low',
  source: 'ACR',
  references: [
    'PSRule Azure.ACR.ContentTrust',
    'CKV_AZURE_164',
    'steampipe container_registry_trust_policy_enabled',
    'cloudsploit acrContentTrustEnabled',
  ],
  guidance:
    'Docker content trust ends on 2028-03-31. Sign with Notation instead, which the signature gate of an edge looks for.',
  read: (facts) => facts.settings?.contentTrust,
  judge: () => 'notApplicable',
  explain: (status, facts) => ({
    reason: `For information: it is ${status.toLowerCase()}.`,
    evidence: [property(facts, 'properties.policies.trustPolicy.status', status)],
  }),
  remedy: (facts) => `az acr config content-trust show --registry ${facts.name}`,
});
