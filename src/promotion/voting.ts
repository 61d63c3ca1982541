// A vote: by whom it counts, on what, and when it is enough. Everything that can make it not count is looked at in the
// same decision that writes it.
import { type Decided, refuse } from './decided.ts';
import { type Hash, judge, type Judged } from './judgement.ts';
import type { Command, Event } from './machine.ts';
import { excludedFrom, isApproved, standing } from './quorum.ts';
import type { Request, Vote } from './request.ts';
import { type Quorum, strictest } from './terms.ts';
import { termsOf } from './judgement.ts';

type Ballot = Extract<Command, { kind: 'vote' }>;

export function vote(request: Request, ballot: Ballot, now: number, hash: Hash): Decided {
  const { quorum } = strictest(termsOf(request), ballot.terms);
  if (request.state !== 'pending' || !quorum)
    return refuse('wrong-state', `${request.id} is ${request.state}: there is nothing to vote on.`);
  if (ballot.nonce !== undefined && ballot.nonce !== request.nonce)
    return refuse('stale-card', 'This card is old. Look at the current one and decide there.');
  if (ballot.decision === 'approve' && excludedFrom(request).includes(ballot.person))
    return refuse(
      'self-approval',
      'Four eyes: whoever asks cannot approve, in neither chat. Somebody else of the group must.',
    );
  const groups = ballot.groups.filter((group) => quorum.rules.some((rule) => rule.group === group));
  if (groups.length === 0) {
    const names = quorum.rules.map((rule) => rule.group).join(', ');
    return refuse('not-eligible', `Only members of ${names} decide this. Ask one of them.`);
  }
  return ballot.decision === 'reject'
    ? reject(request, ballot, groups, now)
    : approve(request, ballot, { groups, quorum }, now, hash);
}

/** Final. It needs a reason, and no evidence: what cannot be read can still be rejected. */
function reject(request: Request, ballot: Ballot, groups: readonly string[], now: number): Decided {
  const reason = ballot.reason?.trim();
  if (!reason) return refuse('reason-needed', `Say why: /acr reject ${request.id} because ...`);
  return {
    events: [
      { kind: 'voted', vote: castVote(request, ballot, groups, now) },
      { kind: 'ended', state: 'rejected', code: 'rejected', text: reason },
    ],
  };
}

interface Eligible {
  readonly groups: readonly string[];
  readonly quorum: Quorum;
}

function approve(
  request: Request,
  ballot: Ballot,
  { groups, quorum }: Eligible,
  now: number,
  hash: Hash,
): Decided {
  if (request.votes.some((earlier) => earlier.person === ballot.person))
    return refuse('already-voted', `You have approved ${request.id} already; a person counts once.`);
  const judged = evidenceOf(request, ballot, now, hash);
  if (!judged)
    return refuse('wrong-state', `The evidence of ${request.id} is not known now. Try again in a minute.`);
  const current = judged.request;
  if (current.state === 'superseded')
    return { events: judged.events, refusal: { code: 'source-moved', text: current.end?.text ?? '' } };
  if (judged.worse !== undefined || current.state !== 'pending') {
    const text = `${judged.worse ?? 'The evidence changed.'} Look at the card as it is now, and decide again.`;
    return { events: judged.events, refusal: { code: 'evidence-changed', text } };
  }
  const cast = castVote(current, ballot, groups, now);
  const votes = [...current.votes, cast];
  const enough = isApproved({ ...current, votes }) && standing(quorum, votes, excludedFrom(current)).met;
  const voted: Event = { kind: 'voted', vote: cast };
  return { events: [...judged.events, voted, ...(enough ? [settled(current)] : [])] };
}

/** A promotion is voted on with its evidence collected again; what a waiver is about stands in its subject. */
function evidenceOf(request: Request, ballot: Ballot, now: number, hash: Hash): Judged | undefined {
  if (request.subject.kind !== 'promotion') return { events: [], request, worse: undefined };
  return ballot.judgement && judge(request, ballot.judgement, now, hash);
}

/** Approval is the end for a waiver or a review; a promotion goes on to the import. */
const settled = (request: Request): Event =>
  request.subject.kind === 'promotion' ? { kind: 'approved' } : { kind: 'granted' };

function castVote(request: Request, ballot: Ballot, groups: readonly string[], at: number): Vote {
  return {
    person: ballot.person,
    decision: ballot.decision,
    at,
    groups,
    evidence: request.evidenceHash ?? '',
    channel: ballot.channel,
    ...(ballot.reason && { reason: ballot.reason }),
  };
}
