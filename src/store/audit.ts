// The audit chain: each row carries the hash of the row before it and a signature. A changed, removed or reordered row
// breaks the chain; a cut tail is found against an anchor that was published outside (the digest messages carry one).
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry, AuditRow, AuditVerdict } from '../ports.ts';
import { canonicalJson } from './canonical.ts';
import type { Database, Engine, Tables, Tx } from './schema.ts';

export interface AuditKey {
  readonly secret: KeyObject;
  readonly public: KeyObject;
}

const genesis = '0'.repeat(64);

/** The Ed25519 key of the audit: PEM text or a file of it, else one made in the data folder at the first start. */
export function auditKey(dataFolder: string, configured?: string): AuditKey {
  const file = join(dataFolder, 'audit.key.pem');
  if (!configured && !existsSync(file)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    // Whole or not at all: of two processes that start at once on one folder, the first one's key is the key.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, pem, { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(draft);
    }
  }
  const pem = configured?.startsWith('-----BEGIN') ? configured : readFileSync(configured ?? file, 'utf8');
  const secret = createPrivateKey(pem);
  return { secret, public: createPublicKey(secret) };
}

/**
 * One key signs the whole chain: the first that ever opened the database. Throws with the cure if it was another one,
 * as when replicas each made a key of their own.
 */
export async function bindAuditKey(db: Database, key: AuditKey): Promise<void> {
  const ours = key.public.export({ type: 'spki', format: 'pem' }).toString();
  await db
    .insertInto('audit_key')
    .values({ id: 1, public: ours })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const bound = await db.selectFrom('audit_key').select('public').executeTakeFirstOrThrow();
  if (bound.public !== ours)
    throw new Error(
      'the audit chain there is signed by another key. Set ACR_WARDEN_AUDIT_KEY to the key of the first start, the same for every replica; it was made as audit.key.pem in its data folder',
    );
}

/** Appends inside a transaction, so that a decision and its row stand or fall together. */
export async function appendAudit(
  engine: Engine,
  tx: Tx,
  key: AuditKey,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await engine.serialise(tx);
  const last = await tx
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  let { seq, hash } = last ?? { seq: 0, hash: genesis };
  for (const entry of entries) {
    const prevHash = hash;
    seq += 1;
    const body = canonicalJson(entry);
    hash = rowHash(seq, body, prevHash);
    const signature = sign(null, Buffer.from(hash), key.secret).toString('base64');
    await tx
      .insertInto('audit')
      .values({ seq, at: entry.at, subject: entry.subject, body, prev_hash: prevHash, hash, signature })
      .execute();
  }
}

/** Rows of a subject, or the newest ones, in the order they were written. */
export async function readAudit(
  db: Database,
  filter: { readonly subject?: string; readonly limit?: number } = {},
): Promise<readonly AuditRow[]> {
  let query = db.selectFrom('audit').selectAll().orderBy('seq', 'desc');
  if (filter.subject) query = query.where('subject', '=', filter.subject);
  if (filter.limit) query = query.limit(filter.limit);
  const rows = await query.execute();
  return rows.reverse().map((row) => ({
    ...(JSON.parse(row.body) as AuditEntry),
    seq: row.seq,
    prevHash: row.prev_hash,
    hash: row.hash,
    signature: row.signature,
  }));
}

/** Walks the whole chain, 1,000 rows at a time. An anchor's hash may be its first 32 digits, as digests show it. */
export async function verifyChain(
  db: Database,
  key: AuditKey,
  anchor?: { readonly seq: number; readonly hash: string },
): Promise<AuditVerdict> {
  let expected = { seq: 0, hash: genesis };
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', expected.seq)
      .orderBy('seq')
      .limit(1000)
      .execute();
    if (rows.length === 0) break;
    for (const row of rows) {
      const problem = rowProblem(row, expected, key);
      if (problem) return { ok: false, rows: expected.seq, problem };
      if (anchor?.seq === row.seq && !row.hash.startsWith(anchor.hash)) {
        return {
          ok: false,
          rows: row.seq,
          problem: `Row ${row.seq} is not the one of the anchor: the chain was rewritten.`,
        };
      }
      expected = { seq: row.seq, hash: row.hash };
    }
  }
  if (anchor && anchor.seq > expected.seq) {
    return {
      ok: false,
      rows: expected.seq,
      problem: `The chain ends at row ${expected.seq}, before the anchor ${anchor.seq}: its tail was cut off.`,
    };
  }
  return { ok: true, rows: expected.seq, ...(expected.seq > 0 && { head: expected }) };
}

function rowProblem(
  row: Tables['audit'],
  before: { seq: number; hash: string },
  key: AuditKey,
): string | undefined {
  if (row.seq !== before.seq + 1) return `Row ${before.seq + 1} is missing.`;
  if (row.prev_hash !== before.hash) return `Row ${row.seq} does not follow row ${before.seq}.`;
  const entry = JSON.parse(row.body) as AuditEntry;
  const honest =
    row.hash === rowHash(row.seq, row.body, row.prev_hash) &&
    row.subject === entry.subject &&
    row.at === entry.at;
  if (!honest) return `Row ${row.seq} was changed.`;
  const signed = verify(null, Buffer.from(row.hash), key.public, Buffer.from(row.signature, 'base64'));
  return signed ? undefined : `The signature of row ${row.seq} is not ours.`;
}

const rowHash = (seq: number, body: string, prevHash: string): string =>
  createHash('sha256').update(`${seq}\n${prevHash}\n${body}`).digest('hex');
