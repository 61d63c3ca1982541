// Accounts that people linked to themselves. A row gives somebody's rights to an account, so each is signed by the key of the
// audit chain: one that was written past the product counts as none.
import { sign, verify } from 'node:crypto';
import type { AccountLink, Ledger, LinkAsked, LinkBasis, LinkConfirmed, LinkVerdict } from '../ports.ts';
import { type AuditKey, appendAudit } from './audit.ts';
import { canonicalJson } from './canonical.ts';
import { insertJob } from './jobs.ts';
import type { Engine, Tables, Tx } from './schema.ts';

type Row = Tables['account_link'];

/** Links behind the Ledger door. */
export function accountLinks(engine: Engine, key: AuditKey): Pick<Ledger, 'link' | 'links' | 'changeLink'> {
  const { db } = engine;
  return {
    link: async (id) => {
      const row = await db.selectFrom('account_link').selectAll().where('id', '=', id).executeTakeFirst();
      return row && read(row, key);
    },
    links: async () => {
      const rows = await db.selectFrom('account_link').selectAll().orderBy('id').execute();
      return rows.flatMap((row): LinkConfirmed[] => {
        const link = read(row, key);
        return link?.state === 'confirmed' ? [link] : [];
      });
    },
    changeLink: (of, decide) => changeLink(engine, key, of, decide),
  };
}

/**
 * Its row is read, decided on and written, with its audit rows and its work. They are few, so they wait for the audit chain
 * first, one after the other: also where there is no row yet that could be locked.
 */
function changeLink<Result>(
  engine: Engine,
  key: AuditKey,
  of: Partial<Pick<Row, 'id' | 'code'>>,
  decide: (basis: LinkBasis) => LinkVerdict<Result>,
): Promise<Result> {
  return engine.transaction(async (tx) => {
    await engine.serialise(tx);
    const [column, value] =
      of.id === undefined ? (['code', of.code ?? ''] as const) : (['id', of.id] as const);
    const row = await tx.selectFrom('account_link').selectAll().where(column, '=', value).executeTakeFirst();
    const { result, decision } = decide({ before: row && read(row, key), now: await engine.now(tx) });
    if (!decision) return result;
    const id = decision.link?.id ?? row?.id;
    if (decision.link) await write(tx, rowOf(decision.link, key));
    else if (id !== undefined) await tx.deleteFrom('account_link').where('id', '=', id).execute();
    await appendAudit(engine, tx, key, decision.audit);
    for (const job of decision.jobs) await insertJob(tx, job);
    return result;
  });
}

async function write(tx: Tx, row: Row): Promise<void> {
  const { id: _, ...rest } = row;
  await tx
    .insertInto('account_link')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute();
}

/** Drops what was asked for and never confirmed. */
export async function thinLinks({ db, now }: Engine): Promise<void> {
  const at = await now(db);
  const rows = await db
    .selectFrom('account_link')
    .select(['code', 'body'])
    .where('code', 'is not', null)
    .execute();
  const over = rows.flatMap(({ code, body }) =>
    (JSON.parse(body) as LinkAsked).until < at ? (code ?? []) : [],
  );
  if (over.length > 0) await db.deleteFrom('account_link').where('code', 'in', over).execute();
}

/** What is signed says what it is, so that no other text that this key signed can be passed off as a link. */
const signed = (body: string): Buffer => Buffer.from(`account-link\n${body}`);

function rowOf(link: AccountLink, key: AuditKey): Row {
  const body = canonicalJson(link);
  return {
    id: link.id,
    code: link.state === 'asked' ? link.code : null,
    body,
    signature: sign(null, signed(body), key.secret).toString('base64'),
  };
}

/** The link of a row, if we signed it for this account and this code. */
function read({ id, code, body, signature }: Row, key: AuditKey): AccountLink | undefined {
  if (!verify(null, signed(body), key.public, Buffer.from(signature, 'base64'))) return undefined;
  const link = JSON.parse(body) as AccountLink;
  const isItsOwn = link.id === id && (link.state === 'asked' ? link.code : null) === code;
  return isItsOwn ? link : undefined;
}
