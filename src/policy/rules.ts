// Every rule that a policy is judged by: the built-in ones, and after them the organisation's own.
import { rules } from '../posture/catalogue.ts';
import type { Rule } from '../posture/rule.ts';
import type { Policy } from './policy.ts';

export const rulesOf = ({ posture }: Pick<Policy, 'posture'>): readonly Rule[] =>
  posture.ownRules ? [...rules, ...posture.ownRules] : rules;
