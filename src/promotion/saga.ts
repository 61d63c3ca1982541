// What has to be done next for a request. A stepper, so that a worker, a test or an explorer can take one step at a
// time, stop anywhere, and go on from what was stored.
import { importSteps, lockSteps, type Request, rollbackSteps, type SagaStep } from './request.ts';
import { nextMoment } from './timing.ts';

export type Effect =
  /** Collect the evidence: at once, or again at `at`. */
  | { readonly kind: 'judge'; readonly at: number }
  | { readonly kind: 'await'; readonly until: number }
  | { readonly kind: 'begin' }
  | { readonly kind: 'step'; readonly step: SagaStep };

/** How often a blocked request is looked at again, in milliseconds, besides on what is heard of. */
const recheckEvery = 5 * 60_000;

/** The one effect that is due, or nothing when the request has ended. Each effect may be repeated without harm. */
export function nextEffect(request: Request): Effect | undefined {
  switch (request.state) {
    case 'resolving':
      return { kind: 'judge', at: request.createdAt };
    case 'blocked':
      return { kind: 'judge', at: Math.min(request.updatedAt + recheckEvery, nextMoment(request)) };
    case 'pending':
    case 'held':
      return { kind: 'await', until: nextMoment(request) };
    case 'approved':
    case 'waiting':
      return { kind: 'begin' };
    case 'importing':
    case 'locking':
      return firstOpen(request);
    case 'promoted':
    case 'granted':
    case 'refused':
    case 'rejected':
    case 'cancelled':
    case 'expired':
    case 'superseded':
    case 'failed':
    case 'quarantined':
      return undefined;
  }
}

/** The steps of its import and lock, in order. */
export function stepsOf({ subject }: Request): readonly SagaStep[] {
  if (subject.kind !== 'promotion') return [];
  const first = subject.rollback ? rollbackSteps : importSteps;
  return subject.lock ? [...first, ...lockSteps] : first;
}

function firstOpen(request: Request): Effect | undefined {
  const step = stepsOf(request).find((name) => !request.done.some((progress) => progress.step === name));
  return step && { kind: 'step', step };
}

/** Milliseconds before the next try: 1 s, 2 s, 4 s ... at most a minute. */
export const backoff = (attempt: number): number => Math.min(60_000, 1000 * 2 ** (attempt - 1));
