// Databases for tests: new ones, thrown away after, with a clock that tests move.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger, ReferenceStore } from '../../src/ports.ts';
import { auditKey } from '../../src/store/audit.ts';
import { openLedger } from '../../src/store/ledger.ts';
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
