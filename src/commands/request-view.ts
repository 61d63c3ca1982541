// A request as its card shows it: with the standing of the votes, who may vote, and the audit's hash at the end.
import { requestCard } from '../cards/request-card.ts';
import type { Card } from '../cards/card.ts';
import { excludedFrom, standing } from '../promotion/quorum.ts';
import { isTerminal, type Request } from '../promotion/request.ts';
import type { Doors } from './doors.ts';
import { decidersOf } from './voters.ts';

export async function viewRequest(doors: Doors, request: Request): Promise<Card> {
  const policy = doors.policy();
  const { quorum, subject } = request;
  const excluded = excludedFrom(request);
  const deciders = decidersOf(policy, request);
  const rows =
    isTerminal(request) || request.alarm ? await doors.ledger.auditRows({ subject: request.id }) : [];
  const last = isTerminal(request) ? rows.at(-1) : undefined;
  const closed = rows.findLast((row) => row.action === 'alarm-closed');
  return requestCard({
    request,
    now: doors.clock(),
    timezone: policy.timezone,
    hasGlass: subject.kind === 'promotion' && policy.breakGlass?.stages.includes(subject.toStage) === true,
    ...(quorum && {
      standing: standing(quorum, request.votes, excluded),
      voters: Object.fromEntries(
        quorum.rules.map(({ group }) => [
          group,
          deciders.members(group).filter((person) => !excluded.includes(person)),
        ]),
      ),
    }),
    ...(closed && { alarmClosed: { by: closed.actor.person, why: String(closed.facts['why'] ?? '') } }),
    ...(last && { auditHash: last.hash }),
  });
}
