// Databases for tests: new ones, thrown away after, with a clock that tests move.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Ledger, Log, ReferenceStore } from '../../src/ports.ts';
import { auditKey } from '../../src/store/audit.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Engine } from '../../src/store/schema.ts';
import { openSqlite } from '../../src/store/sqlite.ts';

export interface TestDatabase {
  /** What a process is given to open it. */
  readonly environment: Readonly<Record<string, string>>;
  open(): Promise<Ledger & ReferenceStore>;
  /** The database itself: for what a test puts there or spoils behind the ledger's back. */
  engine(): Promise<Engine>;
  /** Moves the ledger's clock, in milliseconds. */
  advance(by: number): Promise<void>;
  /** Closes what was opened and throws the database away. */
  close(): Promise<void>;
}

export async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  let ahead = 0;
  const engine = async () => openSqlite(join(folder, 'warden.sqlite'), () => Date.now() + ahead);
  return {
    ...opened(engine, folder),
    environment: { ACR_WARDEN_DATA: folder },
    advance: async (by) => void (ahead += by),
  };
}

/** Where PostgreSQL is for tests, as a role that may make databases. */
const server = process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Does something as the server's own role; `url` names another database. */
export const onServer = async <T>(use: (client: pg.Client) => Promise<T>, url = server): Promise<T> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
};

/** Whether there is a PostgreSQL; if not, says so, since the suite is skipped then. */
export async function isPostgresThere(suite: string): Promise<boolean> {
  try {
    await onServer((client) => client.query('select 1'));
    return true;
  } catch {
    console.warn(`${suite}: skipped, no PostgreSQL answers (TEST_DATABASE_URL names one)`);
    return false;
  }
}

export type Dialect = 'SQLite' | 'PostgreSQL';

/** The dialects that a suite can run on here. */
export const dialects = async (suite: string): Promise<readonly Dialect[]> =>
  (await isPostgresThere(suite)) ? ['SQLite', 'PostgreSQL'] : ['SQLite'];

/** What a process is given to use a new database, and its end. */
export async function createPostgres(): Promise<{
  readonly url: string;
  readonly drop: () => Promise<void>;
}> {
  const name = `warden_${randomBytes(8).toString('hex')}`;
  await onServer((client) => client.query(`create database ${name} encoding 'UTF8' template template0`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => onServer(async (client) => void (await client.query(`drop database ${name} with (force)`))),
  };
}

export async function postgresDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  const { url, drop } = await createPostgres();
  // The server's clock stands in front of the server's own, so that tests move it.
  await onServer(async (client) => {
    await client.query(`
      create table ahead (ms bigint not null);
      insert into ahead values (0);
      create function public.clock_timestamp() returns timestamptz language sql volatile as
        $$ select pg_catalog.clock_timestamp() + ms * interval '1 millisecond' from public.ahead $$;
      alter database ${new URL(url).pathname.slice(1)} set search_path = public, pg_catalog`);
  }, url);
  return {
    ...opened(() => openPostgres(url, silent), folder, drop),
    environment: { DATABASE_URL: url, ACR_WARDEN_DATA: folder },
    advance: (by) =>
      onServer(async (client) => void (await client.query('update ahead set ms = ms + $1', [by])), url),
  };
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Opens and keeps account of it, so that closing closes all. */
function opened(
  open: () => Promise<Engine>,
  folder: string,
  drop: () => Promise<void> = async () => undefined,
): Pick<TestDatabase, 'open' | 'engine' | 'close'> {
  const engines: Engine[] = [];
  const engine = async () => {
    const fresh = await open();
    engines.push(fresh);
    return fresh;
  };
  return {
    engine,
    open: async () => openLedger(await engine(), auditKey(folder)),
    close: async () => {
      await Promise.all(engines.map(({ db }) => db.destroy()));
      await drop();
      rmSync(folder, { recursive: true });
    },
  };
}
