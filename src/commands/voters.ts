// Who decides a request, by what it is about: the groups of a promotion's way, and for the rest one group that stands
// for whoever has the right.
import { groupsOf, hasRight } from '../policy/lookup.ts';
import type { Edge, Policy } from '../policy/policy.ts';
import type { Request } from '../promotion/request.ts';
import type { Quorum, Terms } from '../promotion/terms.ts';
import { edgeOf, termsOf } from './ways.ts';

const day = 24 * 3_600_000;
const oneOf = (group: string): Quorum => ({ rules: [{ group, min: 1 }], total: 1, validFor: day });

/** Whoever has the right `waive`, whichever of its groups they are in. */
export const waiverQuorum = oneOf('waive');
/** Whoever may let a gate of this way pass. */
export const gateQuorum = oneOf('gate waivers');
/** Anybody of the groups that approve on this way. */
export const reviewQuorum = oneOf('reviewers');

interface Deciders {
  /** What the policy of now asks; nothing where it has no such way any more. */
  readonly terms?: Terms;
  /** Groups that a person decides for. */
  groups(person: string): readonly string[];
  /** Groups of the policy behind a group. */
  sources(group: string): readonly string[];
  /** People of a group, as the policy lists them. */
  members(group: string): readonly string[];
}

export function decidersOf(policy: Policy, { subject }: Request): Deciders {
  const named = (edge: string) => policy.edges.find((each) => each.name === edge);
  switch (subject.kind) {
    case 'promotion': {
      const edge = edgeOf(policy, subject);
      return {
        ...(edge && { terms: termsOf(edge) }),
        groups: (person) => groupsOf(policy, person),
        sources: (group) => [group],
        members: (group) => policy.groups[group]?.members ?? [],
      };
    }
    case 'waiver':
      return standIn(policy, waiverQuorum, policy.rights.waive ?? [], (person) =>
        hasRight(policy, person, 'waive'),
      );
    case 'gate':
      return standIn(policy, gateQuorum, named(subject.edge)?.waivers ?? []);
    case 'review':
      return standIn(policy, reviewQuorum, reviewersOf(named(subject.edge)));
  }
}

const reviewersOf = (edge: Edge | undefined): readonly string[] =>
  (edge?.approvals?.rules ?? []).map((rule) => rule.group);

/** One group of the quorum that stands for several of the policy. */
function standIn(
  policy: Policy,
  quorum: Quorum,
  groups: readonly string[],
  isOne = (person: string) => groupsOf(policy, person).some((group) => groups.includes(group)),
): Deciders {
  const stands = quorum.rules.map((rule) => rule.group);
  return {
    terms: { quorum, gates: {} },
    groups: (person) => (isOne(person) ? stands : []),
    sources: () => groups,
    members: () => [...new Set(groups.flatMap((group) => policy.groups[group]?.members ?? []))],
  };
}
