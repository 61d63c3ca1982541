// ACR-27: what Microsoft promises, shown because a peer shows it. Nothing of a registry changes it.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

export const sla = settingRule({
  id: 'ACR-27',
  title: 'Service level (information)',
  impact: 'Low',
  source: 'ACR',
  references: ['azqr cr-003'],
  guidance:
    'Microsoft’s service level agreement covers Basic, Standard and Premium alike; a second region (CR-3) is what keeps pulls going while one is down.',
  read: (facts) => facts.sku,
  absent: 'The row carries no tier.',
  judge: () => 'notApplicable',
  explain: (sku, facts) => ({
    reason: `For information: ${sku} is covered by the service level agreement of Container Registry.`,
    evidence: [property(facts, 'sku.name', sku)],
  }),
  remedy: (facts) => `az acr show --name ${facts.name} --query sku`,
});
