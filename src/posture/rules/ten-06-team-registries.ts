// TEN-06: each team has a development registry of its own and may do there what it likes; sharing one is how one team's
// cleaning up deletes another's images.
import { type Holder, holdersOf, principalCan } from '../access.ts';
import { indexOf, teamKey } from '../estate-index.ts';
import type { RegistryFacts } from '../facts.ts';
import type { Outcome } from '../outcome.ts';
import { isFirstStage, isLastStage, type JudgeContext, seen } from '../rule.ts';
import { limited, listText, unreadText } from '../shapes.ts';
import { all, outcomeOf, type Truth } from '../truth.ts';

const isDevelopment = (facts: RegistryFacts, context: JudgeContext): boolean =>
  isFirstStage(facts, context) && !isLastStage(facts, context);

/** All of the team's in the same stage, this one too. */
function ofTeam(facts: RegistryFacts, { expected }: JudgeContext): readonly RegistryFacts[] {
  if (!expected || facts.team === undefined) return [];
  return indexOf(expected).byTeam.get(teamKey(facts.stage, facts.team)) ?? [];
}

/**
 * Teams for which the policy has no registry in this stage. Nobody's registry is to blame, so the first of the stage
 * carries it, once.
 */
function forgotten(facts: RegistryFacts, { expected }: JudgeContext): readonly string[] {
  const first = expected && indexOf(expected).byStage.get(facts.stage ?? '')?.registries[0];
  if (!expected || first?.id !== facts.id) return [];
  const listed = [...expected.registries.values()].filter(({ stage }) => stage === facts.stage);
  return expected.teams.filter((team) => !listed.some((registry) => registry.team === team));
}

/** Full access: to write images. Some of several accounts may hold it for the team only if all do. */
function hasAccess(facts: RegistryFacts, { expected }: JudgeContext): Truth {
  const holders = holdersOf(facts);
  const principals = expected?.registries.get(facts.id)?.teamPrincipals ?? [];
  if (!holders || principals.length === 0) return undefined;
  return all(...principals.map((id) => can(holders, id)));
}

/** A group that is named is the team itself; any other group may hold its members. */
function can(holders: readonly Holder[], principal: string): Truth {
  const named = holders.find((holder) => holder.principal === principal);
  return named?.writes === true ? true : principalCan(holders, principal, (holder) => holder.writes);
}

function judge(facts: RegistryFacts, context: JudgeContext): Outcome {
  if (facts.stage === undefined) return 'unknown';
  if (!isDevelopment(facts, context)) return 'notApplicable';
  if (!context.expected) return 'unknown';
  if (facts.team === undefined || ofTeam(facts, context).length > 1) return 'fail';
  if (forgotten(facts, context).length > 0) return 'fail';
  return outcomeOf(hasAccess(facts, context));
}

function reasonOf(facts: RegistryFacts, context: JudgeContext, outcome: Outcome): string {
  if (outcome === 'notApplicable') return `Not asked of ${facts.stage}.`;
  if (facts.stage === undefined || !context.expected) return 'The stage or the policy is unknown.';
  if (facts.team === undefined) return 'It belongs to no team of the policy.';
  const others = ofTeam(facts, context).filter((other) => other.id !== facts.id);
  if (others.length > 0)
    return `${facts.team} has more than one: also ${listText(others.map((other) => other.name))}.`;
  const without = forgotten(facts, context);
  if (without.length > 0) return `The policy has no registry here for ${listText(without)}.`;
  if (outcome === 'pass') return `${facts.team} has it for itself, with full access.`;
  if (outcome === 'fail') return `${facts.team} has no full access to its own registry.`;
  if (!facts.grants?.read) return unreadText('the role assignments', facts.grants);
  return context.expected.registries.get(facts.id)?.teamPrincipals.length
    ? `Whether ${facts.team} may write cannot be told: groups or conditions are between.`
    : `The policy names no Entra account of ${facts.team}.`;
}

export const teamRegistries = limited(
  {
    id: 'TEN-06',
    title: 'One development registry a team',
    impact: 'Medium',
    source: 'TEN',
    references: ['tenancy seed TEN-06; no scanner checks it'],
    guidance:
      'Each registry of the first stage belongs to one team of the policy, each team has one, and its members may write to it.',
    remedy: (facts) =>
      `az role assignment create --scope ${facts.id} --assignee TEAM-GROUP --role "Container Registry Repository Contributor"`,
  },
  {},
  {
    judge,
    explain: (facts, context, outcome) => ({
      reason: reasonOf(facts, context, outcome),
      evidence: [seen(facts, 'the policy', 'team', facts.team)],
    }),
  },
);
