import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError, type JobKind, type Lease, type Ledger } from '../../src/ports.ts';
import { startWorker, type Worker, type WorkerOptions } from '../../src/schedule/worker.ts';
import { createStore, keptLog } from './schedule-world.ts';

const job = (key: string, kind: JobKind = 'publish') => ({ key, kind, payload: {}, runAt: 0 }) as const;

/** Until `holds`; fails by the test's own time limit. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(5);
}

describe('the worker', () => {
  let store: Awaited<ReturnType<typeof createStore>>;
  let ledger: Ledger;
  const workers: Worker[] = [];
  const { log } = keptLog();
  const start = (
    publish: (lease: Lease) => Promise<number | undefined | void>,
    more: Partial<WorkerOptions> = {},
  ) => {
    if (more.clock) store.setClock(more.clock);
    const worker = startWorker({
      ledger,
      clock: Date.now,
      log,
      owner: `w${workers.length}`,
      work: publish,
      ...more,
    });
    workers.push(worker);
    return worker;
  };
  /** What another worker would be given at that time. */
  const claimAt = async (now: number, leaseFor = 0) => {
    store.setClock(() => now);
    return ledger.claim('test', leaseFor);
  };
  beforeEach(async () => {
    store = await createStore();
    ledger = await store.open();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await store.close();
  });

  it('does the steps of requests while cards wait for their turn in a chat', async () => {
    const done: string[] = [];
    let open: () => void = () => undefined;
    const chat = new Promise<void>((resolve) => {
      open = resolve;
    });
    for (let i = 0; i < 40; i++) await ledger.enqueue(job(`card${i}`));
    await ledger.enqueue(job('step', 'step'));
    start(async ({ key, kind }) => {
      if (kind === 'publish') await chat;
      done.push(key);
    });

    await until(() => done.length > 0);
    expect(done).toEqual(['step']);
    open();
    await until(() => done.length === 41);
  });

  it('does each of 100 jobs once, with two workers on one store', async () => {
    const done: string[] = [];
    for (let i = 0; i < 100; i++) await ledger.enqueue(job(`k${i}`));
    const other = await store.open();
    start(async (lease) => void done.push(lease.key));
    start(async (lease) => void done.push(lease.key), { ledger: other });

    await until(() => done.length >= 100);
    await pause(30);
    expect(done).toHaveLength(100);
    expect(new Set(done).size).toBe(100);
  });

  it('postpones a job that fails, and does it again', async () => {
    const attempts: number[] = [];
    await ledger.enqueue(job('k'));
    let now = Date.now();
    const worker = start(
      async (lease) => {
        attempts.push(lease.attempts);
        if (lease.attempts < 3) throw new Error('not now');
      },
      { clock: () => now },
    );

    while (attempts.length < 3) {
      now += 10_000;
      worker.wake();
      await pause(5);
    }
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('waits at least as long as a channel asks for', async () => {
    let tries = 0;
    await ledger.enqueue(job('k'));
    const now = 1_000_000;
    start(
      async () => {
        tries += 1;
        throw new DeliveryError('transient', 'slow down', 45_000);
      },
      { clock: () => now },
    );

    await until(() => tries === 1);
    await until(async () => (await claimAt(now + 44_999)) === undefined);
    await until(async () => (await claimAt(now + 45_000, 1000)) !== undefined);
  });

  it('looks again when a job says so, without calling it a failure', async () => {
    const { log: own, lines } = keptLog();
    let tries = 0;
    await ledger.enqueue(job('k'));
    start(async () => (++tries === 1 ? 5_000_000 : undefined), { clock: () => 1_000_000, log: own });

    await until(() => tries === 1);
    await pause(20);
    expect(lines).toEqual([]);
    expect((await claimAt(5_000_000, 1))?.key).toBe('k');
  });

  it('does not finish a job whose lease it lost', async () => {
    await ledger.enqueue(job('k'));
    let release: (() => void) | undefined;
    const now = 1_000_000;
    start(() => new Promise<void>((resolve) => (release = resolve)), { clock: () => now, lease: 3_000_000 });
    await until(() => release !== undefined);

    const taken = await claimAt(now + 4_000_000, 5_000_000);
    release?.();
    await pause(20);
    expect(taken?.fence).toBe(2);
    expect(await ledger.finish(taken!)).toBe(true);
  });

  it('keeps the lease of a job that takes long', async () => {
    await ledger.enqueue(job('k'));
    let runs = 0;
    const slow = async () => {
      runs += 1;
      await pause(300);
    };
    start(slow, { lease: 60 });
    start(slow, { lease: 60 });

    await until(() => runs > 0);
    await pause(350);
    expect(runs).toBe(1);
  });

  it('goes on with other jobs while several hang', async () => {
    const done: string[] = [];
    for (let i = 0; i < 8; i++) await ledger.enqueue(job(`hang${i}`, 'step'));
    await ledger.enqueue(job('card'));
    start(
      async (lease) =>
        lease.kind === 'step' ? new Promise<undefined>(() => undefined) : void done.push(lease.key),
      { closeWithin: 10 },
    );

    await until(() => done.length === 1);
    expect(done).toEqual(['card']);
  });

  it('on close waits for what is under way, takes nothing new, and does not wait for ever', async () => {
    const done: string[] = [];
    await ledger.enqueue(job('long'));
    const worker = start(async (lease) => {
      await pause(100);
      done.push(lease.key);
    });
    await until(async () => (await ledger.claim('test', 0)) === undefined);
    await pause(20);
    const closing = worker.close();
    await ledger.enqueue(job('late'));
    await closing;

    expect(done).toEqual(['long']);
    expect(await claimAt(1e15)).toMatchObject({ key: 'late' });
    store.setClock(Date.now);
    const hanging = start(() => new Promise(() => undefined), { closeWithin: 20 });
    await pause(20);
    await hanging.close();
  });
});
