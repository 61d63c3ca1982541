// TEN-07: every digest in production came through the chain: it was promoted by this product, or is known in the stage
// before, or is a base image that the CI may push while nobody else can write. No event names the pusher reliably.
import { tagRule } from '../content.ts';
import { indexOf } from '../estate-index.ts';
import type { RegistryFacts, TagContent } from '../facts.ts';
import type { Expectations, JudgeContext } from '../rule.ts';
import type { Truth } from '../truth.ts';
import { writers } from './ten-01-writers.ts';

const isFromCi = (repository: string, expected: Expectations): boolean =>
  expected.ciRepositories.some((pattern) => expected.matches(pattern, repository));

const promotedDigest = (tag: TagContent, repository: string, facts: RegistryFacts, expected: Expectations) =>
  expected.promoted?.get(`${facts.id}/${repository}:${tag.tag}`);

/** In the registries of the stage before; unknown where one of them was not walked to its end. */
function wasBefore(
  digest: string,
  repository: string,
  expected: Expectations,
  stages: readonly string[],
): Truth {
  const stage = stages.at(-2);
  if (stage === undefined) return false;
  const before = indexOf(expected).byStage.get(stage);
  if (before?.digests.get(repository)?.has(digest)) return true;
  return before?.complete ? false : undefined;
}

function cameThrough(
  tag: TagContent,
  repository: string,
  facts: RegistryFacts,
  context: JudgeContext,
): Truth {
  const { expected, stages } = context;
  if (!expected) return undefined;
  const promoted = promotedDigest(tag, repository, facts, expected);
  if (promoted !== undefined) return promoted === tag.digest;
  if (expected.promoted?.has(`${facts.id}/${repository}@${tag.digest}`)) return true;
  const before = wasBefore(tag.digest, repository, expected, stages);
  if (before === true) return true;
  if (isFromCi(repository, expected)) {
    const outcome = writers.judge(facts, context);
    if (outcome !== 'fail') return outcome === 'pass' ? true : undefined;
  }
  return expected.promoted === undefined ? undefined : before;
}

export const throughTheChain = tagRule({
  id: 'TEN-07',
  title: 'Every production digest came through the chain',
  impact: 'High',
  source: 'TEN',
  references: ['tenancy seed TEN-07; no scanner checks it'],
  guidance:
    'Each digest of production was promoted by this product or is in the stage before; repositories of origin ci are let be while TEN-01 passes. A tag that no longer names what was promoted is listed.',
  stages: 'last',
  good: cameThrough,
  value: (tag, repository, facts, { expected }) => {
    const promoted = expected && promotedDigest(tag, repository, facts, expected);
    return promoted === undefined
      ? `${tag.digest} is not known in the stage before`
      : `moved: promoted as ${promoted}, now ${tag.digest}`;
  },
  bad: 'that did not come through the chain',
  fine: 'Every digest was promoted, is in the stage before, or is a base image of the CI.',
  remedy: (facts) => `az acr manifest show --registry ${facts.name} --name REPOSITORY:TAG`,
});
