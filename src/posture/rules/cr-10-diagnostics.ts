// CR-10: diagnostic settings. They are not in Resource Graph.
import { type Rule, unread } from '../rule.ts';

export const diagnostics: Rule = {
  id: 'CR-10',
  title: 'Diagnostic settings',
  impact: 'Medium',
  source: 'APRL',
  references: [
    'APRL 44107155-7a32-9348-89f3-d5aa7e7c5a1d',
    'azqr cr-001',
    'AZR-ACR-Logs',
    'Azure Policy 56288eb2',
  ],
  guidance:
    'Login and repository events go to a sink that exists, so that a push can be traced to whoever made it.',
  judge: () => 'unknown',
  explain: () => unread('diagnostic settings are not in Resource Graph'),
  remedy: (facts) =>
    `az monitor diagnostic-settings create --name audit --resource ${facts.id} --workspace WORKSPACE --logs '[{"categoryGroup":"audit","enabled":true}]'`,
};
