// One of several processes on one database. Does its deed at once and as parallel as it can, and prints what came of it.
import { join } from 'node:path';
import { auditKey } from '../../src/store/audit.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { confirmingBy } from './contract-links.ts';
import { entry, voteOf } from './contract-samples.ts';

const [deed = '', count = '0', name = ''] = process.argv.slice(2);
const { ACR_WARDEN_DATA: folder = '', DATABASE_URL: url } = process.env;
const engine = url
  ? await openPostgres(url, { info: console.error, warn: console.error, error: console.error })
  : openSqlite(join(folder, 'warden.sqlite'), Date.now);
const ledger = await openLedger(engine, auditKey(folder));
const times = <T>(once: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: Number(count) }, (_, i) => once(i)));

const deeds: Readonly<Record<string, () => Promise<unknown>>> = {
  claim: async () => (await times(() => ledger.claim(name, 60_000))).flatMap((lease) => lease?.key ?? []),
  vote: () => times((i) => ledger.change('P-1', voteOf(`person-${i % 5}`))),
  link: () => times((i) => ledger.changeLink({ code: 'hash' }, confirmingBy(`${name} ${i}`))),
  audit: () => times((i) => ledger.audit(entry(`${name} ${i}`))),
};
process.stdout.write(JSON.stringify(await deeds[deed]?.()));
await ledger.close();
