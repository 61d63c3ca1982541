// TEN-05: a registry is of one stage, and somebody says which. A registry of no stage is judged by nobody's standard, so
// that is a finding of its own.
import { groupOf, indexOf } from '../estate-index.ts';
import type { RegistryFacts } from '../facts.ts';
import type { EvidenceItem, Outcome } from '../outcome.ts';
import { isFirstStage, isLastStage, type JudgeContext, property } from '../rule.ts';
import { limited } from '../shapes.ts';
import { stageTags } from '../stage.ts';

const isStageTag = (name: string): boolean => stageTags.includes(name.toLowerCase());

/** A tag that names another stage of the policy than the one the registry is of. */
function contradiction(facts: RegistryFacts, { stages }: JudgeContext): string | undefined {
  for (const name in facts.tags) {
    if (!isStageTag(name)) continue;
    const said = facts.tags[name]?.toLowerCase();
    const other = stages.find((stage) => stage.toLowerCase() === said);
    if (other !== undefined && other !== facts.stage) return name;
  }
  return undefined;
}

/** The stage at the other end of the chain that lives in the same resource group. */
function neighbour(facts: RegistryFacts, context: JudgeContext): string | undefined {
  const { stages, expected } = context;
  if (!expected || stages.length < 2) return undefined;
  const other = isLastStage(facts, context)
    ? stages[0]
    : isFirstStage(facts, context)
      ? stages.at(-1)
      : undefined;
  if (other === undefined) return undefined;
  return indexOf(expected).groupStages.get(groupOf(facts.id))?.has(other) ? other : undefined;
}

function judge(facts: RegistryFacts, context: JudgeContext): Outcome {
  if (facts.stage === undefined || !context.stages.includes(facts.stage)) return 'fail';
  if (contradiction(facts, context) !== undefined || neighbour(facts, context) !== undefined) return 'fail';
  return context.expected ? 'pass' : 'unknown';
}

function reasonOf(facts: RegistryFacts, context: JudgeContext, outcome: Outcome): string {
  if (facts.stage === undefined)
    return 'Nobody says of which stage it is: neither the policy, nor a tag, nor its name.';
  if (!context.stages.includes(facts.stage)) return `The policy has no stage '${facts.stage}'.`;
  const tag = contradiction(facts, context);
  if (tag !== undefined)
    return `It is ${facts.stage} by the ${facts.stageSource}, and its tag ${tag} says ${facts.tags[tag]}.`;
  const other = neighbour(facts, context);
  if (other !== undefined) return `A ${other} registry lives in the same resource group.`;
  return outcome === 'unknown'
    ? 'It is not known which registries share its resource group.'
    : `It is ${facts.stage}, and nothing says otherwise.`;
}

const evidenceOf = (facts: RegistryFacts): readonly EvidenceItem[] => [
  property(facts, `stage (by ${facts.stageSource})`, facts.stage),
  ...Object.entries(facts.tags)
    .filter(([name]) => isStageTag(name))
    .map(([name, value]) => property(facts, `tags.${name}`, value)),
  property(facts, 'resourceGroup', facts.resourceGroup),
];

export const oneStage = limited(
  {
    id: 'TEN-05',
    title: 'One stage a registry',
    impact: 'High',
    source: 'TEN',
    references: ['tenancy seed TEN-05; no scanner checks it'],
    guidance:
      'Each registry is of one stage, named in the policy or by its tag, and production shares no resource group with development.',
    remedy: (facts) => `az tag update --resource-id ${facts.id} --operation Merge --tags stage=STAGE`,
  },
  {},
  {
    judge,
    explain: (facts, context, outcome) => ({
      reason: reasonOf(facts, context, outcome),
      evidence: evidenceOf(facts),
    }),
  },
);
