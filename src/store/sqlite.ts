// The default dialect: Node's own SQLite, one file in the data folder. Two processes on one file are correct: every
// transaction takes the write lock when it begins, and waits for it up to `busy_timeout`.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect } from 'kysely';
import type { Clock } from '../ports.ts';
import { createGroupCommit } from './group-commit.ts';
import type { Engine, Tables } from './schema.ts';

/** Opens (or makes) the file. WAL with synchronous=FULL: what was committed is on the disk, also after a kill. */
export function openSqlite(file: string, clock: Clock): Engine {
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON',
  );
  // SQLite changes tables in transactions, which Kysely does not use of itself: two processes that start at once would
  // both make them.
  const createAdapter = () =>
    Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true });
  const dialect = Object.assign(new SqliteDialect({ database: adapt(database) }), { createAdapter });
  const db = new Kysely<Tables>({ dialect });
  const transaction: Engine['transaction'] = (work) => db.transaction().execute(work);
  return {
    db,
    transaction,
    brief: createGroupCommit(transaction),
    now: async () => clock(),
    locksRows: false,
    serialise: async () => undefined,
  };
}

/** node:sqlite in the shape that Kysely's dialect expects. */
function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => {
      // A deferred transaction that first reads and then writes fails at once when another process wrote in between.
      const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}
