// Does the stored work: claims a job, keeps its lease while it runs, finishes it or gives it back. A job that was being
// done when the process died is done by whoever finds its lease run out.
import type { Clock, JobKind, Lease, Ledger, Log } from '../ports.ts';

export interface WorkerOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process among the replicas. */
  readonly owner: string;
  readonly handlers: Readonly<Record<JobKind, (lease: Lease) => Promise<void>>>;
  /** Milliseconds; a lease is renewed three times within it. */
  readonly lease?: number;
  readonly lanes?: number;
}

export interface Worker {
  /** There is new work. */
  readonly wake: () => void;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const idle = 1000;
const maxWait = 60_000;

export function startWorker(options: WorkerOptions): Worker {
  const { ledger, clock, log, owner, handlers } = options;
  const leaseFor = options.lease ?? 10_000;
  const sleepers = new Set<() => void>();
  let open = true;

  async function rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, idle);
      function done(): void {
        clearTimeout(timer);
        sleepers.delete(done);
        resolve();
      }
      sleepers.add(done);
    });
  }

  async function run(lease: Lease): Promise<void> {
    const heartbeat = setInterval(() => {
      ledger.renew(lease, clock() + leaseFor).catch(() => undefined);
    }, leaseFor / 3);
    try {
      await handlers[lease.kind](lease);
      await ledger.finish(lease);
    } catch (error) {
      const wait = Math.min(maxWait, 500 * 2 ** Math.min(lease.attempts, 7));
      log.warn('a job is tried again', { job: lease.key, attempts: lease.attempts, error: String(error) });
      await ledger.postpone(lease, clock() + wait, String(error));
    } finally {
      clearInterval(heartbeat);
    }
  }

  async function lane(): Promise<void> {
    while (open) {
      try {
        const now = clock();
        const lease = await ledger.claim(owner, now, now + leaseFor);
        if (lease) await run(lease);
        else await rest();
      } catch (error) {
        log.error('the store did not answer the worker', { error: String(error) });
        await rest();
      }
    }
  }

  const lanes = Array.from({ length: options.lanes ?? 4 }, lane);
  return {
    wake: () => {
      for (const done of sleepers) done();
    },
    close: async () => {
      open = false;
      for (const done of sleepers) done();
      await Promise.all(lanes);
    },
  };
}
