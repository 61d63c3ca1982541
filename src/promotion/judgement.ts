// The evidence of a request, judged again: under the stricter of its own terms and the policy's, against what the
// approvers saw. Worse evidence or a tighter policy voids their approvals; better evidence changes nothing for them.
import { evolve } from './evolve.ts';
import { isOpen, judgeGates } from './gates.ts';
import type { Event, Judgement } from './machine.ts';
import { isApproved } from './quorum.ts';
import type { Evidence, GateResult, Request } from './request.ts';
import { isTighter, strictest, type Terms } from './terms.ts';

export type Hash = (text: string) => string;

export interface Judged {
  readonly events: readonly Event[];
  /** As it is after the events. */
  readonly request: Request;
  /** Why it is worse than what was known before. */
  readonly worse: string | undefined;
}

export const termsOf = ({ quorum, gates = {} }: Request): Terms => ({ ...(quorum && { quorum }), gates });

/**
 * Judges, and moves the request to where its evidence and votes put it: blocked, pending or approved. Another digest
 * than the pinned one supersedes it.
 */
export function judge(request: Request, judgement: Judgement, now: number, hash: Hash): Judged {
  const { facts, policy, nonce } = judgement;
  const pinned = request.evidence?.digest;
  if (pinned !== undefined && pinned !== facts.digest)
    return { ...after(request, [moved(pinned, facts.digest)], now), worse: undefined };
  const before = termsOf(request);
  const terms = strictest(before, judgement.terms);
  const gates = judgeGates(terms.gates, facts, request.waived ?? [], now);
  const evidence: Evidence = { ...facts, gates };
  const tighter = isTighter(before, terms);
  const worse = request.evidence && whyWorse(request.evidence, evidence, tighter);
  const events: Event[] = [];
  if (tighter || !request.evidence || seenIn(request.evidence) !== seenIn(evidence)) {
    const evidenceHash = hash(JSON.stringify([policy, seenIn(evidence)]));
    events.push({ kind: 'judged', evidence, evidenceHash, terms, nonce });
  }
  if (worse && request.votes.length > 0) events.push({ kind: 'voided', why: worse });
  const judged = after(request, events, now);
  const settled = settle(judged.request);
  const all = settled ? after(request, [...events, settled], now) : judged;
  return { ...all, worse };
}

function after(request: Request, events: readonly Event[], now: number): Omit<Judged, 'worse'> {
  return { events, request: events.reduce((current, event) => evolve(current, event, now), request) };
}

export const moved = (pinned: string, digest: string | undefined): Extract<Event, { kind: 'ended' }> => ({
  kind: 'ended',
  state: 'superseded',
  code: 'source-moved',
  text: digest
    ? `The source tag moved from ${pinned} to ${digest} after it was asked for. Ask again.`
    : 'The source tag is gone since it was asked for. Push it and ask again.',
});

/** The gates that stop it. Break-glass passes the soak; every other gate binds. */
export const stoppedBy = ({ evidence, glass }: Request): readonly GateResult[] =>
  (evidence?.gates ?? []).filter(
    (gate) => gate.mode === 'enforce' && isOpen(gate) && !(glass && gate.gate === 'soak'),
  );

/** The step to the state that evidence and votes speak for; nothing where it is there already. */
function settle(request: Request): Event | undefined {
  const { state } = request;
  if (stoppedBy(request).length > 0) return state === 'blocked' ? undefined : { kind: 'blocked' };
  if (isApproved(request))
    return state === 'approved' || state === 'waiting' ? undefined : { kind: 'approved' };
  return state === 'pending' ? undefined : { kind: 'opened' };
}

const badness: Readonly<Record<GateResult['outcome'], number>> = { pass: 0, waived: 0, unknown: 1, fail: 2 };

function whyWorse(before: Evidence, now: Evidence, tighter: boolean): string | undefined {
  if (tighter) return 'The policy asks for more than it did when it was asked for.';
  const gate = now.gates.find((each) => {
    const earlier = before.gates.find((other) => other.gate === each.gate);
    return badness[each.outcome] > badness[earlier?.outcome ?? 'pass'];
  });
  if (gate) return `The gate ${gate.gate} is worse than it was: ${gate.detail}`;
  const [was, is] = [before.scan, now.scan];
  return was && is && (is.critical > was.critical || is.high > was.high)
    ? `The scanner finds more by now: ${is.critical} critical and ${is.high} high.`
    : undefined;
}

/** What an approver goes by: digest, gates and counts, without ages. */
const seenIn = ({ digest, gates, scan }: Evidence): string =>
  JSON.stringify([
    digest,
    gates.map((gate) => [gate.gate, gate.mode, gate.outcome, gate.value]),
    scan && [scan.critical, scan.high],
  ]);
