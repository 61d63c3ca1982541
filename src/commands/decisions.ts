// How every use case changes a request: decide on the version that is stored, write the next version with its audit rows
// and its work in one transaction, and start again if somebody else was faster.
import { decide } from '../promotion/decide.ts';
import { evolveAll } from '../promotion/evolve.ts';
import type { Command, Event } from '../promotion/machine.ts';
import type { Refusal } from '../promotion/refusal.ts';
import { isTerminal, type Request } from '../promotion/request.ts';
import { backoff, nextEffect } from '../promotion/saga.ts';
import type { Actor, AuditEntry, Job } from '../ports.ts';
import type { Doors } from './doors.ts';

export interface Outcome {
  readonly request: Request | undefined;
  readonly refusal?: Refusal;
  /** Whether this decision changed something. */
  readonly changed: boolean;
}

const maxRaces = 50;
/** The product itself, where no person acts. */
export const product: Actor = { person: 'acr-warden', channel: 'system' };

/** Decides `command` on the request `id` for `actor`. Throws only if the store does. */
export async function apply(doors: Doors, id: string, command: Command, actor: Actor): Promise<Outcome> {
  for (let race = 0; race < maxRaces; race++) {
    const now = doors.clock();
    const before = await doors.ledger.request(id);
    const decided = decide(before, command, now);
    const after = evolveAll(before, decided.events, now);
    const refusal = decided.refusal && { refusal: decided.refusal };
    if (!after || decided.events.length === 0) return { request: before, changed: false, ...refusal };
    const done = await doors.ledger.commit({
      request: after,
      expectedVersion: before?.version ?? 0,
      audit: auditOf(decided.events, before, after, actor, doors, now),
      jobs: jobsOf(after, now),
    });
    if (done) {
      doors.wake();
      return { request: after, changed: true, ...refusal };
    }
  }
  throw new Error(`the request ${id} changed ${maxRaces} times while it was decided`);
}

function auditOf(
  events: readonly Event[],
  before: Request | undefined,
  after: Request,
  actor: Actor,
  doors: Doors,
  at: number,
): readonly AuditEntry[] {
  const hash = (request: Request | undefined) =>
    request ? doors.ids.hash(JSON.stringify(request)) : undefined;
  const hashes = { before: hash(before), after: hash(after) };
  return events.map((event) => ({
    at,
    actor,
    action: event.kind === 'ended' ? event.state : event.kind,
    subject: after.id,
    ...(hashes.before && { before: hashes.before }),
    ...(hashes.after && { after: hashes.after }),
    facts: factsOf(event, after),
  }));
}

function factsOf(event: Event, request: Request): Readonly<Record<string, unknown>> {
  switch (event.kind) {
    case 'asked':
      return { subject: event.command.subject, reason: event.command.reason, policy: event.command.policy };
    case 'resolved':
      return {
        digest: event.evidence.digest,
        evidence: event.evidenceHash,
        gates: event.evidence.gates.map((gate) => `${gate.gate}: ${gate.outcome}`),
      };
    case 'voted':
      return {
        decision: event.vote.decision,
        groups: event.vote.groups,
        evidence: event.vote.evidence,
        ...(event.vote.reason && { reason: event.vote.reason }),
      };
    case 'step-done':
      return { step: event.step };
    case 'trouble':
      return { step: event.step, text: event.text, alarm: event.alarm };
    case 'ended':
      return { code: event.code, text: event.text };
    case 'promoted':
      return { digest: request.evidence?.digest };
    case 'approved':
    case 'granted':
    case 'import-began':
    case 'lock-began':
      return {};
  }
}

/** The next step of the saga, the cards to redraw, and the word to the requester when it has ended. */
function jobsOf(request: Request, now: number): readonly Job[] {
  const { id, version } = request;
  const jobs: Job[] = [
    { key: `publish:${id}:${version}`, kind: 'publish', payload: { id, version }, runAt: now },
  ];
  const effect = nextEffect(request);
  if (effect) {
    const runAt =
      effect.kind === 'await' ? effect.until : request.trouble ? now + backoff(request.attempt) : now;
    jobs.push({ key: `step:${id}:${version}`, kind: 'step', payload: { id, version }, runAt });
  }
  if (isTerminal(request)) jobs.push({ key: `notify:${id}`, kind: 'notify', payload: { id }, runAt: now });
  return jobs;
}
