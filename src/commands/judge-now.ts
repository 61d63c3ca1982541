// The evidence of a promotion, collected now, as a command for the machine: judged, or moved, or never to be.
import { strictest } from '../promotion/terms.ts';
import { termsOf as termsOfRequest } from '../promotion/judgement.ts';
import type { Command, Judgement } from '../promotion/machine.ts';
import type { Request, Subject } from '../promotion/request.ts';
import type { Doors } from './doors.ts';
import { collectFacts } from './evidence.ts';
import { edgeOf, termsOf } from './ways.ts';

type Promotion = Extract<Subject, { kind: 'promotion' }>;

export type JudgedNow =
  | { readonly kind: 'judge'; readonly judgement: Judgement }
  | Extract<Command, { kind: 'moved' | 'mismatch' | 'refuse' }>;

/** Collections that are under way, by request and what it is judged by. */
const underWay = new WeakMap<Doors['ledger'], Map<string, Promise<JudgedNow>>>();

/**
 * Throws AzureError where the registries do not answer. Several people who press at one moment share one collection: it
 * is as fresh for each of them, and a crowd costs Azure no more than one.
 */
export async function judgeNow(doors: Doors, request: Request, subject: Promotion): Promise<JudgedNow> {
  const running = underWay.get(doors.ledger) ?? new Map<string, Promise<JudgedNow>>();
  underWay.set(doors.ledger, running);
  const key = `${request.id} ${request.evidence?.digest ?? ''} ${doors.policy().hash} ${JSON.stringify(termsOfRequest(request))}`;
  const found =
    running.get(key) ?? collectAndJudge(doors, request, subject).finally(() => running.delete(key));
  running.set(key, found);
  return found;
}

async function collectAndJudge(doors: Doors, request: Request, subject: Promotion): Promise<JudgedNow> {
  const policy = doors.policy();
  const edge = edgeOf(policy, subject);
  if (!edge) {
    const text = `The policy no longer has the way '${subject.edge}'. Ask again on one it has.`;
    return { kind: 'refuse', code: 'edge-gone', text };
  }
  const terms = termsOf(edge);
  const { gates } = strictest(termsOfRequest(request), terms);
  const pinned = request.evidence?.digest;
  const collected = await collectFacts(doors, { subject, gates, ...(pinned !== undefined && { pinned }) });
  switch (collected.kind) {
    case 'refused':
      return { kind: 'refuse', code: collected.code, text: collected.text };
    case 'moved':
      return { kind: 'moved', ...(collected.digest !== undefined && { sourceDigest: collected.digest }) };
    case 'taken':
      return { kind: 'mismatch', digest: collected.digest };
    case 'facts': {
      const { facts } = collected;
      return { kind: 'judge', judgement: { facts, terms, policy: policy.hash, nonce: doors.ids.token() } };
    }
  }
}
