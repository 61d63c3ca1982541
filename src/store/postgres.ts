// The other dialect: PostgreSQL, for several replicas. Rows are locked one by one, time is the server's, and what has to
// be one after the other (the audit chain, asking) waits for an advisory lock.
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Log } from '../ports.ts';
import type { Engine, Tables } from './schema.ts';

/** The oldest that PostgreSQL's own project still mends. */
const oldest = 14;
/** Tries of a transaction that lost against another one. */
const maxTries = 10;
/** Serialization failure and dead-lock: it would have worked alone. */
const conflicts: ReadonlySet<unknown> = new Set(['40001', '40P01']);
/** The lock of the audit chain; any number that nobody else in the database uses. */
const chainLock = 7_204_021_957;

const settings = {
  application_name: 'acr-warden',
  max: 10,
  // Also how long work waits for its turn when all connections are busy: a thousand clicks at once are no error.
  connectionTimeoutMillis: 60_000,
  // A connection that a proxy cut without a word is found out, and a replica that stands still holds nothing up.
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  statement_timeout: 60_000,
  idle_in_transaction_session_timeout: 30_000,
};

/**
 * Opens the pool and looks whether the server can be used. `url` as in DATABASE_URL. Throws what the driver throws, which
 * postgres-problems.ts puts into words.
 */
export async function openPostgres(url: string, log: Log): Promise<Engine> {
  await checkServer(url);
  const pool = new pg.Pool({ ...settings, connectionString: url, types: { getTypeParser } });
  // A connection that ends by itself says so as an event, which would end the process if nobody listened, also while it
  // is used; who uses it is told by the query that fails.
  pool.on('connect', (client) => {
    client.on('error', (error) =>
      log.warn('a connection to the database was lost', { error: error.message }),
    );
  });
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    transaction: (work) =>
      withRetries(() => db.transaction().setIsolationLevel('read committed').execute(work)),
    brief: (work) => work(db),
    now: async (on) => {
      const { rows } = await sql<{ now: number }>`
        select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(on);
      return rows[0]?.now ?? Number.NaN;
    },
    locksRows: true,
    serialise: async (tx) => void (await sql`select pg_advisory_xact_lock(${chainLock})`.execute(tx)),
  };
}

/** Times and counts are 64 bits wide there, and safe as numbers here. */
const getTypeParser: typeof pg.types.getTypeParser = (type, format) =>
  type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format);

async function checkServer(url: string): Promise<void> {
  const client = new pg.Client({ ...settings, connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await refuseUnfit(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function refuseUnfit(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string; schema?: string; may?: boolean }>(`
    select current_setting('server_version_num')::integer as version,
      current_setting('server_encoding') as encoding,
      current_schema() as schema,
      has_schema_privilege(current_schema(), 'create') as may`);
  const [server] = rows;
  if (!server) throw new Error('it gave no answer');
  const version = Math.floor(server.version / 10_000);
  if (version < oldest) throw new Error(`it is PostgreSQL ${version}. Use ${oldest} or newer`);
  if (server.encoding !== 'UTF8')
    throw new Error(`its encoding is ${server.encoding}. Make the database with encoding 'UTF8'`);
  if (!server.may)
    throw new Error(
      `the role may not make tables in the schema ${server.schema ?? 'that it would use'}. Make the role the owner of the database, or grant it create on the schema`,
    );
}

async function withRetries<T>(once: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await once();
    } catch (error) {
      if (tries >= maxTries || !conflicts.has((error as { code?: unknown }).code)) throw error;
    }
  }
}
