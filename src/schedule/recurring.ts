// Work that recurs by a cron line: once a slot, however many replicas there are, since the key of the job is the slot's.
// After a downtime only the newest slot that was missed is made up for.
import type { Clock, JobKind, Ledger, Log } from '../ports.ts';
import { parseCron, slotsBetween } from './cron.ts';

export interface Recurring {
  readonly kind: JobKind;
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
}

export interface RecurringOptions {
  readonly work: () => readonly Recurring[];
  readonly ledger: Pick<Ledger, 'enqueue'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly wake: () => void;
  /** When this installation began, in milliseconds: nothing from before is made up for. */
  readonly since: number;
}

/** How far back a missed slot is made up for, in milliseconds; done jobs are remembered for longer. */
const reach = 24 * 3_600_000;

/** Looks every minute of UTC. */
export async function startRecurring(options: RecurringOptions): Promise<{ close(): void }> {
  const { schedule } = await import('node-cron');
  const look = () =>
    enqueueDue(options).catch((error: unknown) => {
      options.log.error('the recurring work could not be looked at', { error: String(error) });
    });
  const task = schedule('* * * * *', look, { timezone: 'UTC' });
  await look();
  return { close: () => void task.destroy() };
}

/** Enqueues the newest due slot of each; one that was enqueued before is left as it is. */
export async function enqueueDue({ work, ledger, clock, log, wake, since }: RecurringOptions): Promise<void> {
  const now = clock();
  for (const { kind, name, cron, timezone } of work()) {
    try {
      const slot = slotsBetween(parseCron(cron), timezone, Math.max(since, now - reach), now).at(-1);
      if (slot === undefined) continue;
      const job = { key: `${kind}:${name}:${slot}`, kind, payload: { name }, runAt: slot };
      if (await ledger.enqueue(job)) wake();
    } catch (error) {
      log.error('a recurring work could not be looked at', { kind, name, error: String(error) });
    }
  }
}
