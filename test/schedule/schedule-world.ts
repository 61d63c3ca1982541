// A ledger on a file in a temporary folder, a clock that tests move, and a log that is kept.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Ledger, Log } from '../../src/ports.ts';
import { auditKey } from '../../src/store/audit.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { openSqlite } from '../../src/store/sqlite.ts';

export async function createStore() {
  const folder = mkdtempSync(join(tmpdir(), 'schedule-'));
  const ledgers: Ledger[] = [];
  const time: { clock: Clock } = { clock: Date.now };
  const open = async (): Promise<Ledger> => {
    const engine = openSqlite(join(folder, 'warden.sqlite'), () => time.clock());
    const ledger = await openLedger(engine, auditKey(folder));
    ledgers.push(ledger);
    return ledger;
  };
  return {
    open,
    /** The ledgers' clock from now on. */
    setClock: (clock: Clock) => void (time.clock = clock),
    close: async () => {
      for (const ledger of ledgers) await ledger.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export function keptLog() {
  const lines: string[] = [];
  const write = (message: string, facts?: unknown) => void lines.push(`${message} ${JSON.stringify(facts)}`);
  const log: Log = { info: write, warn: write, error: write };
  return { log, lines };
}
