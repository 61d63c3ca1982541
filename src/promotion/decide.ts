// The approval machine: what a command does to a request. Pure: time, nonces and hashes come in with the command, and
// what comes out are events for evolve.ts, or a refusal, or both (a late vote is refused and also expires the request).
import type { Command, Event } from './machine.ts';
import { isAskedFor, standing } from './quorum.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import { nextEffect } from './saga.ts';
import { isTerminal, lapsesAt, type Quorum, type Request, type SagaStep, type Vote } from './request.ts';

export interface Decided {
  readonly events: readonly Event[];
  readonly refusal?: Refusal;
}

/** Tries of the import before the request fails, each 30 minutes at most. */
const maxAttempts = 6;
/** A lock that does not hold after this long is an alarm, in milliseconds. */
const lockAlarmAfter = 5 * 60_000;
const resolveWithin = 60_000;

/** What `command` does to `request` (absent only for `ask`) at `now`, in milliseconds. */
export function decide(request: Request | undefined, command: Command, now: number): Decided {
  if (!request) {
    return command.kind === 'ask'
      ? { events: [{ kind: 'asked', command }] }
      : refuse('not-found', 'There is no such request.');
  }
  const due = isTerminal(request) ? undefined : expiry(request, now);
  if (due) {
    const late: Decided = { events: [due] };
    return command.kind === 'vote' ? { ...late, refusal: { code: 'expired', text: due.text } } : late;
  }
  switch (command.kind) {
    case 'ask':
      return refuse('wrong-state', `${request.id} exists already.`);
    case 'resolved':
      return request.state === 'resolving' ? resolved(request, command) : nothing;
    case 'refuse':
      return request.state === 'resolving' ? end('refused', command.code, command.text) : nothing;
    case 'vote':
      return vote(request, command, now);
    case 'cancel':
      return cancel(request, command);
    case 'tick':
      return nothing;
    case 'moved':
      return moved(request, command.sourceDigest);
    case 'begin':
      return request.state === 'approved' ? begin(request, command.quorum) : nothing;
    case 'step-done':
      return stepDone(request, command.step);
    case 'step-failed':
      return stepFailed(request, command, now);
    case 'mismatch':
      return mismatch(request, command.digest);
  }
}

const nothing: Decided = { events: [] };
const refuse = (code: RefusalCode, text: string): Decided => ({ events: [], refusal: { code, text } });
const ended = (state: Extract<Event, { kind: 'ended' }>['state'], code: string, text: string) =>
  ({ kind: 'ended', state, code, text }) as const;
const end = (...args: Parameters<typeof ended>): Decided => ({ events: [ended(...args)] });

/** The expiry that is due, judged with the same `now` as the decision: a vote one millisecond late does not count. */
function expiry(request: Request, now: number) {
  if (request.state === 'resolving' && now >= request.createdAt + resolveWithin) {
    return ended(
      'refused',
      'resolve-timeout',
      'The evidence could not be collected within a minute. Ask again.',
    );
  }
  if (request.state === 'pending' && now >= request.expiresAt) {
    return ended('expired', 'not-approved-in-time', 'Nobody approved it in time. Ask again.');
  }
  if (request.state === 'approved' && now >= lapsesAt(request)) {
    return ended('expired', 'approval-lapsed', 'The approval was not used in time. Ask again.');
  }
  return undefined;
}

function resolved(request: Request, command: Extract<Command, { kind: 'resolved' }>): Decided {
  const failing = command.evidence.gates.filter(
    (gate) => gate.mode === 'enforce' && gate.outcome !== 'pass' && gate.outcome !== 'waived',
  );
  const { evidence, evidenceHash, nonce } = command;
  const event: Event = { kind: 'resolved', evidence, evidenceHash, nonce };
  if (failing.length > 0) {
    const text = failing.map((gate) => `${gate.gate}: ${gate.detail}`).join(' ');
    return { events: [event, ended('refused', 'gate-failed', text)] };
  }
  return { events: request.quorum ? [event] : [event, settled(request)] };
}

/** Approval is the end for a waiver or a review; a promotion goes on to the import. */
const settled = (request: Request): Event =>
  request.subject.kind === 'promotion' ? { kind: 'approved' } : { kind: 'granted' };

function vote(request: Request, command: Extract<Command, { kind: 'vote' }>, now: number): Decided {
  if (
    request.state !== 'pending' ||
    !request.quorum ||
    (request.subject.kind === 'promotion' && !request.evidence)
  ) {
    return refuse('wrong-state', `${request.id} is ${request.state}: there is nothing to vote on.`);
  }
  if (command.nonce !== undefined && command.nonce !== request.nonce) {
    return refuse('stale-card', 'This card is old. Look at the current one and decide there.');
  }
  if (request.subject.kind === 'promotion' && command.sourceDigest !== request.evidence?.digest) {
    return {
      events: [supersede(request, command.sourceDigest)],
      refusal: { code: 'source-moved', text: movedText(request, command.sourceDigest) },
    };
  }
  if (command.person === request.requester && command.decision === 'approve') {
    return refuse(
      'self-approval',
      'Four eyes: whoever asks cannot approve, in neither chat. Somebody else of the group must.',
    );
  }
  const asked = [request.quorum, command.quorum ?? request.quorum];
  const groups = command.groups.filter((group) => asked.some((quorum) => isAskedFor(quorum, group)));
  if (groups.length === 0) {
    const names = request.quorum.rules.map((rule) => rule.group).join(', ');
    return refuse('not-eligible', `Only members of ${names} decide this. Ask one of them.`);
  }
  if (command.decision === 'reject') return reject(request, command);
  if (request.votes.some((earlier) => earlier.person === command.person && earlier.decision === 'approve')) {
    return refuse('already-voted', `You have approved ${request.id} already; a person counts once.`);
  }
  const cast = castVote(request, command, groups, now);
  const votes = [...request.votes, cast];
  const met = asked.every((quorum) => standing(quorum, votes, request.requester).met);
  return {
    events: met ? [{ kind: 'voted', vote: cast }, settled(request)] : [{ kind: 'voted', vote: cast }],
  };

  function reject(current: Request, rejection: typeof command): Decided {
    if (!rejection.reason?.trim()) {
      return refuse('reason-needed', `Say why: /acr reject ${current.id} because ...`);
    }
    return {
      events: [
        { kind: 'voted', vote: castVote(current, rejection, groups, now) },
        ended('rejected', 'rejected', rejection.reason.trim()),
      ],
    };
  }
}

function castVote(
  request: Request,
  command: Extract<Command, { kind: 'vote' }>,
  groups: readonly string[],
  at: number,
): Vote {
  return {
    person: command.person,
    decision: command.decision,
    at,
    groups,
    evidence: request.evidenceHash ?? '',
    channel: command.channel,
    ...(command.reason && { reason: command.reason }),
  };
}

function cancel(request: Request, command: Extract<Command, { kind: 'cancel' }>): Decided {
  if (isTerminal(request)) return refuse('wrong-state', `${request.id} is ${request.state} already.`);
  if (command.person !== request.requester && !command.admin) {
    return refuse('not-yours', `Only the requester or an admin cancels ${request.id}.`);
  }
  if (request.state === 'importing' || request.state === 'locking') {
    return refuse(
      'import-began',
      `The import of ${request.id} has begun; half an import is worse than a whole one. It cannot be cancelled now.`,
    );
  }
  return end('cancelled', 'cancelled', command.reason?.trim() || `Cancelled by ${command.person}.`);
}

/** An approval may have waited for a window: a policy that asks for more by now ends it. */
function begin(request: Request, quorum: Quorum | undefined): Decided {
  if (quorum && !standing(quorum, request.votes, request.requester).met) {
    return end(
      'superseded',
      'policy-tighter',
      'The policy asks for more approvals by now than were given. Ask again.',
    );
  }
  return { events: [{ kind: 'import-began' }] };
}

function moved(request: Request, sourceDigest: string | undefined): Decided {
  const open = request.state === 'pending' || request.state === 'approved';
  if (!open || !request.evidence || request.evidence.digest === sourceDigest) return nothing;
  return { events: [supersede(request, sourceDigest)] };
}

const supersede = (request: Request, digest: string | undefined) =>
  ended('superseded', 'source-moved', movedText(request, digest));

const movedText = (request: Request, digest: string | undefined): string =>
  digest
    ? `The source tag moved from ${request.evidence?.digest ?? 'nothing'} to ${digest} after it was asked for. Ask again.`
    : 'The source tag is gone since it was asked for. Push it and ask again.';

function stepDone(request: Request, step: SagaStep): Decided {
  if (!expects(request, step)) return nothing;
  const events: Event[] = [{ kind: 'step-done', step }];
  if (step === 'verify') {
    const locks = request.subject.kind === 'promotion' && request.subject.lock;
    events.push(locks ? { kind: 'lock-began' } : { kind: 'promoted' });
  }
  if (step === 'read-back') events.push({ kind: 'promoted' });
  return { events };
}

/** Whether the step is the one that is due: a worker that lost its lease may still report an old one. */
function expects(request: Request, step: SagaStep): boolean {
  const effect = nextEffect(request);
  return effect?.kind === 'step' && effect.step === step;
}

function stepFailed(
  request: Request,
  command: Extract<Command, { kind: 'step-failed' }>,
  now: number,
): Decided {
  if (!expects(request, command.step)) return nothing;
  if (request.state === 'importing' && (!command.retry || request.attempt >= maxAttempts)) {
    return end('failed', command.code, command.text);
  }
  const since = request.done.find((progress) => progress.step === 'verify')?.at ?? now;
  const alarm = request.state === 'locking' && now - since >= lockAlarmAfter;
  return { events: [{ kind: 'trouble', step: command.step, text: command.text, alarm }] };
}

function mismatch(request: Request, digest: string): Decided {
  if (request.state !== 'importing' && request.state !== 'locking') return nothing;
  const text = `The target tag points at ${digest}, not at the approved ${request.evidence?.digest ?? 'digest'}. Nothing was overwritten; look at it before anybody deploys it.`;
  return end('quarantined', 'digest-mismatch', text);
}
