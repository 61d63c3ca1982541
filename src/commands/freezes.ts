// Freezes of stages. A freeze is a row of the audit chain and nothing else: what stops an import is what is signed.
import { isOpen, nextOpening } from '../promotion/windows.ts';
import type { Actor } from '../ports.ts';
import type { Doors } from './doors.ts';

export interface Freeze {
  readonly stage: string;
  readonly until: number;
  readonly by: string;
  readonly why: string;
}

const subjectOf = (stage: string): string => `stage:${stage}`;

/** The freeze that is in force; nothing where there is none, or it is over. */
export async function freezeOf(
  doors: Pick<Doors, 'ledger' | 'clock'>,
  stage: string,
): Promise<Freeze | undefined> {
  const [last] = await doors.ledger.auditRows({ subject: subjectOf(stage), limit: 1 });
  if (last?.action !== 'frozen') return undefined;
  const { until, why } = last.facts as { until: number; why: string };
  return until > doors.clock() ? { stage, until, why, by: last.actor.person } : undefined;
}

/** `until` in milliseconds. A later freeze takes the place of an earlier one. */
export const freeze = (
  doors: Doors,
  actor: Actor,
  stage: string,
  facts: { readonly until: number; readonly why: string },
): Promise<void> =>
  doors.ledger.audit({ at: doors.clock(), actor, action: 'frozen', subject: subjectOf(stage), facts });

export const unfreeze = (doors: Doors, actor: Actor, stage: string, why: string): Promise<void> =>
  doors.ledger.audit({
    at: doors.clock(),
    actor,
    action: 'unfrozen',
    subject: subjectOf(stage),
    facts: { ...(why && { why }) },
  });

/** Why no import into a stage may begin now, and until when that is known to last, in milliseconds. */
export async function closedFor(
  doors: Pick<Doors, 'ledger' | 'clock' | 'policy'>,
  stage: string,
): Promise<{ readonly why: string; readonly until?: number } | undefined> {
  const frozen = await freezeOf(doors, stage);
  if (frozen) return { why: `${frozen.by} froze ${stage}: ${frozen.why}`, until: frozen.until };
  const { windows, timezone } = doors.policy();
  const now = doors.clock();
  if (isOpen(windows, stage, now, timezone)) return undefined;
  const until = nextOpening(windows, stage, now, timezone);
  return until === undefined
    ? { why: `No window of ${stage} opens within 90 days.` }
    : { why: `The window of ${stage} is closed.`, until };
}
