// Who has approved, and whether that is enough.
import type { Quorum, Vote } from './request.ts';

/** Distinct people who approve, each with the groups they vote for. The requester never counts. */
function approvers(votes: readonly Vote[], requester: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const vote of votes) {
    if (vote.decision === 'approve' && vote.person !== requester) found.set(vote.person, vote.groups);
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
export function standing(quorum: Quorum, votes: readonly Vote[], requester: string): Standing {
  const people = approvers(votes, requester);
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

export const isAskedFor = (quorum: Quorum, group: string): boolean =>
  quorum.rules.some((rule) => rule.group === group);
