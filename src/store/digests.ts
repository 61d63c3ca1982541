// Digests: which slot was claimed and sent, and what people set by chat. A slot is a row before it is sent, so that of
// several replicas one sends it.
import { type DigestSetting, type DigestSlot, type Ledger, unposted } from '../ports.ts';
import type { Database } from './schema.ts';

type Digests = Pick<
  Ledger,
  | 'claimDigest'
  | 'digestSent'
  | 'unsentDigests'
  | 'noteDigest'
  | 'lastDigestNote'
  | 'lastDigest'
  | 'digestBefore'
  | 'digestSettings'
  | 'setDigest'
  | 'unsetDigest'
>;

export const digests = (db: Database): Digests => ({ ...slots(db), ...settings(db) });

function slots(db: Database): Omit<Digests, 'digestSettings' | 'setDigest' | 'unsetDigest'> {
  const ends = (name: string, to: string) =>
    db
      .selectFrom('digest')
      .select(['period_end', 'note'])
      .where('name', '=', name)
      .where('to', '=', to)
      .orderBy('period_end', 'desc')
      .limit(1);
  return {
    claimDigest: async ({ name, to, periodEnd }) => {
      const result = await db
        .insertInto('digest')
        .values({ name, to, period_end: periodEnd, sent_at: null, message: null, note: null })
        .onConflict((conflict) => conflict.columns(['name', 'to', 'period_end']).doNothing())
        .executeTakeFirst();
      return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
    },
    digestSent: async ({ name, to, periodEnd }, ref, at) => {
      await db
        .updateTable('digest')
        .set({ sent_at: at, message: ref.message })
        .where('name', '=', name)
        .where('to', '=', to)
        .where('period_end', '=', periodEnd)
        .execute();
    },
    unsentDigests: async () => {
      const rows = await db.selectFrom('digest').selectAll().where('sent_at', 'is', null).execute();
      return rows.map((row): DigestSlot => ({ name: row.name, to: row.to, periodEnd: row.period_end }));
    },
    noteDigest: async ({ name, to, periodEnd }, note) => {
      await db
        .updateTable('digest')
        .set({ note })
        .where('name', '=', name)
        .where('to', '=', to)
        .where('period_end', '=', periodEnd)
        .execute();
    },
    lastDigestNote: async (name, to) => (await ends(name, to).executeTakeFirst())?.note ?? undefined,
    lastDigest: async (name, to) => (await ends(name, to).executeTakeFirst())?.period_end,
    digestBefore: async ({ name, to, periodEnd }) => {
      const row = await ends(name, to)
        .where('period_end', '<', periodEnd)
        .where('message', 'not in', [...unposted])
        .executeTakeFirst();
      return row?.period_end;
    },
  };
}

const settings = (db: Database): Pick<Digests, 'digestSettings' | 'setDigest' | 'unsetDigest'> => ({
  digestSettings: async () => {
    const rows = await db.selectFrom('digest_setting').selectAll().orderBy('to').orderBy('name').execute();
    return rows.map(({ name, to, body }) => ({ ...(JSON.parse(body) as DigestSetting), name, to }));
  },
  setDigest: async ({ name, to, ...rest }) => {
    const body = JSON.stringify(rest);
    await db
      .insertInto('digest_setting')
      .values({ name, to, body })
      .onConflict((conflict) => conflict.columns(['to', 'name']).doUpdateSet({ body }))
      .execute();
  },
  unsetDigest: async (name, to) => {
    const result = await db
      .deleteFrom('digest_setting')
      .where('name', '=', name)
      .where('to', '=', to)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  },
});
