// What rules look up in the whole estate, made once a scan: judging stays linear however many registries there are.
import type { RegistryFacts } from './facts.ts';
import { isWalked } from './content.ts';
import type { Expectations } from './rule.ts';

export interface StageContent {
  /** Every registry of the stage that the policy lists was walked to its end. */
  readonly complete: boolean;
  /** Repository -> digests that a tag names there. */
  readonly digests: ReadonlyMap<string, ReadonlySet<string>>;
  readonly registries: readonly RegistryFacts[];
}

export interface EstateIndex {
  readonly byStage: ReadonlyMap<string, StageContent>;
  /** Subscription and resource group -> stages of the registries in it. */
  readonly groupStages: ReadonlyMap<string, ReadonlySet<string>>;
  /** `stage team` -> the team's registries there. */
  readonly byTeam: ReadonlyMap<string, readonly RegistryFacts[]>;
}

const known = new WeakMap<readonly RegistryFacts[], EstateIndex>();

export function indexOf({ estate, registries }: Pick<Expectations, 'estate' | 'registries'>): EstateIndex {
  const before = known.get(estate);
  if (before) return before;
  // Only registries of the policy take part in promotions and mirrors; others are not even walked.
  const listed = estate.filter((facts) => registries.has(facts.id));
  const stages = new Set(listed.flatMap((facts) => facts.stage ?? []));
  const made: EstateIndex = {
    byStage: new Map([...stages].map((stage) => [stage, stageContent(listed, stage)])),
    groupStages: groupStages(estate),
    byTeam: Map.groupBy(
      estate.filter((facts) => facts.team !== undefined),
      (facts) => teamKey(facts.stage, facts.team),
    ),
  };
  known.set(estate, made);
  return made;
}

export const teamKey = (stage: string | undefined, team: string | undefined): string => `${stage} ${team}`;

/** A resource group's id, lower-cased, from the id of what is in it. */
export const groupOf = (id: string): string => {
  const end = id.indexOf('/providers/');
  return end < 0 ? id : id.slice(0, end);
};

function groupStages(estate: readonly RegistryFacts[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const facts of estate) {
    if (facts.stage === undefined) continue;
    const group = groupOf(facts.id);
    const stages = groups.get(group);
    if (stages) stages.add(facts.stage);
    else groups.set(group, new Set([facts.stage]));
  }
  return groups;
}

function stageContent(estate: readonly RegistryFacts[], stage: string): StageContent {
  const registries = estate.filter((facts) => facts.stage === stage);
  const digests = new Map<string, Set<string>>();
  for (const { content } of registries) {
    for (const repository of content?.read ? content.value.repositories : []) {
      const known = digests.get(repository.name) ?? new Set();
      digests.set(repository.name, known);
      for (const tag of repository.tags ?? []) known.add(tag.digest);
    }
  }
  return {
    complete: registries.every(({ content }) => content?.read === true && isWalked(content.value)),
    digests,
    registries,
  };
}
