// The limits on asking. Judged inside the transaction that stores the request, so that nobody asks past them twice at once.
import type { Policy } from '../policy/policy.ts';
import type { Request, Subject } from '../promotion/request.ts';
import type { Answer } from '../ports.ts';
import { refuse } from './refuse.ts';

/** Limits per person and repository, and one open request a target tag. `open`: requests of the person or repository. */
export function limitOn(
  policy: Policy,
  open: readonly Request[],
  person: string,
  subject: Subject,
): Answer | undefined {
  // A review is owed, not asked for.
  if (subject.kind === 'review') return undefined;
  const same = open.find((each) => isSame(each.subject, subject));
  if (same)
    return refuse(
      'already-open',
      `${same.id} asks for the same already. See it with: /acr request ${same.id}`,
    );
  const mine = open.filter((each) => each.requester === person && each.subject.kind !== 'review').length;
  const { openPerPerson, openPerRepository } = policy.limits;
  // The product is nobody of the policy: it asks for what is pushed.
  if (mine >= openPerPerson && person in policy.people)
    return refuse(
      'limit-person',
      `You have ${mine} open requests; the policy allows ${openPerPerson}. Cancel one or wait: /acr requests mine`,
    );
  if (subject.kind !== 'promotion') return undefined;
  const { repository } = subject;
  const there = open.filter(
    (each) => each.subject.kind === 'promotion' && each.subject.repository === repository,
  ).length;
  if (there < openPerRepository) return undefined;
  return refuse(
    'limit-repository',
    `${repository} has ${there} open requests; the policy allows ${openPerRepository}. See them: /acr requests`,
  );
}

function isSame(one: Subject, other: Subject): boolean {
  if (one.kind === 'promotion' && other.kind === 'promotion')
    return one.target === other.target && one.repository === other.repository && one.tag === other.tag;
  if (one.kind === 'waiver' && other.kind === 'waiver')
    return one.rule === other.rule && one.scope === other.scope;
  if (one.kind === 'gate' && other.kind === 'gate')
    return one.request === other.request && one.gate === other.gate;
  return false;
}
