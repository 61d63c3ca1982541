// Does the stored work: claims a job, keeps its lease while it runs, finishes it or gives it back. A job that was being
// done when the process died is done by whoever finds its lease run out.
import type { Clock, JobKind, Lease, Ledger, Log } from '../ports.ts';

export interface WorkerOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process among the replicas. */
  readonly owner: string;
  /** Does one job. A time (milliseconds) that it gives back means: nothing to do yet, look again then. */
  readonly work: (lease: Lease) => Promise<number | undefined | void>;
  /** Milliseconds; a lease is renewed three times within it. */
  readonly lease?: number;
  /** Jobs at once. Most of them wait for somebody else, so one that hangs must not hold up the others. */
  readonly lanes?: number;
  /** Milliseconds that `close` waits for what is under way; what is cut off is done after the next start. */
  readonly closeWithin?: number;
}

export interface Worker {
  /** There is new work. */
  readonly wake: () => void;
  /** Takes nothing new and waits for what is under way. */
  close(): Promise<void>;
}

/** These wait for their turn in a chat, which takes one post a second: they leave half of the lanes to the others. */
const chatKinds: readonly JobKind[] = ['publish', 'notify', 'tell', 'remind', 'alarm', 'digest'];
const idle = 1000;
const maxWait = 60_000;

export function startWorker(options: WorkerOptions): Worker {
  const { ledger, clock, log, owner, work } = options;
  const leaseFor = options.lease ?? 10_000;
  const lanes = options.lanes ?? 16;
  const running = new Set<Promise<void>>();
  let inChats = 0;
  const bell = createBell();
  let open = true;

  async function run(lease: Lease): Promise<void> {
    const heartbeat = setInterval(() => {
      ledger.renew(lease, leaseFor).catch(() => undefined);
    }, leaseFor / 3);
    try {
      const again = await work(lease);
      if (typeof again === 'number') await ledger.postpone(lease, again - clock(), '');
      else await ledger.finish(lease);
    } catch (error) {
      const { retryAfter = 0 } = error as { retryAfter?: number };
      const wait = Math.max(retryAfter, Math.min(maxWait, 500 * 2 ** Math.min(lease.attempts, 7)));
      log.warn('a job is tried again', { job: lease.key, attempts: lease.attempts, error: String(error) });
      await ledger.postpone(lease, wait, String(error));
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Begins the next due job; says whether there was one. */
  async function takeOne(): Promise<boolean> {
    const lease = await ledger.claim(owner, leaseFor, inChats < lanes / 2 ? [] : chatKinds);
    if (!lease) return false;
    const share = chatKinds.includes(lease.kind) ? 1 : 0;
    inChats += share;
    const underWay = run(lease)
      .catch((error: unknown) => {
        log.error('the store did not answer the worker', { job: lease.key, error: String(error) });
      })
      .finally(() => {
        running.delete(underWay);
        inChats -= share;
        bell.ring();
      });
    running.add(underWay);
    return true;
  }

  async function loop(): Promise<void> {
    while (open) {
      try {
        if (running.size >= lanes || !(await takeOne())) await bell.wait(idle);
      } catch (error) {
        log.error('the store did not answer the worker', { error: String(error) });
        await bell.wait(idle);
      }
    }
  }

  const looping = loop();
  return {
    wake: bell.ring,
    close: async () => {
      open = false;
      bell.ring();
      await looping;
      await settled(running, options.closeWithin ?? 10_000);
    },
  };
}

/** Something to wait for. A ring while nobody waits is kept for the next who does. */
function createBell(): { readonly ring: () => void; wait(atMost: number): Promise<void> } {
  let rung = false;
  let waiting: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      waiting?.();
    },
    wait: async (atMost) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, atMost);
          waiting = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      waiting = undefined;
    },
  };
}

async function settled(work: Iterable<Promise<void>>, atMost: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, atMost);
  });
  await Promise.race([Promise.all(work), patience]);
  clearTimeout(timer);
}
