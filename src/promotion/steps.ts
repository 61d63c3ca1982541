// The import and the lock: what each step that was done, or failed, does to the request.
import { type Decided, end, nothing } from './decided.ts';
import { type Hash, judge } from './judgement.ts';
import type { Command, Event } from './machine.ts';
import { isTerminal, type Request, type SagaStep } from './request.ts';
import { nextEffect } from './saga.ts';

/** Tries of the import before the request fails. */
const maxAttempts = 6;
/** A lock that does not hold after this long is an alarm, in milliseconds. */
const lockAlarmAfter = 5 * 60_000;

/** The evidence is judged once more: between the approval and the import lies a window, or a day. */
export function begin(
  request: Request,
  { judgement, closed }: Extract<Command, { kind: 'begin' }>,
  now: number,
  hash: Hash,
): Decided {
  if (request.state !== 'approved' && request.state !== 'waiting') return nothing;
  const { events, request: judged } = judge(request, judgement, now, hash);
  if (judged.state !== 'approved' && judged.state !== 'waiting') return { events };
  if (!closed || judged.glass) return { events: [...events, { kind: 'import-began' }] };
  const { waits } = judged;
  if (judged.state === 'waiting' && waits?.why === closed.why && waits.until === closed.until)
    return { events };
  return { events: [...events, { kind: 'waiting', ...closed }] };
}

export function stepDone(request: Request, step: SagaStep): Decided {
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

export function stepFailed(
  request: Request,
  command: Extract<Command, { kind: 'step-failed' }>,
  now: number,
): Decided {
  const { step, text } = command;
  if (!expects(request, step)) return nothing;
  if (request.state === 'importing' && (!command.retry || request.attempt >= maxAttempts))
    return end('failed', command.code, text);
  const since = request.done.find((progress) => progress.step === 'verify')?.at ?? now;
  const overdue = request.state === 'locking' && !request.alarm && now - since >= lockAlarmAfter;
  const alarm: Event = {
    kind: 'alarmed',
    text: `The lock of ${request.id} does not hold: ${text}`,
  };
  return { events: [{ kind: 'trouble', step, text }, ...(overdue ? [alarm] : [])] };
}

/** Terminal and alarmed: whatever the target holds now, it is not what was approved. */
export function mismatch(request: Request, digest: string): Decided {
  if (request.subject.kind !== 'promotion' || isTerminal(request)) return nothing;
  const text = `The target tag points at ${digest}, not at the approved ${request.evidence?.digest ?? 'digest'}. Nothing was overwritten; look at it before anybody deploys it.`;
  return end('quarantined', 'digest-mismatch', text);
}
