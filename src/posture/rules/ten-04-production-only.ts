// TEN-04: production holds base images and what runs there; an experiment that lies in it is one typing error from running.
import { repositoryRule } from '../content.ts';
import type { JudgeContext } from '../rule.ts';

const patterns = ({ expected }: JudgeContext): readonly string[] => expected?.productionRepositories ?? [];

export const productionOnly = repositoryRule({
  id: 'TEN-04',
  title: 'Production holds base images and production workloads only',
  impact: 'Medium',
  source: 'TEN',
  references: ['tenancy seed TEN-04; no scanner checks it'],
  guidance: 'Every repository of production matches an entry under repositories: of the policy.',
  stages: 'last',
  before: (_facts, context) =>
    context.expected && patterns(context).length === 0 ? 'notApplicable' : undefined,
  beforeText: () => 'The policy names no repositories.',
  good: (repository, _facts, context) =>
    context.expected &&
    patterns(context).some((pattern) => context.expected?.matches(pattern, repository.name)),
  bad: 'unknown to the policy',
  fine: 'Every repository is one of the policy.',
  remedy: (facts) => `az acr repository delete --name ${facts.name} --repository REPOSITORY`,
});
