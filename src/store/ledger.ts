// The Ledger door over one database. Each part has a file of its own; the small ones stand here.
import { Migrator } from 'kysely/migration';
import type { DigestSlot, Ledger, MessageRef, ReferenceStore, ScoreRow } from '../ports.ts';
import type { Scan } from '../posture/facts.ts';
import { type AuditKey, appendAudit, readAudit, verifyChain } from './audit.ts';
import { claimJob, finishJob, insertJob, postponeJob, renewJob } from './jobs.ts';
import { commitDecision, findRequest, listRequests } from './requests.ts';
import { type Database, migrations } from './schema.ts';

const day = 24 * 3_600_000;

/** Brings the schema up to date and gives the ledger over it. Throws if a migration fails. */
export async function openLedger(db: Database, key: AuditKey): Promise<Ledger & ReferenceStore> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
  return {
    request: (id) => findRequest(db, id),
    requests: (filter) => listRequests(db, filter),
    commit: (decision) => commitDecision(db, key, decision),
    enqueue: (job) => insertJob(db, job),
    claim: (owner, now, until) => claimJob(db, owner, now, until),
    renew: (lease, until) => renewJob(db, lease, until),
    finish: (lease) => finishJob(db, lease),
    postpone: (lease, runAt, error) => postponeJob(db, lease, runAt, error),
    audit: (entry) => db.transaction().execute((tx) => appendAudit(tx, key, [entry])),
    auditRows: (filter) => readAudit(db, filter),
    verifyAudit: (anchor) => verifyChain(db, key, anchor),
    close: () => db.destroy(),
    ...deliveries(db),
    ...messages(db),
    ...snapshots(db),
    ...digests(db),
    ...references(db),
  };
}

function deliveries(db: Database): Pick<Ledger, 'accept' | 'answered' | 'unanswered'> {
  return {
    accept: async (key, payload, now) => {
      await db
        .deleteFrom('delivery')
        .where('at', '<', now - day)
        .where('state', '=', 'answered')
        .execute();
      const result = await db
        .insertInto('delivery')
        .values({ key, payload: JSON.stringify(payload), state: 'accepted', at: now })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirst();
      return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
    },
    answered: async (key) => {
      await db.updateTable('delivery').set({ state: 'answered' }).where('key', '=', key).execute();
    },
    unanswered: async () => {
      const rows = await db
        .selectFrom('delivery')
        .selectAll()
        .where('state', '=', 'accepted')
        .orderBy('at')
        .execute();
      return rows.map((row) => ({ key: row.key, payload: JSON.parse(row.payload) as unknown }));
    },
  };
}

function messages(db: Database): Pick<Ledger, 'remember' | 'messages'> {
  return {
    remember: async (subject, ref) => {
      await db
        .insertInto('message')
        .values({ subject, ...ref })
        .onConflict((conflict) => conflict.columns(['subject', 'channel', 'place', 'message']).doNothing())
        .execute();
    },
    messages: async (subject) => {
      const rows = await db.selectFrom('message').selectAll().where('subject', '=', subject).execute();
      return rows.map(({ channel, place, message }) => ({ channel, place, message }) as MessageRef);
    },
  };
}

function snapshots(db: Database): Pick<Ledger, 'saveScan' | 'latestScan' | 'saveScore' | 'scores'> {
  return {
    // Only the newest scan is kept whole; the trend lives in the scores.
    saveScan: async (scan) => {
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('scan').where('as_of', '<=', scan.asOf).execute();
        await tx
          .insertInto('scan')
          .values({ as_of: scan.asOf, body: JSON.stringify(scan) })
          .execute();
      });
    },
    latestScan: async () => {
      const row = await db
        .selectFrom('scan')
        .select('body')
        .orderBy('as_of', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && (JSON.parse(row.body) as Scan);
    },
    saveScore: async (score) => {
      await db
        .insertInto('score')
        .values({ as_of: score.asOf, body: JSON.stringify(score) })
        .onConflict((conflict) => conflict.column('as_of').doNothing())
        .execute();
    },
    scores: async (since) => {
      const rows = await db
        .selectFrom('score')
        .select('body')
        .where('as_of', '>=', since)
        .orderBy('as_of')
        .execute();
      return rows.map((row) => JSON.parse(row.body) as ScoreRow);
    },
  };
}

function digests(db: Database): Pick<Ledger, 'claimDigest' | 'digestSent' | 'unsentDigests' | 'lastDigest'> {
  return {
    claimDigest: async ({ name, to, periodEnd }) => {
      const result = await db
        .insertInto('digest')
        .values({ name, to, period_end: periodEnd, sent_at: null, message: null })
        .onConflict((conflict) => conflict.columns(['name', 'to', 'period_end']).doNothing())
        .executeTakeFirst();
      return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
    },
    digestSent: async ({ name, to, periodEnd }, ref, at) => {
      await db
        .updateTable('digest')
        .set({ sent_at: at, message: ref.message })
        .where('name', '=', name)
        .where('to', '=', to)
        .where('period_end', '=', periodEnd)
        .execute();
    },
    unsentDigests: async () => {
      const rows = await db.selectFrom('digest').selectAll().where('sent_at', 'is', null).execute();
      return rows.map((row): DigestSlot => ({ name: row.name, to: row.to, periodEnd: row.period_end }));
    },
    lastDigest: async (name, to) => {
      const row = await db
        .selectFrom('digest')
        .select('period_end')
        .where('name', '=', name)
        .where('to', '=', to)
        .orderBy('period_end', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.period_end;
    },
  };
}

function references(db: Database): ReferenceStore {
  return {
    get: async (place) => {
      const row = await db
        .selectFrom('reference')
        .select('body')
        .where('place', '=', place)
        .executeTakeFirst();
      return row?.body;
    },
    put: async (place, body) => {
      await db
        .insertInto('reference')
        .values({ place, body })
        .onConflict((conflict) => conflict.column('place').doUpdateSet({ body }))
        .execute();
    },
    remove: async (place) => {
      await db.deleteFrom('reference').where('place', '=', place).execute();
    },
  };
}
