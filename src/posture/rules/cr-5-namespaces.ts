// CR-5: a repository without a namespace belongs to nobody: rights, costs and purges follow namespaces.
import { repositoryRule } from '../content.ts';
import type { JudgeContext } from '../rule.ts';

/** Where the policy names no namespaces, having one at all is what is asked. */
function hasNamespace(name: string, { expected }: JudgeContext): boolean | undefined {
  if (!expected) return undefined;
  if (expected.namespaces.length === 0) return name.includes('/');
  return expected.namespaces.some((pattern) => expected.matches(pattern, name));
}

export const namespaces = repositoryRule({
  id: 'CR-5',
  title: 'Repository namespaces',
  impact: 'Low',
  source: 'APRL',
  references: ['APRL CR-5 a5a0101a-a240-8742-90ba-81dbde9a0c0c (upstream now Medium)'],
  guidance:
    'Every repository starts with the namespace of a team or an application (posture.namespaces), so that rights and costs can follow.',
  good: (repository, _facts, context) => hasNamespace(repository.name, context),
  bad: 'outside the namespaces of the policy',
  fine: 'Every repository is in a namespace of the policy.',
  remedy: (facts) =>
    `az acr import --name ${facts.name} --source ${facts.loginServer ?? facts.name}/REPOSITORY:TAG --image NAMESPACE/REPOSITORY:TAG`,
});
