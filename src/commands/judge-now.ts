// The evidence of a promotion, collected now, as a command for the machine: judged, or moved, or never to be.
import { strictest } from '../promotion/terms.ts';
import { termsOf as termsOfRequest } from '../promotion/judgement.ts';
import type { Command, Judgement } from '../promotion/machine.ts';
import type { Request, Subject } from '../promotion/request.ts';
import type { Doors } from './doors.ts';
import { collectFacts } from './evidence.ts';
import { edgeOf, termsOf } from './ways.ts';

export type JudgedNow =
  | { readonly kind: 'judge'; readonly judgement: Judgement }
  | Extract<Command, { kind: 'moved' | 'mismatch' | 'refuse' }>;

/** Throws AzureError where the registries do not answer. */
export async function judgeNow(
  doors: Doors,
  request: Request,
  subject: Extract<Subject, { kind: 'promotion' }>,
): Promise<JudgedNow> {
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
