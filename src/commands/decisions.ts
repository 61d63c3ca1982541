// How every use case changes a request: the rules decide on what is stored, inside the transaction that writes the next
// version with its audit rows and its work. So two people at one moment are one after the other.
import { decide } from '../promotion/decide.ts';
import { evolveAll } from '../promotion/evolve.ts';
import type { Command, Judgement } from '../promotion/machine.ts';
import type { Refusal } from '../promotion/refusal.ts';
import type { Request } from '../promotion/request.ts';
import type { Actor, Answer, Basis, Verdict } from '../ports.ts';
import { auditOf, jobsOf } from './consequences.ts';
import type { Doors } from './doors.ts';
import { closedAt, freezesOf } from './freezes.ts';
import { limitOn } from './limits.ts';
import { refuse } from './refuse.ts';

export interface Outcome {
  readonly request: Request | undefined;
  readonly refusal?: Refusal;
  /** Whether this decision changed something. */
  readonly changed: boolean;
}

/** What is asked for, before it has an id. `expiresIn` is in milliseconds from when it is stored. */
export type Wanted = Omit<Extract<Command, { kind: 'ask' }>, 'kind' | 'id' | 'expiresAt'> & {
  readonly expiresIn: number;
};

/** The product itself, where no person acts. */
export const product: Actor = { person: 'acr-warden', channel: 'system' };

/** Decides `command` on the request `id` for `actor`. Throws only if the store does. */
export async function apply(doors: Doors, id: string, command: Command, actor: Actor): Promise<Outcome> {
  const outcome = await doors.ledger.change(id, (basis) => decideOn(doors, basis, command, actor));
  if (outcome.changed) doors.wake();
  return outcome;
}

/**
 * Begins an import unless its stage is closed at that very moment: a freeze that was set before is seen here, and one that
 * is set after comes after it in the audit too.
 */
export async function beginImport(
  doors: Doors,
  id: string,
  { stage, judgement }: { readonly stage: string; readonly judgement: Judgement },
): Promise<Outcome> {
  const outcome = await doors.ledger.change(
    id,
    (basis) => {
      const closed = closedAt(doors.policy(), stage, basis.last, basis.now);
      const command = { kind: 'begin', judgement, ...(closed && { closed }) } as const;
      return decideOn(doors, basis, command, product);
    },
    { subject: freezesOf(stage) },
  );
  if (outcome.changed) doors.wake();
  return outcome;
}

/**
 * Asks for something new, within the policy's limits. Gives the request, or the refusal of the limit. Short ids are typed
 * by people, so one can come twice: then another is taken.
 */
export async function ask(doors: Doors, wanted: Wanted, actor: Actor): Promise<Request | Answer> {
  const { expiresIn, ...about } = wanted;
  const { requester, subject } = wanted;
  const asking = { requester, ...(subject.kind === 'promotion' && { repository: subject.repository }) };
  for (;;) {
    const id = doors.ids.request();
    const outcome = await doors.ledger.change<Outcome | Answer>(
      id,
      (basis) => {
        const limit = limitOn(doors.policy(), basis.open, requester, subject);
        if (limit) return { result: limit };
        const command = { kind: 'ask', ...about, id, expiresAt: basis.now + expiresIn } as const;
        return decideOn(doors, basis, command, actor);
      },
      asking,
    );
    if ('kind' in outcome) return outcome;
    if (outcome.changed && outcome.request) {
      doors.wake();
      return outcome.request;
    }
    if (!outcome.request) return refuse(outcome.refusal?.code ?? 'refused', outcome.refusal?.text ?? '');
  }
}

function decideOn(doors: Doors, { before, now }: Basis, command: Command, actor: Actor): Verdict<Outcome> {
  const { events, refusal } = decide(before, command, now, doors.ids.hash);
  const refused = refusal && { refusal };
  const after = evolveAll(before, events, now);
  if (!after || events.length === 0) return { result: { request: before, changed: false, ...refused } };
  return {
    result: { request: after, changed: true, ...refused },
    decision: {
      request: after,
      audit: auditOf(events, { before, after, actor, at: now }, doors.ids.hash),
      jobs: jobsOf(after, events, now),
    },
  };
}
