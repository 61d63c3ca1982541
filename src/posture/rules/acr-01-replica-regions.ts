// ACR-01: data stays in the regions that the policy allows, its replicas as well.
import type { RegistryFacts } from '../facts.ts';
import { normalRegion } from '../regions.ts';
import { type JudgeContext, property } from '../rule.ts';
import { listText, partRule } from '../shapes.ts';

const allowedRegions = ({ expected }: JudgeContext): readonly string[] => expected?.allowedRegions ?? [];

function isAllowed(context: JudgeContext, location: string): boolean {
  return allowedRegions(context).some((region) => normalRegion(region) === normalRegion(location));
}

const regionsOf = (facts: RegistryFacts): readonly string[] => [
  ...new Set([
    facts.location,
    ...(facts.replications.read ? facts.replications.value.map((replica) => replica.location) : []),
  ]),
];

export const replicaRegions = partRule({
  id: 'ACR-01',
  title: 'Only in allowed regions',
  impact: 'High',
  source: 'ACR',
  references: ['PSRule Azure.ACR.ReplicaLocation (AZR-000494)'],
  guidance: 'The registry and its replicas are in regions that posture.allowedRegions of the policy names.',
  what: 'the replicas',
  part: (facts) => facts.replications,
  judge: (replicas, facts, context) => {
    if (!context.expected) return 'unknown';
    if (allowedRegions(context).length === 0) return 'notApplicable';
    if (!isAllowed(context, facts.location)) return 'fail';
    return replicas.every((replica) => isAllowed(context, replica.location)) ? 'pass' : 'fail';
  },
  explain: (_replicas, facts, context, outcome) => {
    const regions = regionsOf(facts);
    const bad = regions.filter((region) => !isAllowed(context, region));
    const reasons = {
      fail: `Not allowed: ${listText(bad)}. Allowed: ${allowedRegions(context).join(', ')}.`,
      notApplicable: 'The policy allows every region.',
      unknown: 'There is no policy to compare with.',
      pass: `All in allowed regions: ${regions.join(', ')}.`,
    } as const;
    return {
      reason: reasons[outcome as keyof typeof reasons],
      evidence: regions.map((region) => property(facts, 'location', region)),
    };
  },
  remedy: (facts) => `az acr replication delete --registry ${facts.name} --name REGION`,
});
