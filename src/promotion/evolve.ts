// How a request looks after an event. Nothing is decided here.
import type { Event } from './machine.ts';
import type { Request, SagaStep } from './request.ts';

/** The request after one event. `request` is absent only before `asked`. */
export function evolve(request: Request | undefined, event: Event, now: number): Request {
  if (event.kind === 'asked') return asked(event, now);
  if (!request) throw new Error(`the event ${event.kind} needs a request`);
  return { ...changed(request, event, now), updatedAt: now };
}

/** All the events of one decision, as one version. */
export function evolveAll(
  request: Request | undefined,
  events: readonly Event[],
  now: number,
): Request | undefined {
  if (events.length === 0) return request;
  const next = events.reduce<Request | undefined>((current, event) => evolve(current, event, now), request);
  return next && { ...next, version: (request?.version ?? 0) + 1 };
}

function asked({ command }: Extract<Event, { kind: 'asked' }>, now: number): Request {
  const { id, subject, requester, reason, askedIn, policy, terms, barred, escalation, expiresAt, nonce } =
    command;
  return {
    id,
    version: 1,
    // Only a promotion has evidence to collect; what a waiver is about stands in its subject.
    state: subject.kind === 'promotion' ? 'resolving' : 'pending',
    subject,
    requester,
    reason,
    ...(askedIn && { askedIn }),
    policy,
    ...(terms.quorum && { quorum: terms.quorum }),
    gates: terms.gates,
    ...(barred && { barred }),
    ...(escalation && { escalation }),
    createdAt: now,
    updatedAt: now,
    expiresAt,
    votes: [],
    done: [],
    attempt: 0,
    nonce,
  };
}

/** Which step has to be done again when one that looks at it finds it wanting. */
const redone: Readonly<Partial<Record<SagaStep, SagaStep>>> = { 'read-back': 'lock', verify: 'referrers' };

function changed(request: Request, event: Exclude<Event, { kind: 'asked' }>, now: number): Request {
  switch (event.kind) {
    case 'judged': {
      const { evidence, evidenceHash, nonce, terms } = event;
      const { quorum, gates } = terms;
      return { ...request, evidence, evidenceHash, nonce, gates, ...(quorum && { quorum }) };
    }
    case 'voted':
      return { ...request, votes: [...request.votes, event.vote] };
    case 'voided': {
      const people = request.votes.map((vote) => vote.person);
      const { approvedAt: _, ...rest } = request;
      return { ...rest, votes: [], voided: { at: now, why: event.why, people } };
    }
    case 'blocked':
      return { ...unapproved(request), state: 'blocked' };
    case 'opened':
      return { ...unapproved(request), state: 'pending' };
    case 'held':
      return {
        ...request,
        state: 'held',
        held: { by: event.by, at: now, ...(event.why && { why: event.why }) },
      };
    case 'resumed': {
      const { held: _, ...rest } = request;
      return rest;
    }
    case 'let-pass':
      return { ...request, waived: [...(request.waived ?? []), event.waiver] };
    case 'glass-broken':
      return { ...request, glass: event.glass };
    case 'approved':
      return { ...request, state: 'approved', approvedAt: request.approvedAt ?? now };
    case 'granted':
      return { ...request, state: 'granted', approvedAt: now, endedAt: now };
    case 'waiting': {
      const { why, until } = event;
      return { ...request, state: 'waiting', waits: { why, ...(until !== undefined && { until }) } };
    }
    case 'reminded':
      return { ...request, reminded: event.count };
    case 'escalated':
      return { ...request, escalatedAt: now };
    case 'import-began': {
      const { waits: _, ...rest } = request;
      return { ...rest, state: 'importing', attempt: 1 };
    }
    case 'step-done':
      return { ...request, done: [...request.done, { step: event.step, at: now }], trouble: '' };
    case 'lock-began':
      return { ...request, state: 'locking' };
    case 'trouble':
      return {
        ...request,
        trouble: event.text,
        attempt: request.attempt + 1,
        // What was found undone is done again, not only looked at again: a lock that was taken off, a signature that never
        // came though Azure said so.
        done: request.done.filter((progress) => progress.step !== redone[event.step]),
      };
    case 'alarmed':
      return { ...request, alarm: event.text };
    case 'promoted':
      return { ...request, state: 'promoted', endedAt: now };
    case 'ended':
      return {
        ...request,
        state: event.state,
        endedAt: now,
        end: { code: event.code, text: event.text },
        ...(event.state === 'quarantined' && { alarm: event.text }),
      };
  }
}

/** Without an approval, and so without anything that only an approved request has. */
function unapproved(request: Request): Request {
  const { approvedAt: _approvedAt, waits: _waits, ...rest } = request;
  return rest;
}
