// ACR-18: nothing leaves the last stage; every stage before it must export, or promotion breaks. A last stage that feeds a
// mirror needs both, which is a conflict for people to settle.
import { isLastStage, isPremium, property } from '../rule.ts';
import { settingRule } from '../shapes.ts';
import { isEnabled } from '../truth.ts';

export const exportPolicy = settingRule({
  id: 'ACR-18',
  title: 'Exports: off in production, on before it',
  impact: 'Medium',
  source: 'ACR',
  references: ['PSRule Azure.ACR.ExportPolicy', 'Azure Policy 524b0254'],
  guidance:
    'Disabled exports keep images from being copied out of production; on the stages before, importing is exporting.',
  read: (facts) => isEnabled(facts.exportPolicy),
  judge: (enabled, facts, context) => {
    if (facts.stage === undefined || !context.stages.includes(facts.stage)) return 'unknown';
    if (!isLastStage(facts, context)) return enabled ? 'pass' : 'fail';
    const feeds = context.expected?.registries.get(facts.id)?.feedsMirror;
    if (!enabled) return feeds ? 'fail' : 'pass';
    if (feeds) return 'conflict';
    // Basic and Standard cannot disable it.
    if (facts.sku !== undefined && !isPremium(facts)) return 'notApplicable';
    return context.expected ? 'fail' : 'unknown';
  },
  explain: (enabled, facts, context, outcome) => {
    const last = isLastStage(facts, context);
    const reasons = {
      pass: last ? 'Exports are off.' : 'Exports are on, as promotion needs it.',
      fail: last
        ? enabled
          ? 'Images can be copied out of production.'
          : 'Exports are off, so the mirrors of the policy cannot copy from here.'
        : `Exports are off on ${facts.stage}: nothing can be promoted from here.`,
      conflict: 'A mirror of the policy copies from here, which disabled exports would stop.',
      notApplicable: `${facts.sku} cannot disable exports; CR-1 speaks of the tier.`,
      unknown: 'The stage or the policy is unknown, so it is unknown what exports should be.',
      waived: '',
    };
    return {
      reason: reasons[outcome],
      evidence: [property(facts, 'properties.policies.exportPolicy.status', facts.exportPolicy)],
    };
  },
  remedy: (facts) =>
    `az acr update --name ${facts.name} --allow-exports ${facts.exportPolicy?.toLowerCase() === 'disabled' ? 'true' : 'false'}`,
});
