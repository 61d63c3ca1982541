// The Ledger door over one database. Each part has a file of its own; the small ones stand here.
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Ledger, ManifestStore, MessageRef, ReferenceStore, ScoreRow } from '../ports.ts';
import { accountLinks } from './account-links.ts';
import { type AuditKey, appendAudit, bindAuditKey, readAudit, verifyChain } from './audit.ts';
import { deliveries } from './deliveries.ts';
import { digests } from './digests.ts';
import { claimJob, finishJob, insertJob, postponeJob, renewJob } from './jobs.ts';
import { manifests } from './manifests.ts';
import { changeRequest, findRequest, listRequests } from './requests.ts';
import { type Database, type Engine, migrations } from './schema.ts';
import { thin } from './thinning.ts';

/** All that is kept, behind its doors. */
export type Store = Ledger & ReferenceStore & ManifestStore;

/** Brings the schema up to date and gives the ledger over it. Throws if a migration fails, or the audit key is another. */
export async function openLedger(engine: Engine, key: AuditKey): Promise<Store> {
  const { db } = engine;
  try {
    await prepare(db, key);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    request: (id) => findRequest(db, id),
    requests: (filter) => listRequests(db, filter),
    change: (id, decide, beside) => changeRequest(engine, key, id, decide, beside),
    enqueue: (job) => insertJob(db, job),
    claim: (owner, leaseFor, except) => claimJob(engine, owner, leaseFor, except),
    renew: (lease, leaseFor) => renewJob(engine, lease, leaseFor),
    finish: (lease) => finishJob(db, lease),
    postpone: (lease, wait, problem) => postponeJob(engine, lease, wait, problem),
    audit: (entry) => engine.transaction((tx) => appendAudit(engine, tx, key, [entry])),
    auditRows: (filter) => readAudit(db, filter),
    verifyAudit: (anchor) => verifyChain(db, key, anchor),
    thin: () => thin(engine),
    answers: () => answers(db),
    close: () => db.destroy(),
    ...deliveries(engine),
    ...messages(db),
    ...scores(db),
    ...digests(db),
    ...accountLinks(engine, key),
    ...references(db),
    ...manifests(engine),
  };
}

async function prepare(db: Database, key: AuditKey): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
  await bindAuditKey(db, key);
}

async function answers(db: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), 2000);
  });
  const asked = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([asked, patience]);
  clearTimeout(timer);
  return answered;
}

function messages(db: Database): Pick<Ledger, 'remember' | 'messages'> {
  return {
    remember: async (subject, { channel, place, message }) => {
      await db
        .insertInto('message')
        .values({ subject, channel, place, message })
        .onConflict((conflict) => conflict.columns(['subject', 'channel', 'place', 'message']).doNothing())
        .execute();
    },
    messages: async (subject) => {
      const rows = await db.selectFrom('message').selectAll().where('subject', '=', subject).execute();
      return rows.map(({ channel, place, message }) => ({ channel, place, message }) as MessageRef);
    },
  };
}

function scores(db: Database): Pick<Ledger, 'saveScore' | 'scores'> {
  return {
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
