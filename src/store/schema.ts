// The tables, once for both dialects: JSON as text, times as integer milliseconds, ids as text.
import type { Kysely, Transaction } from 'kysely';

export interface Tables {
  request: {
    id: string;
    version: number;
    state: string;
    requester: string;
    repository: string;
    body: string;
    created_at: number;
    updated_at: number;
    /** Nothing while it is open. */
    ended_at: number | null;
  };
  job: {
    key: string;
    kind: string;
    payload: string;
    state: 'open' | 'done';
    attempts: number;
    run_at: number;
    owner: string | null;
    lease_until: number;
    fence: number;
    error: string | null;
  };
  delivery: { key: string; payload: string; state: 'accepted' | 'answered'; at: number };
  message: { subject: string; channel: string; place: string; message: string };
  score: { as_of: number; body: string };
  digest: {
    name: string;
    to: string;
    period_end: number;
    sent_at: number | null;
    message: string | null;
    note: string | null;
  };
  audit: {
    seq: number;
    at: number;
    subject: string;
    body: string;
    prev_hash: string;
    hash: string;
    signature: string;
  };
  /** The key that signs the chain, in PEM: one row. */
  audit_key: { id: number; public: string };
  digest_setting: { name: string; to: string; body: string };
  reference: { place: string; body: string };
  manifest: { digest: string; body: string; read_at: number };
  /** Accounts that are or want to be a person's: `code` while it is asked for. */
  account_link: { id: string; code: string | null; body: string; signature: string };
}

export type Database = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** What differs between the dialects. */
export interface Engine {
  readonly db: Database;
  /** A read-write transaction that sees what others committed meanwhile. `work` may be run again after a conflict. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A write of few rows that depends on nothing read before. It is on the disk when this settles, and may be done again. */
  readonly brief: <T>(work: (db: Database) => Promise<T>) => Promise<T>;
  /** The clock that all replicas share, in milliseconds: read it after what had to be waited for. */
  readonly now: (db: Database) => Promise<number>;
  /** Whether rows are locked one by one. Without it a transaction has the whole database to itself. */
  readonly locksRows: boolean;
  /** Until the transaction ends, nobody else gets past this: for the audit chain, and for asking. */
  serialise(tx: Tx): Promise<void>;
}

/** Migrations by name, in order. A new one is added at the end; an old one is never changed. */
export const migrations: Readonly<Record<string, { up(db: Kysely<unknown>): Promise<void> }>> = {
  '2026-11-22-first': { up: first },
  '2026-11-22-replicas': { up: replicas },
  '2026-11-22-stored-manifests': { up: manifests },
  '2026-11-22-subscriptions': { up: digestSettings },
  '2026-11-22-vouched-accounts': { up: accountLinks },
  '2026-11-22-wary-digests': { up: digestNotes },
};

async function first(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('request')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('requester', 'text', (c) => c.notNull())
    .addColumn('repository', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('request_by_state').on('request').columns(['state', 'created_at']).execute();
  await db.schema
    .createTable('job')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('run_at', 'bigint', (c) => c.notNull())
    .addColumn('owner', 'text')
    .addColumn('lease_until', 'bigint', (c) => c.notNull())
    .addColumn('fence', 'integer', (c) => c.notNull())
    .addColumn('error', 'text')
    .execute();
  await db.schema.createIndex('job_due').on('job').columns(['state', 'run_at']).execute();
  await db.schema
    .createTable('delivery')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('message')
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('message_once', ['subject', 'channel', 'place', 'message'])
    .execute();
  for (const name of ['scan', 'score']) {
    await db.schema
      .createTable(name)
      .addColumn('as_of', 'bigint', (c) => c.primaryKey())
      .addColumn('body', 'text', (c) => c.notNull())
      .execute();
  }
  await db.schema
    .createTable('digest')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('to', 'text', (c) => c.notNull())
    .addColumn('period_end', 'bigint', (c) => c.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('message', 'text')
    .addPrimaryKeyConstraint('digest_once', ['name', 'to', 'period_end'])
    .execute();
  await db.schema
    .createTable('audit')
    .addColumn('seq', 'integer', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('prev_hash', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('audit_by_subject').on('audit').columns(['subject', 'seq']).execute();
  await db.schema
    .createTable('reference')
    .addColumn('place', 'text', (c) => c.primaryKey())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
}

/** What several replicas need, and the end of a request as a column: open ones are counted by every asking. */
async function replicas(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('request').addColumn('ended_at', 'bigint').execute();
  await endOldRequests(db as Database);
  await db.schema
    .createIndex('request_by_end')
    .on('request')
    .columns(['ended_at', 'requester', 'repository'])
    .execute();
  await db.schema
    .createTable('audit_key')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('public', 'text', (c) => c.notNull())
    .execute();
  await db.schema.dropTable('scan').execute();
}

async function manifests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('manifest')
    .addColumn('digest', 'text', (c) => c.primaryKey())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('read_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('manifest_by_read').on('manifest').column('read_at').execute();
}

async function endOldRequests(db: Database): Promise<void> {
  const rows = await db.selectFrom('request').select(['id', 'body']).execute();
  for (const { id, body } of rows) {
    const { endedAt } = JSON.parse(body) as { readonly endedAt?: number };
    if (endedAt !== undefined)
      await db.updateTable('request').set({ ended_at: endedAt }).where('id', '=', id).execute();
  }
}

/** What people set of digests by chat. */
async function digestSettings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('digest_setting')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('to', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('digest_setting_once', ['to', 'name'])
    .execute();
}

/** Accounts that people confirmed as theirs, and the codes they were asked by. */
async function accountLinks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('account_link')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('code', 'text', (c) => c.unique())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .execute();
}

/** What is to be said of a digest's sending. */
async function digestNotes(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('digest').addColumn('note', 'text').execute();
}
