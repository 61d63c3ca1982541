// TEN-08: base images reach the registries that build on them, at the same digest and in time: a team that builds on last
// month's base ships last month's holes.
import { isWalked } from '../content.ts';
import { indexOf } from '../estate-index.ts';
import type { Content, RegistryFacts, TagContent } from '../facts.ts';
import type { Outcome } from '../outcome.ts';
import { type Expectations, type JudgeContext, seen } from '../rule.ts';
import { listText, partRule } from '../shapes.ts';

type Mirror = Expectations['mirrors'][number];

interface Missing {
  readonly image: string;
  readonly digest: string;
  readonly held?: string;
}

const mirrorsTo = (facts: RegistryFacts, { expected }: JudgeContext): readonly Mirror[] =>
  expected?.mirrors.filter((mirror) => mirror.toStage === facts.stage) ?? [];

const find = (content: Content, repository: string, tag: string): TagContent | undefined =>
  content.repositories.find((each) => each.name === repository)?.tags?.find((each) => each.tag === tag);

/** What a mirror should have brought by now: a new tag has until the mirror's next run. */
function missingOf(mirror: Mirror, content: Content, expected: Expectations): readonly Missing[] {
  const sources = indexOf(expected).byStage.get(mirror.from)?.registries ?? [];
  return sources
    .flatMap((source) => (source.content?.read ? source.content.value.repositories : []))
    .filter(({ name }) => mirror.repositories.some((pattern) => expected.matches(pattern, name)))
    .flatMap(({ name, tags }) =>
      (tags ?? [])
        .filter((tag) => tag.inUse && expected.now - tag.updatedAt > mirror.maxAge)
        .map((tag) => ({
          image: `${name}:${tag.tag}`,
          digest: tag.digest,
          held: find(content, name, tag.tag),
        })),
    )
    .filter(({ digest, held }) => held?.digest !== digest)
    .map(({ image, digest, held }) => ({ image, digest, ...(held && { held: held.digest }) }));
}

const allMissing = (content: Content, facts: RegistryFacts, context: JudgeContext): readonly Missing[] => {
  const { expected } = context;
  return expected ? mirrorsTo(facts, context).flatMap((mirror) => missingOf(mirror, content, expected)) : [];
};

/** A tag that is missing from an unfinished walk may still be there; another digest is not. */
function judge(content: Content, facts: RegistryFacts, context: JudgeContext): Outcome {
  const { expected } = context;
  if (!expected || facts.stage === undefined) return 'unknown';
  const mirrors = mirrorsTo(facts, context);
  if (mirrors.length === 0) return 'notApplicable';
  const missing = allMissing(content, facts, context);
  const whole = isWalked(content);
  if (missing.some(({ held }) => whole || held !== undefined)) return 'fail';
  const sources = mirrors.every((mirror) => indexOf(expected).byStage.get(mirror.from)?.complete === true);
  return whole && sources ? 'pass' : 'unknown';
}

export const baseImages = partRule({
  id: 'TEN-08',
  title: 'Base images reach the development registries',
  impact: 'Medium',
  source: 'TEN',
  references: ['tenancy seed TEN-08; no scanner checks it'],
  guidance:
    'Each image that a mirror of the policy carries is in each of its target registries, at the same digest, one schedule later at most.',
  what: 'what the registry holds',
  part: (facts) => facts.content,
  judge,
  explain: (content, facts, context, outcome) => {
    const missing = outcome === 'fail' ? allMissing(content, facts, context) : [];
    return {
      reason:
        outcome === 'notApplicable'
          ? `No mirror of the policy leads to ${facts.stage}.`
          : outcome === 'pass'
            ? 'Every image of the mirrors is here.'
            : outcome === 'fail'
              ? `${missing.length} images are missing or old: ${listText(missing.map(({ image }) => image))}.`
              : 'Not every registry of the mirrors was walked to its end, or the stage is unknown.',
      evidence: missing.map(({ image, digest, held }) =>
        seen(facts, 'the registry itself', image, `${held ?? 'missing'}, should be ${digest}`),
      ),
    };
  },
  remedy: (facts) =>
    `az acr import --name ${facts.name} --source SOURCE/REPOSITORY@DIGEST --image REPOSITORY:TAG`,
});
