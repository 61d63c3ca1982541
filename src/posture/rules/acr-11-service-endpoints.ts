// ACR-11: virtual network rules of the preview that private endpoints replaced.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

export const serviceEndpoints = settingRule({
  id: 'ACR-11',
  title: 'No legacy service endpoints',
  impact: 'Low',
  source: 'ACR',
  references: ['steampipe container_registry_use_virtual_service_endpoint', 'Azure Policy c4857be7'],
  guidance: 'Service endpoints for registries never left their preview; use private endpoints.',
  premium: true,
  read: (facts) => facts.settings?.virtualNetworkRules,
  absent: 'The row does not carry the virtual network rules.',
  judge: (subnets) => (subnets.length === 0 ? 'pass' : 'fail'),
  explain: (subnets, facts) => ({
    reason:
      subnets.length === 0
        ? 'There are none.'
        : `${subnets.length} subnets come in by service endpoints of the preview.`,
    evidence: subnets.map((subnet) =>
      property(facts, 'properties.networkRuleSet.virtualNetworkRules', subnet),
    ),
  }),
  remedy: (facts) => `az acr network-rule remove --name ${facts.name} --subnet SUBNET`,
});
