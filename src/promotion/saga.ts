// What has to be done next for a request. A stepper, so that a worker, a test or an explorer can take one step at a
// time, stop anywhere, and go on from what was stored.
import { importSteps, isTerminal, lockSteps, type Request, type SagaStep } from './request.ts';

export type Effect =
  | { readonly kind: 'resolve' }
  | { readonly kind: 'await'; readonly until: number }
  | { readonly kind: 'begin' }
  | { readonly kind: 'step'; readonly step: SagaStep };

/** The one effect that is due, or nothing when the request has ended. Each effect may be repeated without harm. */
export function nextEffect(request: Request): Effect | undefined {
  if (isTerminal(request)) return undefined;
  switch (request.state) {
    case 'resolving':
      return { kind: 'resolve' };
    case 'pending':
      return { kind: 'await', until: request.expiresAt };
    case 'approved':
      return { kind: 'begin' };
    case 'importing':
      return firstOpen(request, importSteps);
    case 'locking':
      return firstOpen(request, lockSteps);
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

function firstOpen(request: Request, steps: readonly SagaStep[]): Effect | undefined {
  const step = steps.find((name) => !request.done.some((progress) => progress.step === name));
  return step && { kind: 'step', step };
}

/** Milliseconds before the next try: 1 s, 2 s, 4 s ... at most a minute. */
export const backoff = (attempt: number): number => Math.min(60_000, 1000 * 2 ** Math.min(attempt - 1, 6));
