// What a decision brings with it, written in the same transaction: the rows of the audit, and the work that follows.
import { sentence } from '../cards/wording.ts';
import type { Event } from '../promotion/machine.ts';
import { isTerminal, type Request } from '../promotion/request.ts';
import { backoff, nextEffect } from '../promotion/saga.ts';
import type { Actor, AuditEntry, Job } from '../ports.ts';

interface Change {
  readonly before: Request | undefined;
  readonly after: Request;
  readonly actor: Actor;
  readonly at: number;
}

/** One row an event, each with the hashes of the request before and after the decision. */
export function auditOf(
  events: readonly Event[],
  { before, after, actor, at }: Change,
  hash: (text: string) => string,
): readonly AuditEntry[] {
  const hashes = {
    ...(before && { before: hash(JSON.stringify(before)) }),
    after: hash(JSON.stringify(after)),
  };
  return events.map((event) => ({
    at,
    actor,
    action: event.kind === 'ended' ? event.state : event.kind,
    subject: after.id,
    ...hashes,
    facts: factsOf(event, after),
  }));
}

function factsOf(event: Event, request: Request): Readonly<Record<string, unknown>> {
  switch (event.kind) {
    case 'asked':
      return { subject: event.command.subject, reason: event.command.reason, policy: event.command.policy };
    case 'judged':
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
    case 'let-pass':
      return { ...event.waiver };
    case 'glass-broken':
      return { ...event.glass };
    case 'promoted':
      return { digest: request.evidence?.digest };
    case 'voided':
    case 'blocked':
    case 'opened':
    case 'held':
    case 'resumed':
    case 'approved':
    case 'granted':
    case 'waiting':
    case 'reminded':
    case 'escalated':
    case 'import-began':
    case 'step-done':
    case 'lock-began':
    case 'trouble':
    case 'alarmed':
    case 'ended': {
      const { kind: _, ...facts } = event;
      return facts;
    }
  }
}

/** The next step of the saga, the cards to redraw, and whom to tell. Each has a key, so that it is done once. */
export function jobsOf(request: Request, events: readonly Event[], now: number): readonly Job[] {
  const { id, version, subject } = request;
  const job = (kind: Job['kind'], key: string, payload: Job['payload'] = { id }, runAt = now): Job => ({
    key: `${kind}:${key}`,
    kind,
    payload,
    runAt,
  });
  const has = (kind: Event['kind']) => events.some((event) => event.kind === kind);
  const jobs = [job('publish', `${id}:${version}`, { id, version })];
  const effect = nextEffect(request);
  if (effect) jobs.push(job('step', `${id}:${version}`, { id, version }, dueAt(request, effect, now)));
  const lines = events.flatMap((event) => lineOf(event) ?? []);
  if (lines.length > 0) jobs.push(job('tell', `${id}:${version}`, { id, lines }));
  if (has('reminded') || has('escalated')) jobs.push(job('remind', `${id}:${version}`));
  if (has('alarmed') || has('glass-broken') || request.state === 'quarantined')
    jobs.push(job('alarm', `${id}:${version}`));
  if (has('glass-broken')) jobs.push(job('review', id));
  if (has('granted') && subject.kind === 'gate') jobs.push(job('grant', id));
  if (isTerminal(request)) jobs.push(job('notify', id));
  return jobs;
}

function dueAt(request: Request, effect: NonNullable<ReturnType<typeof nextEffect>>, now: number): number {
  if (effect.kind === 'await') return effect.until;
  if (effect.kind === 'judge') return effect.at;
  return request.trouble ? now + backoff(request.attempt) : now;
}

/** What is said in the thread of its cards: what people did, and what undid it. */
function lineOf(event: Event): string | undefined {
  switch (event.kind) {
    case 'voted':
      return `${event.vote.person} ${event.vote.decision === 'approve' ? 'approved' : 'rejected'} it in ${sentence(event.vote.channel)}${event.vote.reason ? `: ${event.vote.reason}` : '.'}`;
    case 'voided':
      return `The approvals so far count no longer. ${event.why}`;
    case 'held':
      return `${event.by} holds it${event.why ? `: ${event.why}` : '.'}`;
    case 'resumed':
      return `${event.by} resumed it.`;
    case 'let-pass':
      return `${event.waiver.by} let the gate ${event.waiver.gate} pass (${event.waiver.grant}).`;
    case 'glass-broken':
      return `${event.glass.by} broke the glass (${event.glass.ticket}): ${event.glass.reason}`;
    case 'escalated':
      return `Nobody has decided yet: escalated to ${event.to}.`;
    case 'alarmed':
      return event.text;
    case 'asked':
    case 'judged':
    case 'blocked':
    case 'opened':
    case 'approved':
    case 'granted':
    case 'waiting':
    case 'reminded':
    case 'import-began':
    case 'step-done':
    case 'lock-began':
    case 'trouble':
    case 'promoted':
    case 'ended':
      return undefined;
  }
}
