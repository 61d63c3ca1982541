// A request as its card shows it: with the standing of the votes, who may vote, and the audit's hash at the end.
import { requestCard } from '../cards/request-card.ts';
import type { Card } from '../cards/card.ts';
import type { RequestView } from '../cards/request-facts.ts';
import type { Policy } from '../policy/policy.ts';
import { excludedFrom, standing } from '../promotion/quorum.ts';
import { isTerminal, type Request } from '../promotion/request.ts';
import type { LinkConfirmed } from '../ports.ts';
import type { Doors } from './doors.ts';
import { linksInForce } from './links.ts';
import { decidersOf } from './voters.ts';

/** Who may press what; nothing where an Entra group has a say, because its members are not known here. */
function peopleOf(
  policy: Policy,
  request: Request,
  links: readonly LinkConfirmed[],
): Pick<RequestView, 'people'> {
  const { breakGlass, groups, rights } = policy;
  if (Object.values(groups).some((group) => group.entraGroup !== undefined)) return {};
  const membersOf = (names: readonly string[]) => names.flatMap((name) => groups[name]?.members ?? []);
  const excluded = excludedFrom(request);
  const deciders = decidersOf(policy, request);
  const people = {
    deciders: (request.quorum?.rules ?? [])
      .flatMap(({ group }) => deciders.members(group))
      .filter((person) => !excluded.includes(person)),
    admins: membersOf(rights.admin ?? []),
    glass: membersOf(breakGlass ? [breakGlass.group] : []),
  };
  const named = new Set([request.requester, ...people.deciders, ...people.admins, ...people.glass]);
  const accounts = [...named].flatMap((person) => {
    const entra = policy.people[person]?.entra;
    if (entra) return [[person, { tenant: entra.tenant, user: entra.objectId }] as const];
    const linked = links.find((link) => link.person === person && link.account.channel === 'teams');
    return linked ? [[person, { tenant: linked.account.tenant, user: linked.account.user }] as const] : [];
  });
  return { people: { ...people, accounts: Object.fromEntries(accounts) } };
}

export async function viewRequest(doors: Doors, request: Request): Promise<Card> {
  const policy = doors.policy();
  const { quorum, subject } = request;
  const excluded = excludedFrom(request);
  const deciders = decidersOf(policy, request);
  const rows =
    isTerminal(request) || request.alarm ? await doors.ledger.auditRows({ subject: request.id }) : [];
  const last = isTerminal(request) ? rows.at(-1) : undefined;
  const closed = rows.findLast((row) => row.action === 'alarm-closed');
  const { why } = (closed?.facts ?? {}) as { readonly why?: string };
  return requestCard({
    request,
    now: doors.clock(),
    ...peopleOf(policy, request, await linksInForce(doors)),
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
    ...(closed && { alarmClosed: { by: closed.actor.person, why: why ?? '' } }),
    ...(last && { auditHash: last.hash }),
  });
}
