// ACR-14: layers come from an address of the registry's own, so that firewalls need no wildcard over Azure's storage.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

export const dataEndpoints = settingRule({
  id: 'ACR-14',
  title: 'Dedicated data endpoints',
  impact: 'Low',
  source: 'ACR',
  references: ['CKV_AZURE_237'],
  guidance:
    'With dedicated data endpoints clients are allowed to the registry alone, not to every storage account.',
  stages: 'last',
  premium: true,
  read: (facts) => facts.settings?.dataEndpointEnabled,
  judge: (enabled) => (enabled ? 'pass' : 'fail'),
  explain: (enabled, facts) => ({
    reason: enabled ? 'They are on.' : 'Layers are fetched from shared storage addresses.',
    evidence: [property(facts, 'properties.dataEndpointEnabled', enabled)],
  }),
  remedy: (facts) => `az acr update --name ${facts.name} --data-endpoint-enabled true`,
});
