// Every rule that a policy is judged by: the built-in ones, and after them the organisation's own; and their queries.
import { rules } from '../posture/catalogue.ts';
import { type Kql, kqlOf, type KqlScope } from '../posture/kql.ts';
import type { Rule } from '../posture/rule.ts';
import { globExpression } from './glob.ts';
import type { Policy } from './policy.ts';

export const rulesOf = ({ posture }: Pick<Policy, 'posture'>): readonly Rule[] =>
  posture.ownRules ? [...rules, ...posture.ownRules] : rules;

/** What the queries of the built-in rules carry of the policy. */
export const kqlScope = ({
  stages,
  registries,
  mirrors,
  posture,
}: Pick<Policy, 'stages' | 'registries' | 'mirrors' | 'posture'>): KqlScope => ({
  stages,
  registries: Object.values(registries).map(({ id, stage }) => ({
    id: id.toLowerCase(),
    stage,
    feedsMirror: mirrors.some((mirror) => mirror.from === stage),
  })),
  patterns: Object.entries(posture.stagePatterns).map(([stage, pattern]) => ({
    stage,
    expression: globExpression(pattern),
  })),
  allowedRegions: posture.allowedRegions,
  allowedSubscriptions: posture.allowedSubscriptions,
  requiredTags: posture.requiredTags,
  ...(posture.naming !== undefined && { naming: posture.naming }),
});

/** The query of a rule, built-in or own, for Azure's explorer, or why there is none. */
export function queryOf(rule: Rule, policy: Policy): Kql {
  const own = policy.posture.ownRules?.find(({ id }) => id === rule.id)?.definition.query;
  if (own !== undefined) return { query: own };
  return kqlOf(rule.id, kqlScope(policy)) ?? { none: 'has no query' };
}
