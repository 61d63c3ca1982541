// CR-8: nobody pulls without a name.
import { property, seen } from '../rule.ts';
import { counted, settingRule } from '../shapes.ts';
import { valueOf } from '../vulnerabilities.ts';

export const anonymousPull = settingRule({
  id: 'CR-8',
  title: 'Anonymous pull is off',
  impact: 'Medium',
  source: 'APRL',
  references: [
    'APRL CR-8 03f4a7d8-c5b4-7842-8e6e-14997a34842b',
    'CKV_AZURE_138',
    'PSRule Azure.ACR.AnonymousAccess',
    'Azure Policy 9f2dea28',
    'cloudsploit acrAnonymousPullAccessEnabled',
  ],
  guidance: 'With anonymous pull, whoever reaches the registry reads every image in it.',
  read: (facts) => facts.anonymousPullEnabled,
  judge: (enabled) => (enabled ? 'fail' : 'pass'),
  explain: (enabled, facts) => {
    const tokens = enabled ? (valueOf(facts.tokens)?.filter((token) => token.enabled) ?? []) : [];
    const moot = tokens.length > 0 ? ` While it is on, ${counted(tokens.length, 'token')} limit nobody.` : '';
    return {
      reason: enabled ? `Anybody can pull.${moot}` : 'Pulling needs an identity.',
      evidence: [
        property(facts, 'properties.anonymousPullEnabled', enabled),
        ...tokens.map((token) => seen(facts, 'registry tokens', `tokens/${token.name}`, 'enabled')),
      ],
    };
  },
  remedy: (facts) => `az acr update --name ${facts.name} --anonymous-pull-enabled false`,
});
