// ACR-04: tokens made for Azure's control plane do not open the registry.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';
import { isEnabled, outcomeOf } from '../truth.ts';

export const armAudience = settingRule({
  id: 'ACR-04',
  title: 'Tokens for Resource Manager are refused',
  impact: 'Low',
  source: 'ACR',
  references: ['Azure Policy 42781ec6'],
  guidance:
    'With the ARM audience accepted, a token taken from any tool of Azure also pulls and pushes images.',
  read: (facts) => facts.settings?.armAudienceTokens,
  judge: (status) => {
    const accepted = isEnabled(status);
    return outcomeOf(accepted === undefined ? undefined : !accepted);
  },
  explain: (status, facts) => ({
    reason: `Tokens with the audience of Resource Manager are ${isEnabled(status) === false ? 'refused' : 'accepted'}.`,
    evidence: [property(facts, 'properties.policies.azureADAuthenticationAsArmPolicy.status', status)],
  }),
  remedy: (facts) => `az acr config authentication-as-arm update --registry ${facts.name} --status disabled`,
});
