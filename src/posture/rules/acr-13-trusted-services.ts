// ACR-13: a registry behind a closed network takes imports only if it lets Azure's trusted services by, so a registry of
// the chain needs the bypass, and one that nobody promotes to does not.
import type { RegistryFacts } from '../facts.ts';
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';
import { isEnabled } from '../truth.ts';

function isRestricted(facts: RegistryFacts): boolean | undefined {
  const open = isEnabled(facts.publicNetworkAccess);
  if (open === false || facts.settings?.networkDefaultAction?.toLowerCase() === 'deny') return true;
  return open === undefined ? undefined : false;
}

export const trustedServices = settingRule({
  id: 'ACR-13',
  title: 'Trusted services pass as the stage needs it',
  impact: 'Medium',
  source: 'ACR',
  references: ['cloudsploit acrTrustedServiceEnabled'],
  guidance:
    'Imports between registries with closed networks, and scans, are made by trusted services of Azure.',
  read: (facts) => facts.settings?.networkBypass?.toLowerCase(),
  judge: (bypass, facts, { expected }) => {
    const restricted = isRestricted(facts);
    if (restricted === undefined) return 'unknown';
    if (!restricted) return 'notApplicable';
    if (bypass === 'azureservices') return 'pass';
    if (!expected) return 'unknown';
    return expected.registries.has(facts.id) ? 'fail' : 'pass';
  },
  explain: (bypass, facts, _context, outcome) => ({
    reason:
      outcome === 'notApplicable'
        ? 'The network is open, so nothing has to be let by.'
        : bypass === 'azureservices'
          ? 'Trusted services are let by.'
          : outcome === 'fail'
            ? 'Promotions into and out of it fail: trusted services are stopped at its closed network.'
            : outcome === 'pass'
              ? 'No edge of the policy leads here, so trusted services need not pass.'
              : 'It is unknown whether its network is closed or promotions lead here.',
    evidence: [
      property(facts, 'properties.networkRuleBypassOptions', facts.settings?.networkBypass),
      property(facts, 'properties.publicNetworkAccess', facts.publicNetworkAccess),
    ],
  }),
  remedy: (facts) => `az acr update --name ${facts.name} --allow-trusted-services true`,
});
