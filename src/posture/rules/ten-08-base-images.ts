// TEN-08: base images reach the registries that build on them, at the same digest and in time: a team that builds on last
// month's base ships last month's holes.
import { isWalked } from '../content.ts';
import { indexOf } from '../estate-index.ts';
import type { Content, RegistryFacts, TagContent } from '../facts.ts';
import type { Outcome } from '../outcome.ts';
import { type Expectations, type JudgeContext, seen } from '../rule.ts';
import { counted, listText, partRule } from '../shapes.ts';

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

interface BaseImage {
  readonly repository: string;
  readonly tag: string;
  /** Of the registries that the mirror reads: any of them will do. */
  readonly digests: Set<string>;
  readonly updatedAt: number;
}

// Made once a scan and mirror: a mirror leads to many registries.
const carried = new WeakMap<readonly RegistryFacts[], Map<string, readonly BaseImage[]>>();

function imagesOf(mirror: Mirror, expected: Expectations): readonly BaseImage[] {
  const known = carried.get(expected.estate) ?? new Map<string, readonly BaseImage[]>();
  carried.set(expected.estate, known);
  const before = known.get(mirror.name);
  if (before) return before;
  const images = new Map<string, BaseImage>();
  for (const source of indexOf(expected).byStage.get(mirror.from)?.registries ?? []) {
    for (const { name, tags } of source.content?.read ? source.content.value.repositories : []) {
      if (!mirror.repositories.some((pattern) => expected.matches(pattern, name))) continue;
      for (const tag of tags ?? []) if (tag.inUse) add(images, name, tag);
    }
  }
  const list = [...images.values()];
  known.set(mirror.name, list);
  return list;
}

function add(
  images: Map<string, BaseImage>,
  repository: string,
  { tag, digest, updatedAt }: TagContent,
): void {
  const key = `${repository}:${tag}`;
  const known = images.get(key);
  images.set(key, {
    repository,
    tag,
    digests: (known?.digests ?? new Set()).add(digest),
    updatedAt: Math.max(updatedAt, known?.updatedAt ?? 0),
  });
}

/** What a mirror should have brought by now: a new tag has until the mirror's next run. */
function missingOf(mirror: Mirror, content: Content, expected: Expectations): readonly Missing[] {
  const missing: Missing[] = [];
  for (const { repository, tag, digests, updatedAt } of imagesOf(mirror, expected)) {
    if (expected.now - updatedAt <= mirror.maxAge) continue;
    const held = find(content, repository, tag)?.digest;
    if (held !== undefined && digests.has(held)) continue;
    const digest = [...digests].join(' or ');
    missing.push({ image: `${repository}:${tag}`, digest, ...(held !== undefined && { held }) });
  }
  return missing;
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
              ? `${counted(missing.length, 'image')} missing or old: ${listText(missing.map(({ image }) => image))}.`
              : 'Not every registry of the mirrors was walked to its end, or the stage is unknown.',
      evidence: missing.map(({ image, digest, held }) =>
        seen(facts, 'the registry itself', image, `${held ?? 'missing'}, should be ${digest}`),
      ),
    };
  },
  remedy: (facts) =>
    `az acr import --name ${facts.name} --source SOURCE/REPOSITORY@DIGEST --image REPOSITORY:TAG`,
});
