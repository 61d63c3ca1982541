// Parts of a policy that are valid but that this version does not act on. They are said out loud when the policy is
// checked, so that nobody relies on a guard that is not there.
import { findRule } from '../posture/catalogue.ts';
import type { Rule } from '../posture/rule.ts';
import { nextOpening } from '../promotion/windows.ts';
import type { Edge, Policy } from './policy.ts';
import type { Problem } from './references.ts';
import { rulesOf } from './rules.ts';

/** One line for each part that has no effect, or that can never be met, in this version. */
export const notYet = (policy: Policy): readonly Problem[] => [
  ...policy.edges.flatMap((edge, i) => ofEdge(edge, i, rulesOf(policy))),
  ...ofWindows(policy),
];

const idle = (path: Problem['path'], what: string, effect: string): Problem => ({
  path,
  message: `This version does not act on ${what} yet. ${effect}.`,
});

function ofEdge(edge: Edge, i: number, rules: readonly Rule[]): readonly Problem[] {
  const problems: Problem[] = [];
  const { gates } = edge;
  const path = ['edges', i] as const;
  const { signature, posture } = gates;
  if (signature?.mode === 'enforce' && signature.trusted.length + signature.accept.length === 0)
    problems.push({
      path: [...path, 'gates', 'signature', 'trusted'],
      message: `The signature gate of '${edge.name}' trusts no certificate, so nothing can meet it. Name PEM files of authorities.`,
    });
  posture?.require.forEach((rule, j) => {
    if (posture.mode !== 'off' && !findRule(rule, rules))
      problems.push(
        idle([...path, 'gates', 'posture', 'require', j], `the rule '${rule}'`, 'The gate is always unknown'),
      );
  });
  return problems;
}

/** Windows are kept, so what is said of them is a stage that they leave closed for good. */
function ofWindows(policy: Policy): readonly Problem[] {
  return policy.stages
    .filter((stage) => policy.windows.some((window) => window.stages.includes(stage)))
    .filter((stage) => nextOpening(policy.windows, stage, 0, policy.timezone) === undefined)
    .map((stage) => ({
      path: ['windows'],
      message: `The windows never open '${stage}': nothing can be imported into it.`,
    }));
}
