// Rules over what the data plane holds. A walk may be unfinished: then one bad tag still fails, but nothing passes.
import type { Content, RegistryFacts, RepositoryContent, TagContent } from './facts.ts';
import type { EvidenceItem, Outcome } from './outcome.ts';
import { type JudgeContext, type Rule, seen } from './rule.ts';
import { counted, type Limits, listText, type PartCheck, partRule } from './shapes.ts';
import { outcomeOf, type Truth } from './truth.ts';

/** Names of repositories are complete before their tags are. */
const hasAllNames = (content: Content): boolean => content.repositories.length >= content.total;
export const isWalked = (content: Content): boolean =>
  hasAllNames(content) &&
  content.walked >= content.total &&
  content.repositories.every((repository) => repository.tags !== undefined);

type Judged<T> = (item: T, facts: RegistryFacts, context: JudgeContext) => Truth;

interface Asked
  extends Limits,
    Pick<Rule, 'id' | 'title' | 'impact' | 'source' | 'references' | 'guidance' | 'remedy'> {
  /** Comes before the content: what the policy or another part says. */
  before?(facts: RegistryFacts, context: JudgeContext): Outcome | undefined;
  beforeText?(facts: RegistryFacts, context: JudgeContext, outcome: Outcome): string;
}

export interface TagRule extends Asked {
  /** Only tags in use, not all that are kept. */
  readonly inUse?: true;
  good(tag: TagContent, repository: string, facts: RegistryFacts, context: JudgeContext): Truth;
  /** Of a bad tag, for the evidence. */
  value(tag: TagContent, repository: string, facts: RegistryFacts, context: JudgeContext): string;
  /** What is said after `3 tags`, for example `not locked`. */
  readonly bad: string;
  readonly fine: string;
}

interface Found {
  readonly tag: TagContent;
  readonly repository: string;
}

/** Of every tag (in use). */
function everyTag(content: Content, rule: TagRule, facts: RegistryFacts, context: JudgeContext): Truth {
  let known = isWalked(content);
  for (const repository of content.repositories) {
    for (const tag of repository.tags ?? []) {
      if (rule.inUse && !tag.inUse) continue;
      const truth = rule.good(tag, repository.name, facts, context);
      if (truth === false) return false;
      if (truth === undefined) known = false;
    }
  }
  return known ? true : undefined;
}

function tagsThat(
  content: Content,
  rule: TagRule,
  wanted: Truth,
  facts: RegistryFacts,
  context: JudgeContext,
): readonly Found[] {
  return content.repositories.flatMap((repository) =>
    (repository.tags ?? [])
      .filter((tag) => tag.inUse || !rule.inUse)
      .filter((tag) => rule.good(tag, repository.name, facts, context) === wanted)
      .map((tag) => ({ tag, repository: repository.name })),
  );
}

const shown = 50;

/** A rule that every tag must meet. */
export const tagRule = (rule: TagRule): Rule =>
  partRule({
    ...contentPart(rule),
    judge: (content, facts, context) =>
      rule.before?.(facts, context) ?? outcomeOf(everyTag(content, rule, facts, context)),
    explain: (content, facts, context, outcome) => {
      const early = rule.before?.(facts, context);
      if (early !== undefined)
        return { reason: rule.beforeText?.(facts, context, early) ?? '', evidence: [] };
      const bad = tagsThat(content, rule, false, facts, context);
      const unclear = outcome === 'unknown' ? tagsThat(content, rule, undefined, facts, context) : [];
      const names = bad.map(nameOf);
      return {
        reason:
          bad.length > 0
            ? `${counted(bad.length, 'tag')} ${rule.bad}: ${listText(names)}.`
            : outcome === 'unknown'
              ? unfinishedText(content, unclear)
              : rule.fine,
        evidence: listed(
          facts,
          content,
          bad.map((found) => [nameOf(found), rule.value(found.tag, found.repository, facts, context)]),
        ),
      };
    },
  });

export interface RepositoryRule extends Asked {
  readonly good: Judged<RepositoryContent>;
  readonly bad: string;
  readonly fine: string;
}

/** A rule that every repository's name must meet. */
export const repositoryRule = (rule: RepositoryRule): Rule =>
  partRule({
    ...contentPart(rule),
    judge: (content, facts, context) => {
      const early = rule.before?.(facts, context);
      if (early !== undefined) return early;
      let known = hasAllNames(content);
      for (const repository of content.repositories) {
        const truth = rule.good(repository, facts, context);
        if (truth === false) return 'fail';
        if (truth === undefined) known = false;
      }
      return known ? 'pass' : 'unknown';
    },
    explain: (content, facts, context, outcome) => {
      const early = rule.before?.(facts, context);
      if (early !== undefined)
        return { reason: rule.beforeText?.(facts, context, early) ?? '', evidence: [] };
      const bad = content.repositories
        .filter((repository) => rule.good(repository, facts, context) === false)
        .map((repository) => repository.name);
      return {
        reason:
          bad.length > 0
            ? `${counted(bad.length, 'repository', 'repositories')} ${rule.bad}: ${listText(bad)}.`
            : outcome === 'unknown'
              ? `Only ${content.repositories.length} of ${content.total} repositories were listed.`
              : rule.fine,
        evidence: listed(
          facts,
          content,
          bad.map((name) => [name, rule.bad]),
        ),
      };
    },
  });

const contentPart = <R extends Asked>(rule: R): Omit<PartCheck<Content>, 'judge' | 'explain'> => ({
  ...rule,
  what: 'what the registry holds',
  part: (facts) => facts.content,
});

const nameOf = ({ tag, repository }: Found): string => `${repository}:${tag.tag}`;

function unfinishedText(content: Content, unclear: readonly Found[]): string {
  const walked = isWalked(content) ? '' : `${content.walked} of ${content.total} repositories were walked. `;
  return (
    `${walked}${unclear.length > 0 ? `Could not be judged: ${listText(unclear.map(nameOf))}.` : ''}`.trim() ||
    'Not all of it was read.'
  );
}

/** The first of a list as evidence, and how many there are: a waiver reopens when the number changes. */
function listed(
  facts: RegistryFacts,
  content: Content,
  items: readonly (readonly [string, string])[],
): readonly EvidenceItem[] {
  if (items.length === 0) return [];
  const one = (path: string, value: string): EvidenceItem => ({
    ...seen(facts, 'the registry itself', path, value),
    asOf: content.asOf,
  });
  return [
    ...items.slice(0, shown).map(([path, value]) => one(path, value)),
    one('in all', `${items.length}`),
  ];
}
