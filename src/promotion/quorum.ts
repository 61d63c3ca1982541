// Who has approved, and whether that is enough.
import type { Request, Vote } from './request.ts';
import type { Quorum } from './terms.ts';

/** Distinct people who approve, each with the groups they vote for. The requester never counts. */
function approvers(
  votes: readonly Vote[],
  excluded: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const vote of votes) {
    if (vote.decision === 'approve' && !excluded.includes(vote.person)) found.set(vote.person, vote.groups);
  }
  return found;
}

export interface Standing {
  readonly met: boolean;
  readonly people: number;
  readonly total: number;
  readonly rules: readonly { readonly group: string; readonly have: number; readonly min: number }[];
}

/**
 * A person counts for every group they are in but once in the total, so one person in two groups never stands for two.
 * `total` is at least the largest `min`.
 */
export function standing(quorum: Quorum, votes: readonly Vote[], excluded: readonly string[]): Standing {
  const people = approvers(votes, excluded);
  const rules = quorum.rules.map(({ group, min }) => ({
    group,
    min,
    have: [...people.values()].filter((groups) => groups.includes(group)).length,
  }));
  const total = Math.max(quorum.total, ...quorum.rules.map((rule) => rule.min));
  return {
    met: people.size >= total && rules.every((rule) => rule.have >= rule.min),
    people: people.size,
    total,
    rules,
  };
}

/** Who can never approve it: whoever asked, and whom it names. */
export const excludedFrom = ({ requester, barred = [] }: Request): readonly string[] => [
  requester,
  ...barred,
];

/** Whether it may go on: nobody has to approve it, enough people did, or somebody broke the glass. */
export const isApproved = (request: Request): boolean =>
  !request.quorum ||
  request.glass !== undefined ||
  standing(request.quorum, request.votes, excludedFrom(request)).met;
