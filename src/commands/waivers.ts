// Waivers as the rest of the commands know them: granted requests that are still in force.
import type { Request, Subject } from '../promotion/request.ts';
import type { Waiver } from '../posture/waivers.ts';
import type { Doors } from './doors.ts';

export type WaiverSubject = Extract<Subject, { kind: 'waiver' }>;

export interface GrantedWaiver {
  readonly request: Request;
  readonly subject: WaiverSubject;
}

/** Granted and not ended, newest first. */
export async function waiversInForce(
  doors: Pick<Doors, 'ledger' | 'clock'>,
): Promise<readonly GrantedWaiver[]> {
  const now = doors.clock();
  const granted = await doors.ledger.requests({ states: ['granted'], limit: 1000 });
  return granted.flatMap((request) =>
    request.subject.kind === 'waiver' && request.subject.until > now
      ? [{ request, subject: request.subject }]
      : [],
  );
}

/** A granted request as the rules know it: one waiver a registry, each bound to the value that was seen there. */
export const waiversOf = ({ request, subject }: GrantedWaiver): readonly Waiver[] =>
  Object.entries(subject.values).map(([registry, valueHash]) => ({
    rule: subject.rule,
    scope: registry,
    until: subject.until,
    by: request.votes.find((vote) => vote.decision === 'approve')?.person ?? '',
    why: request.reason,
    valueHash,
  }));
