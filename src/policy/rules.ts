// Every rule that a policy is judged by: the built-in ones, and after them the organisation's own.
import { rules } from '../posture/catalogue.ts';
import { kqlOf, type KqlScope } from '../posture/kql.ts';
import type { Rule } from '../posture/rule.ts';
import type { Policy } from './policy.ts';

export const rulesOf = ({ posture }: Pick<Policy, 'posture'>): readonly Rule[] =>
  posture.ownRules ? [...rules, ...posture.ownRules] : rules;

/** The query of a rule, built-in or own, for Azure's explorer; `undefined` if Resource Graph cannot judge it. */
export const queryOf = (
  rule: string,
  { posture }: Pick<Policy, 'posture'>,
  scope: KqlScope,
): string | undefined =>
  kqlOf(rule, scope) ?? posture.ownRules?.find(({ id }) => id === rule)?.definition.query;
