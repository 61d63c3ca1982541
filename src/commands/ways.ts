// Which ways an image can go, and for whom: edges of the policy, and the registries at both their ends.
import { edgeBetween, groupsOf, ownersOf, registriesOfStage, requesterGroups } from '../policy/lookup.ts';
import type { Edge, Policy } from '../policy/policy.ts';
import type { Subject } from '../promotion/request.ts';
import type { Terms } from '../promotion/terms.ts';
import type { RegistryRef } from '../ports.ts';
import type { Doors } from './doors.ts';

export const refOf = (policy: Policy, key: string): RegistryRef => {
  const registry = policy.registries[key];
  if (!registry) throw new RangeError(`the policy has no registry ${key}`);
  return { key, id: registry.id };
};

/** Edges on which somebody may ask for some repository at least. */
export function edgesFor(policy: Policy, person: string): readonly Edge[] {
  const groups = groupsOf(policy, person);
  const owned = policy.repositories.flatMap((entry) => entry.owners);
  return policy.edges.filter((edge) =>
    edge.requesters.some((name) =>
      (name === 'owners' ? owned : [name]).some((group) => groups.includes(group)),
    ),
  );
}

export const mayAsk = (policy: Policy, edge: Edge, repository: string, person: string): boolean =>
  requesterGroups(policy, edge, repository).some((group) => groupsOf(policy, person).includes(group));

export type EdgeChoice = { readonly edge: Edge } | { readonly problem: string };

/** The edge into `to`: the one from `from`, or the only one there is. Skipping a stage needs an edge that says so. */
export function chooseEdge(policy: Policy, from: string | undefined, to: string): EdgeChoice {
  if (!policy.stages.includes(to))
    return { problem: `There is no stage '${to}'. Stages: ${policy.stages.join(', ')}.` };
  if (from !== undefined && !policy.stages.includes(from))
    return { problem: `There is no stage '${from}'. Stages: ${policy.stages.join(', ')}.` };
  const into = policy.edges.filter((edge) => edge.to === to);
  const edge = from === undefined ? (into.length === 1 ? into[0] : undefined) : edgeBetween(policy, from, to);
  if (edge) return { edge };
  const ways = policy.edges.map((each) => `${each.from} to ${each.to}`).join(', ');
  if (from === undefined && into.length > 1)
    return {
      problem: `Several ways lead to ${to}. Say which: from ${into.map((each) => each.from).join(' or from ')}.`,
    };
  return { problem: `The policy has no way ${from ? `from ${from} ` : ''}to ${to}. Ways: ${ways}.` };
}

export type RegistryChoice =
  | { readonly key: string }
  | { readonly problem: string; readonly candidates: readonly string[] };

/**
 * The registry of a stage that serves a repository: it holds it, or its team owns it. Several are never guessed
 * between: the person names one (`wanted`).
 */
export async function chooseRegistry(
  doors: Doors,
  stage: string,
  repository: string,
  wanted: string | undefined,
  tag?: string,
): Promise<RegistryChoice> {
  const policy = doors.policy();
  const ofStage = registriesOfStage(policy, stage);
  const keys = ofStage.map(([key]) => key);
  if (wanted !== undefined) {
    return keys.includes(wanted)
      ? { key: wanted }
      : {
          problem: `There is no registry '${wanted}' of stage ${stage}. There are: ${keys.join(', ')}.`,
          candidates: keys,
        };
  }
  if (keys.length === 0)
    return {
      problem: `The policy has no registry of stage ${stage}. Add one under registries.`,
      candidates: [],
    };
  if (keys.length === 1 && keys[0]) return { key: keys[0] };
  const holding = await Promise.all(
    ofStage.map(async ([key]) =>
      (await holds(doors, refOf(policy, key), repository, tag)) ? key : undefined,
    ),
  );
  const owners = ownersOf(policy, repository);
  const owned = ofStage
    .filter(([, registry]) => registry.team && owners.includes(registry.team))
    .map(([key]) => key);
  const candidates = holding.filter((key) => key !== undefined);
  const found = candidates.length > 0 ? candidates : owned;
  if (found.length === 1 && found[0]) return { key: found[0] };
  const choices = found.length > 0 ? found : keys;
  const why = found.length > 0 ? 'serve' : 'could serve';
  return {
    problem: `Several registries of stage ${stage} ${why} ${repository}: ${choices.join(', ')}.`,
    candidates: choices,
  };
}

async function holds(
  doors: Doors,
  registry: RegistryRef,
  repository: string,
  tag: string | undefined,
): Promise<boolean> {
  if (tag) return (await doors.reader.tag(registry, repository, tag)) !== undefined;
  return (await doors.reader.tags(registry, repository)).length > 0;
}

type Promotion = Extract<Subject, { kind: 'promotion' }>;

/** The edge a request was made on, if the policy of now still has it, and its registries are still of its stages. */
export function edgeOf(policy: Policy, subject: Promotion): Edge | undefined {
  const { edge: name, fromStage, toStage, source, target, rollback } = subject;
  const stageOf = (key: string) => policy.registries[key]?.stage;
  const isThere = stageOf(target) === toStage && (rollback || stageOf(source) === fromStage);
  return isThere
    ? policy.edges.find((edge) => edge.name === name && edge.from === fromStage && edge.to === toStage)
    : undefined;
}

/** What an edge asks of a promotion. */
export function termsOf({ approvals, gates }: Edge): Terms {
  const quorum = approvals && {
    rules: approvals.rules,
    total: approvals.total,
    validFor: approvals.validFor,
  };
  return { ...(quorum && { quorum }), gates };
}
