// The clock of the digests: every minute, each schedule's slots since the last stored one are looked up, and the newest
// is claimed in the store. Of several replicas one wins; after a downtime the missed one is sent once.
import type { Clock, DigestSlot, Ledger, Log } from '../ports.ts';
import { parseCron, slotsBetween } from './cron.ts';

interface Schedule {
  readonly name: string;
  readonly to: string;
  readonly cron: string;
  readonly timezone: string;
}

export interface TickerOptions {
  /** One a channel; what is paused is left out. */
  readonly schedules: () => Promise<readonly Schedule[]>;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly wake: () => void;
}

const day = 24 * 3_600_000;

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
  log,
  wake,
}: TickerOptions): Promise<readonly DigestSlot[]> {
  const now = clock();
  const claimed: DigestSlot[] = [];
  for (const schedule of await schedules()) {
    try {
      const slot = await claimNewest(ledger, schedule, now);
      if (slot) claimed.push(slot);
    } catch (error) {
      log.error('a schedule could not be looked at', { schedule: schedule.name, error: String(error) });
    }
  }
  // Once a day, whichever replica is first.
  await ledger.enqueue({ key: `thin:${Math.floor(now / day)}`, kind: 'thin', payload: {}, runAt: now });
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

async function claimNewest(
  ledger: Ledger,
  { name, to, cron, timezone }: Schedule,
  now: number,
): Promise<DigestSlot | undefined> {
  const fields = parseCron(cron);
  const last = await ledger.lastDigest(name, to);
  if (last === undefined) {
    await beginSchedule(ledger, { name, to, periodEnd: now });
    return undefined;
  }
  const due = slotsBetween(fields, timezone, last, now).at(-1);
  if (due === undefined) return undefined;
  const slot = { name, to, periodEnd: due };
  return (await ledger.claimDigest(slot)) ? slot : undefined;
}

/** A schedule that is new begins now: nothing before is due. */
async function beginSchedule(ledger: Ledger, slot: DigestSlot): Promise<void> {
  if (await ledger.claimDigest(slot))
    await ledger.digestSent(slot, { channel: 'terminal', place: slot.to, message: 'begin' }, slot.periodEnd);
}
