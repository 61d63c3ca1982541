// A request as its card shows it: with the standing of the votes, who may vote, and the audit's hash at the end.
import { requestCard } from '../cards/request-card.ts';
import type { Card } from '../cards/card.ts';
import { standing } from '../promotion/quorum.ts';
import { isTerminal, type Request } from '../promotion/request.ts';
import type { Policy } from '../policy/policy.ts';
import type { Doors } from './doors.ts';
import { waiverGroup } from './waivers.ts';
import { waitsFor } from './ways.ts';

export async function viewRequest(doors: Doors, request: Request): Promise<Card> {
  const policy = doors.policy();
  const { quorum } = request;
  const waits = waitsFor(doors, request);
  const last = isTerminal(request)
    ? (await doors.ledger.auditRows({ subject: request.id, limit: 1 }))[0]
    : undefined;
  return requestCard({
    request,
    now: doors.clock(),
    ...(quorum && {
      standing: standing(quorum, request.votes, request.requester),
      voters: Object.fromEntries(
        quorum.rules.map(({ group }) => [
          group,
          membersOf(policy, group).filter((person) => person !== request.requester),
        ]),
      ),
    }),
    ...(waits && { waits: { ...waits, timezone: policy.timezone } }),
    ...(last && { auditHash: last.hash }),
  });
}

/** Members of a group; of the right to waive, everybody of its groups. */
function membersOf(policy: Policy, group: string): readonly string[] {
  const groups = group === waiverGroup ? (policy.rights.waive ?? []) : [group];
  return [...new Set(groups.flatMap((name) => policy.groups[name]?.members ?? []))];
}
