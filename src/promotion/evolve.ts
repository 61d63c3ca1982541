// How a request looks after an event. Nothing is decided here.
import type { Event } from './machine.ts';
import type { Request } from './request.ts';

/** The next version. `request` is absent only before `asked`. */
function evolve(request: Request | undefined, event: Event, now: number): Request {
  if (event.kind === 'asked') return asked(event, now);
  if (!request) throw new Error(`the event ${event.kind} needs a request`);
  return { ...request, ...change(request, event, now), updatedAt: now };
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
  return {
    id: command.id,
    version: 1,
    // Only a promotion has evidence to collect; what a waiver is about stands in its subject.
    state: command.subject.kind === 'promotion' ? 'resolving' : 'pending',
    subject: command.subject,
    requester: command.requester,
    reason: command.reason,
    ...(command.askedIn && { askedIn: command.askedIn }),
    policy: command.policy,
    ...(command.quorum && { quorum: command.quorum }),
    createdAt: now,
    updatedAt: now,
    expiresAt: command.expiresAt,
    votes: [],
    done: [],
    attempt: 0,
    nonce: command.nonce,
  };
}

function change(request: Request, event: Exclude<Event, { kind: 'asked' }>, now: number): Partial<Request> {
  switch (event.kind) {
    case 'resolved':
      return {
        state: 'pending',
        evidence: event.evidence,
        evidenceHash: event.evidenceHash,
        nonce: event.nonce,
      };
    case 'voted':
      return { votes: [...request.votes, event.vote] };
    case 'approved':
      return { state: 'approved', approvedAt: now };
    case 'granted':
      return { state: 'granted', approvedAt: now, endedAt: now };
    case 'import-began':
      return { state: 'importing', attempt: 1 };
    case 'step-done':
      return { done: [...request.done, { step: event.step, at: now }], trouble: '' };
    case 'lock-began':
      return { state: 'locking' };
    case 'trouble':
      return {
        trouble: event.text,
        attempt: request.attempt + 1,
        // A lock that was taken off again is set again, not only read again.
        ...(event.step === 'read-back' && {
          done: request.done.filter((progress) => progress.step !== 'lock'),
        }),
        ...(event.alarm && { alarm: event.text }),
      };
    case 'promoted':
      return { state: 'promoted', endedAt: now };
    case 'ended':
      return { state: event.state, endedAt: now, end: { code: event.code, text: event.text } };
  }
}
