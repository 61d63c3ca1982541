// What people do to a request besides voting on it: cancel, hold and resume it, let a gate of it pass, break the glass.
import { type Decided, end, nothing, refuse } from './decided.ts';
import { type Hash, judge, stoppedBy } from './judgement.ts';
import type { Command, Event } from './machine.ts';
import { evolve } from './evolve.ts';
import { excludedFrom } from './quorum.ts';
import { isTerminal, type Request } from './request.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export function cancel(request: Request, { person, admin, reason }: Of<'cancel'>): Decided {
  if (isTerminal(request)) return refuse('wrong-state', `${request.id} is ${request.state} already.`);
  if (request.subject.kind === 'review')
    return refuse('wrong-state', `A review is done, not taken back: /acr review ${request.id} because ...`);
  if (person !== request.requester && !admin)
    return refuse('not-yours', `Only the requester or an admin cancels ${request.id}.`);
  if (hasBegun(request)) return refuse('import-began', begunText(request, 'cancelled'));
  return end('cancelled', 'cancelled', reason?.trim() || `Cancelled by ${person}.`);
}

export function hold(request: Request, { person, may, reason }: Of<'hold'>): Decided {
  if (hasBegun(request)) return refuse('import-began', begunText(request, 'held'));
  if (!canWait(request))
    return refuse('wrong-state', `${request.id} is ${request.state}: there is nothing to hold.`);
  if (person !== request.requester && !may)
    return refuse('not-yours', `Only the requester, an approver of its way or an admin holds ${request.id}.`);
  const why = reason?.trim();
  return { events: [{ kind: 'held', by: person, ...(why && { why }) }] };
}

export function resume(request: Request, command: Of<'resume'>, now: number, hash: Hash): Decided {
  const { person, may, judgement } = command;
  if (request.state !== 'held')
    return refuse('wrong-state', `${request.id} is ${request.state}, not held: there is nothing to resume.`);
  if (person !== request.requester && !may)
    return refuse(
      'not-yours',
      `Only the requester, an approver of its way or an admin resumes ${request.id}.`,
    );
  const resumed: Event = { kind: 'resumed', by: person };
  return { events: [resumed, ...judge(evolve(request, resumed, now), judgement, now, hash).events] };
}

/** A gate that somebody of the waivers let pass, at the value it had then. */
export function letPass(request: Request, command: Of<'let-pass'>, now: number, hash: Hash): Decided {
  const { waiver, judgement } = command;
  const known = request.waived?.some((each) => each.grant === waiver.grant);
  if (known || !canWait(request)) return nothing;
  const event: Event = { kind: 'let-pass', waiver };
  return { events: [event, ...judge(evolve(request, event, now), judgement, now, hash).events] };
}

/**
 * One person of the group, with a reason and a ticket: passes windows, freezes, soak and quorum. Every other gate binds,
 * and nobody breaks the glass for what they asked for themselves.
 */
export function breakGlass(request: Request, command: Of<'break-glass'>, now: number, hash: Hash): Decided {
  const { person, may, reason, ticket, reviewWithin, judgement } = command;
  if (hasBegun(request)) return refuse('import-began', begunText(request, 'broken out'));
  if (request.state === 'held')
    return refuse(
      'held',
      `${request.id} is held by ${request.held?.by}. Resume it first: /acr resume ${request.id}`,
    );
  if (request.glass || !canWait(request))
    return refuse('wrong-state', `${request.id} is ${request.state}: there is no glass to break.`);
  if (!may)
    return refuse('not-eligible', 'Only the break-glass group of the policy does this, for its stages only.');
  if (excludedFrom(request).includes(person))
    return refuse('self-approval', 'Four eyes hold in an emergency too: somebody else of the group must.');
  if (!reason.trim() || !ticket.trim())
    return refuse('reason-needed', `Say all of it: /acr breakglass ${request.id} ticket INC-1 because ...`);
  const glass = {
    by: person,
    reason: reason.trim(),
    ticket: ticket.trim(),
    at: now,
    reviewBy: now + reviewWithin,
  };
  const broken: Event = { kind: 'glass-broken', glass };
  const judged = judge(evolve(request, broken, now), judgement, now, hash);
  if (judged.request.state === 'superseded')
    return { events: judged.events, refusal: { code: 'source-moved', text: judged.request.end?.text ?? '' } };
  const stops = stoppedBy(judged.request);
  if (stops.length > 0) {
    const text = stops.map((gate) => `${gate.gate}: ${gate.detail}`).join(' ');
    return refuse('gate-failed', `Break-glass does not pass this: ${text}`);
  }
  return { events: [broken, ...judged.events] };
}

/** States in which nothing of the import was done yet, and its evidence is known. */
const canWait = ({ state, subject }: Request): boolean =>
  subject.kind === 'promotion' &&
  (state === 'blocked' || state === 'pending' || state === 'approved' || state === 'waiting');

const hasBegun = ({ state }: Request): boolean => state === 'importing' || state === 'locking';

const begunText = (request: Request, what: string): string =>
  `The import of ${request.id} has begun; half an import is worse than a whole one. It cannot be ${what} now.`;
