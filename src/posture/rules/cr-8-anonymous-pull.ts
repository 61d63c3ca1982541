// CR-8: nobody pulls without a name.
import { property, type Rule } from '../rule.ts';

export const anonymousPull: Rule = {
  id: 'CR-8',
  title: 'Anonymous pull is off',
  impact: 'Medium',
  source: 'APRL',
  references: [
    'APRL 03f4a7d8-c5b4-7842-8e6e-14997a34842b',
    'CKV_AZURE_138',
    'AZR-ACR-AnonymousAccess',
    'Azure Policy 9f2dea28',
  ],
  guidance: 'With anonymous pull, whoever reaches the registry reads every image in it.',
  judge: (facts) =>
    facts.anonymousPullEnabled === undefined ? 'unknown' : facts.anonymousPullEnabled ? 'fail' : 'pass',
  explain: (facts, _context, outcome) => ({
    reason:
      outcome === 'unknown'
        ? 'The row does not say.'
        : outcome === 'fail'
          ? 'Anybody can pull.'
          : 'Pulling needs an identity.',
    evidence: [property(facts, 'properties.anonymousPullEnabled', facts.anonymousPullEnabled)],
  }),
  remedy: (facts) => `az acr update --name ${facts.name} --anonymous-pull-enabled false`,
};
