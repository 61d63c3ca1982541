// Freezes of stages. A freeze is a row of the audit chain and nothing else: what stops an import is what is signed.
import { isOpen, nextOpening } from '../promotion/windows.ts';
import type { Policy } from '../policy/policy.ts';
import type { Actor, AuditRow } from '../ports.ts';
import type { Doors } from './doors.ts';

export interface Freeze {
  readonly stage: string;
  readonly until: number;
  readonly by: string;
  readonly why: string;
}

/** The subject of the audit that a stage's freezes stand under. */
export const freezesOf = (stage: string): string => `stage:${stage}`;

/** The freeze that is in force; nothing where there is none, or it is over. */
export async function freezeOf(
  doors: Pick<Doors, 'ledger' | 'clock'>,
  stage: string,
): Promise<Freeze | undefined> {
  const [last] = await doors.ledger.auditRows({ subject: freezesOf(stage), limit: 1 });
  return freezeIn(last, stage, doors.clock());
}

/** What the last row about a stage's freezes says at a time. */
function freezeIn(last: AuditRow | undefined, stage: string, now: number): Freeze | undefined {
  if (last?.action !== 'frozen') return undefined;
  const { until, why } = last.facts as { until: number; why: string };
  return until > now ? { stage, until, why, by: last.actor.person } : undefined;
}

/** `until` in milliseconds. A later freeze takes the place of an earlier one. */
export const freeze = (
  doors: Doors,
  actor: Actor,
  stage: string,
  facts: { readonly until: number; readonly why: string },
): Promise<void> =>
  doors.ledger.audit({ at: doors.clock(), actor, action: 'frozen', subject: freezesOf(stage), facts });

export const unfreeze = (doors: Doors, actor: Actor, stage: string, why: string): Promise<void> =>
  doors.ledger.audit({
    at: doors.clock(),
    actor,
    action: 'unfrozen',
    subject: freezesOf(stage),
    facts: { ...(why && { why }) },
  });

/** What keeps an import into a stage from beginning, and until when that is known to last, in milliseconds. */
export interface Closed {
  readonly why: string;
  readonly until?: number;
}

/** Why no import into a stage may begin now. */
export async function closedFor(
  doors: Pick<Doors, 'ledger' | 'clock' | 'policy'>,
  stage: string,
): Promise<Closed | undefined> {
  const [last] = await doors.ledger.auditRows({ subject: freezesOf(stage), limit: 1 });
  return closedAt(doors.policy(), stage, last, doors.clock());
}

/** Why no import into a stage may begin at a time. `last`: the last row about the stage's freezes. */
export function closedAt(
  { windows, timezone }: Pick<Policy, 'windows' | 'timezone'>,
  stage: string,
  last: AuditRow | undefined,
  now: number,
): Closed | undefined {
  const frozen = freezeIn(last, stage, now);
  if (frozen) return { why: `${frozen.by} froze ${stage}: ${frozen.why}`, until: frozen.until };
  if (isOpen(windows, stage, now, timezone)) return undefined;
  const until = nextOpening(windows, stage, now, timezone);
  return until === undefined
    ? { why: `No window of ${stage} opens within 90 days.` }
    : { why: `The window of ${stage} is closed.`, until };
}
