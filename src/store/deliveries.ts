// Deeds as they come from the chats: stored before they are acknowledged, each once, until they are answered.
import type { Ledger } from '../ports.ts';
import type { Engine } from './schema.ts';

const day = 24 * 3_600_000;

/** The part of the ledger for what comes in. A key that was answered more than a day ago counts as new. */
export function deliveries({ db, now, brief }: Engine): Pick<Ledger, 'accept' | 'answered' | 'unanswered'> {
  return {
    accept: (key, payload) =>
      brief(async (tx) => {
        const at = await now(tx);
        const row = { payload: JSON.stringify(payload), state: 'accepted', at } as const;
        const result = await tx
          .insertInto('delivery')
          .values({ key, ...row })
          .onConflict((conflict) =>
            conflict
              .column('key')
              .doUpdateSet(row)
              .where('delivery.state', '=', 'answered')
              .where('delivery.at', '<', at - day),
          )
          .executeTakeFirst();
        return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
      }),
    answered: (key) =>
      brief(async (tx) => {
        await tx.updateTable('delivery').set({ state: 'answered' }).where('key', '=', key).execute();
      }),
    unanswered: async () => {
      const rows = await db
        .selectFrom('delivery')
        .selectAll()
        .where('state', '=', 'accepted')
        .orderBy('at')
        .execute();
      return rows.map((row) => ({ key: row.key, payload: JSON.parse(row.payload) as unknown }));
    },
  };
}
