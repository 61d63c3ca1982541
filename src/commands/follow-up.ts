// What other requests a decision leads to: the review of a break-glass, and the gate that a granted waiver lets pass.
import type { Lease } from '../ports.ts';
import { apply, ask, product } from './decisions.ts';
import type { Doors } from './doors.ts';
import { judgeNow } from './judge-now.ts';
import { reviewQuorum } from './voters.ts';

/** The job `review`: asks once for a review of a break-glass, in the name of whoever broke it. */
export async function openReview(lease: Lease, doors: Doors): Promise<void> {
  const request = await doors.ledger.request(String(lease.payload['id']));
  if (!request?.glass || request.subject.kind !== 'promotion') return;
  const { glass, subject, id } = request;
  const known = await doors.ledger.requests({ states: ['pending', 'granted', 'rejected'], limit: 10_000 });
  if (known.some((each) => each.subject.kind === 'review' && each.subject.request === id)) return;
  await ask(
    doors,
    {
      subject: { kind: 'review', request: id, edge: subject.edge },
      requester: glass.by,
      reason: `${glass.reason} (${glass.ticket})`,
      policy: doors.policy().hash,
      terms: { quorum: reviewQuorum, gates: {} },
      expiresIn: Math.max(0, glass.reviewBy - doors.clock()),
      nonce: doors.ids.token(),
    },
    product,
  );
}

/** The job `grant`: the gate of the request is let pass, if it still sees what was waived. */
export async function letGatePass(lease: Lease, doors: Doors): Promise<void> {
  const grant = await doors.ledger.request(String(lease.payload['id']));
  if (!grant || grant.state !== 'granted' || grant.subject.kind !== 'gate') return;
  const { request: id, gate, value } = grant.subject;
  const request = await doors.ledger.request(id);
  if (!request || request.subject.kind !== 'promotion') return;
  const by = grant.votes.find((vote) => vote.decision === 'approve')?.person ?? '';
  const judged = await judgeNow(doors, request, request.subject);
  const waiver = { gate, value, by, grant: grant.id };
  const command =
    judged.kind === 'judge' ? ({ kind: 'let-pass', waiver, judgement: judged.judgement } as const) : judged;
  await apply(doors, id, command, product);
}
