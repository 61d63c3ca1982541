// ACR-08: no way in from the internet.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';
import { isEnabled, outcomeOf } from '../truth.ts';

export const publicNetwork = settingRule({
  id: 'ACR-08',
  title: 'Public network access is off',
  impact: 'High',
  source: 'ACR',
  references: [
    'prowler containerregistry_not_publicly_accessible',
    'CKV_AZURE_139',
    'steampipe container_registry_public_network_access_disabled',
    'Azure Policy 0fdf0491',
    'cloudsploit acrPublicAccess',
  ],
  guidance: 'Past development, a registry is reached by private endpoints only. It needs Premium.',
  stages: 'later',
  read: (facts) => facts.publicNetworkAccess,
  judge: (access) => {
    const open = isEnabled(access);
    return outcomeOf(open === undefined ? undefined : !open);
  },
  explain: (access, facts, _context, outcome) => ({
    reason:
      outcome === 'pass' ? 'Closed to the internet.' : `Public network access is ${access.toLowerCase()}.`,
    evidence: [property(facts, 'properties.publicNetworkAccess', access)],
  }),
  remedy: (facts) => `az acr update --name ${facts.name} --public-network-enabled false`,
});
