// The clock of the digests: every minute, each schedule's slots since the last stored one are looked up, and the newest
// is claimed in the store. Of several replicas one wins; after a downtime the missed one is sent once.
import type { Clock, DigestSlot, Ledger, Log } from '../ports.ts';
import { parseCron, slotsBetween } from './cron.ts';

interface Schedule {
  readonly name: string;
  readonly to: readonly string[];
  readonly cron: string;
  readonly timezone: string;
}

export interface TickerOptions {
  readonly schedules: () => readonly Schedule[];
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly wake: () => void;
}

/** Starts node-cron, which says every minute of UTC that it is time to look. */
export async function startTicker(options: TickerOptions): Promise<{ close(): void }> {
  const { schedule } = await import('node-cron');
  const look = () =>
    claimDue(options).catch((error: unknown) => {
      options.log.error('the schedules could not be looked at', { error: String(error) });
    });
  const task = schedule('* * * * *', look, { timezone: 'UTC' });
  await look();
  return { close: () => void task.destroy() };
}

/** Claims what is due and enqueues its sending. */
export async function claimDue({
  schedules,
  ledger,
  clock,
  wake,
}: TickerOptions): Promise<readonly DigestSlot[]> {
  const now = clock();
  const claimed: DigestSlot[] = [];
  for (const schedule of schedules()) {
    for (const to of schedule.to) {
      const last = await ledger.lastDigest(schedule.name, to);
      if (last === undefined) {
        await beginSchedule(ledger, { name: schedule.name, to, periodEnd: now });
        continue;
      }
      const due = slotsBetween(parseCron(schedule.cron), schedule.timezone, last, now).at(-1);
      if (due === undefined) continue;
      const slot = { name: schedule.name, to, periodEnd: due };
      if (await ledger.claimDigest(slot)) claimed.push(slot);
    }
  }
  // Claimed but not enqueued (killed in between) is enqueued here as well; the job's key makes it one.
  for (const slot of await ledger.unsentDigests()) {
    await ledger.enqueue({
      key: `digest:${slot.name}:${slot.to}:${slot.periodEnd}`,
      kind: 'digest',
      payload: { slot },
      runAt: now,
    });
  }
  if (claimed.length > 0) wake();
  return claimed;
}

/** A schedule that is new begins now: nothing before is due. */
async function beginSchedule(ledger: Ledger, slot: DigestSlot): Promise<void> {
  if (await ledger.claimDigest(slot))
    await ledger.digestSent(slot, { channel: 'terminal', place: slot.to, message: 'begin' }, slot.periodEnd);
}
