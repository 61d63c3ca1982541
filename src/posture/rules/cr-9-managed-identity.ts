// CR-9: managed identities instead of passwords. The admin user is in Resource Graph; tokens and the clusters' pull
// identities are not, so an admin user that is off does not make a pass yet.
import { property, type Rule } from '../rule.ts';

export const managedIdentity: Rule = {
  id: 'CR-9',
  title: 'Managed identities instead of passwords',
  impact: 'Medium',
  source: 'APRL',
  references: [
    'APRL CR-9 (dropped upstream in March 2024)',
    'CKV_AZURE_137',
    'AZR-ACR-AdminUser',
    'Azure Policy dc921057',
    'prowler containerregistry_admin_user_disabled',
  ],
  guidance: 'The admin user and tokens that never expire are shared secrets: nobody knows who used them.',
  judge: (facts) => (facts.adminUserEnabled === true ? 'fail' : 'unknown'),
  explain: (facts, _context, outcome) => ({
    reason:
      outcome === 'fail'
        ? 'The admin user is on.'
        : facts.adminUserEnabled === undefined
          ? 'The row does not say whether the admin user is on.'
          : 'The admin user is off. Not read: tokens and the identities of the clusters are not in Resource Graph.',
    evidence: [property(facts, 'properties.adminUserEnabled', facts.adminUserEnabled)],
  }),
  remedy: (facts) => `az acr update --name ${facts.name} --admin-enabled false`,
};
