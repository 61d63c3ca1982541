// ACR-19: shown, not judged: quarantine never left its preview.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

export const quarantine = settingRule({
  id: 'ACR-19',
  title: 'Quarantine (information)',
  impact: 'Low',
  source: 'ACR',
  references: [
    'PSRule Azure.ACR.Quarantine',
    'CKV_AZURE_166',
    'steampipe container_registry_quarantine_policy_enabled',
  ],
  guidance:
    'Quarantine holds a pushed image back until a scanner releases it. It never left its preview, so it is shown and not asked for; promotion’s gates do this job here.',
  read: (facts) => facts.settings?.quarantine,
  judge: () => 'notApplicable',
  explain: (status, facts) => ({
    reason: `For information: it is ${status.toLowerCase()}.`,
    evidence: [property(facts, 'properties.policies.quarantinePolicy.status', status)],
  }),
  remedy: (facts) => `az resource show --ids ${facts.id}`,
});
