// CR-1: the tier fits the stage. Premium where production is; less is enough before it.
import { isFirstStage, isLastStage, property, type Rule } from '../rule.ts';

export const premiumTier: Rule = {
  id: 'CR-1',
  title: 'Premium tier for critical production workloads',
  impact: 'High',
  source: 'APRL',
  references: [
    'APRL CR-1 eb005943-40a8-194b-9db2-474d430046b7',
    'PSRule Azure.ACR.MinSku',
    'CKV_AZURE_163',
    'Azure Policy bd560fc0',
  ],
  guidance:
    'Premium has geo-replication, private endpoints, zone redundancy by replica and the highest throughput. Standard is enough before production, Basic where people develop.',
  judge: (facts, context) => {
    const sku = facts.sku?.toLowerCase();
    if (sku === undefined || facts.stage === undefined) return sku === 'premium' ? 'pass' : 'unknown';
    if (sku === 'premium') return 'pass';
    // A lone stage is the last one.
    if (isLastStage(facts, context)) return 'fail';
    return isFirstStage(facts, context) || sku === 'standard' ? 'pass' : 'fail';
  },
  explain: (facts, _context, outcome) => ({
    reason:
      outcome === 'unknown'
        ? facts.sku === undefined
          ? 'The row carries no tier.'
          : 'The stage of the registry is unknown, so it is unknown which tier it needs.'
        : `${facts.sku} on ${facts.stage ?? 'an unknown stage'}.`,
    evidence: [property(facts, 'sku.name', facts.sku)],
  }),
  remedy: (facts) => `az acr update --name ${facts.name} --sku Premium`,
};
