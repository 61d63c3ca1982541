// Work that survives a restart. A job is claimed under a lease with a fence: whoever lost the lease (because it hung, or
// the machine slept) can no longer finish or postpone it.
import type { Job, JobKind, Lease } from '../ports.ts';
import type { Database, Engine } from './schema.ts';

/** Enqueues a job; a key that is there already is left as it is. Says whether it is new. */
export async function insertJob(db: Database, job: Job): Promise<boolean> {
  const result = await db
    .insertInto('job')
    .values({
      key: job.key,
      kind: job.kind,
      payload: JSON.stringify(job.payload),
      state: 'open',
      attempts: 0,
      run_at: job.runAt,
      owner: null,
      lease_until: 0,
      fence: 0,
      error: null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** The job that is due longest, of no kind of `except` and not under a lease, leased for `leaseFor` milliseconds. */
export function claimJob(
  engine: Engine,
  owner: string,
  leaseFor: number,
  except: readonly JobKind[] = [],
): Promise<Lease | undefined> {
  return engine.transaction(async (tx) => {
    const now = await engine.now(tx);
    const row = await tx
      .selectFrom('job')
      .selectAll()
      .where('state', '=', 'open')
      .where('run_at', '<=', now)
      .where('lease_until', '<=', now)
      .$if(except.length > 0, (query) => query.where('kind', 'not in', except))
      .orderBy('run_at')
      .limit(1)
      .$if(engine.locksRows, (query) => query.forUpdate().skipLocked())
      .executeTakeFirst();
    if (!row) return undefined;
    const fence = row.fence + 1;
    await tx
      .updateTable('job')
      .set({ owner, lease_until: now + leaseFor, fence, attempts: row.attempts + 1 })
      .where('key', '=', row.key)
      .execute();
    return {
      key: row.key,
      kind: row.kind as JobKind,
      payload: JSON.parse(row.payload) as Lease['payload'],
      runAt: row.run_at,
      attempts: row.attempts + 1,
      fence,
    };
  });
}

export async function renewJob({ db, now }: Engine, lease: Lease, leaseFor: number): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({ lease_until: (await now(db)) + leaseFor })
    .where('key', '=', lease.key)
    .where('fence', '=', lease.fence)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function finishJob(db: Database, lease: Lease): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({ state: 'done', lease_until: 0 })
    .where('key', '=', lease.key)
    .where('fence', '=', lease.fence)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Gives the job back, to be run again in `wait` milliseconds. */
export async function postponeJob(
  { db, now }: Engine,
  lease: Lease,
  wait: number,
  error: string,
): Promise<boolean> {
  const result = await db
    .updateTable('job')
    // PostgreSQL keeps no NUL in a text.
    .set({
      run_at: (await now(db)) + wait,
      lease_until: 0,
      error: error.replaceAll('\0', '').slice(0, 1000),
    })
    .where('key', '=', lease.key)
    .where('fence', '=', lease.fence)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
