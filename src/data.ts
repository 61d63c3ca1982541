// Where everything is kept, opened: what stands in the way is a matter of configuration.
import { join } from 'node:path';
import { ConfigurationError } from './config/configuration-error.ts';
import { type Environment, prepareDataFolder } from './config/environment.ts';
import type { Clock, Log } from './ports.ts';
import { type AuditKey, auditKey } from './store/audit.ts';
import { openLedger, type Store } from './store/ledger.ts';
import { explainProblem } from './store/postgres-problems.ts';
import { openSqlite } from './store/sqlite.ts';

/**
 * The data: PostgreSQL where DATABASE_URL names one, else a file of the data folder, which goes by `clock`. What stands in
 * the way there is a matter of configuration. Throws ConfigurationError.
 */
export async function openStore(
  { data, databaseUrl, auditKey: key }: Environment,
  clock: Clock,
  log: Log,
): Promise<Store> {
  prepareDataFolder(data);
  const signing = readAuditKey(data, key);
  if (databaseUrl) {
    const { openPostgres } = await import('./store/postgres.ts');
    return openPostgres(databaseUrl, log)
      .then((engine) => openLedger(engine, signing))
      .catch((error: unknown) => {
        throw new ConfigurationError(explainProblem(error, databaseUrl));
      });
  }
  try {
    return await openLedger(openSqlite(join(data, 'warden.sqlite'), clock), signing);
  } catch (error) {
    throw new ConfigurationError(
      `Cannot open the data in ${data} (${(error as Error).message}). Set ACR_WARDEN_DATA to a folder of this product.`,
    );
  }
}

function readAuditKey(data: string, configured: string | undefined): AuditKey {
  try {
    return auditKey(data, configured);
  } catch (error) {
    throw new ConfigurationError(
      `Cannot read the audit key (${(error as Error).message}). Set ACR_WARDEN_AUDIT_KEY to an Ed25519 key in PEM or its file${configured ? '' : `, or ACR_WARDEN_DATA to another folder than ${data}`}.`,
    );
  }
}
