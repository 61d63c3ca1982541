// What was read of manifests, by digest: a digest never says anything else, so it is read once for good, by whichever replica.
// It can all be read again: it is kept only so far as it is few.
import type { ManifestStore } from '../ports.ts';
import type { Engine, Tables } from './schema.ts';

const day = 24 * 3_600_000;
/** Digests that are kept: those read last. */
const mostManifests = 50_000;
const rowsAtOnce = 200;

export function manifests({ db, now }: Engine): ManifestStore {
  return {
    manifests: async (digests) => {
      const found = new Map<string, string>();
      for (const some of inBatches(digests)) {
        const rows = await db.selectFrom('manifest').selectAll().where('digest', 'in', some).execute();
        const at = await now(db);
        const old = rows.filter((row) => row.read_at < at - day).map((row) => row.digest);
        if (old.length > 0)
          await db.updateTable('manifest').set({ read_at: at }).where('digest', 'in', old).execute();
        for (const row of rows) found.set(row.digest, row.body);
      }
      return found;
    },
    keepManifests: async (bodies) => {
      const read_at = await now(db);
      const rows = [...bodies].map(([digest, body]): Tables['manifest'] => ({ digest, body, read_at }));
      for (const some of inBatches(rows))
        await db
          .insertInto('manifest')
          .values(some)
          .onConflict((conflict) =>
            conflict.column('digest').doUpdateSet((row) => ({ body: row.ref('excluded.body') })),
          )
          .execute();
    },
  };
}

/** Drops what was not read for longest. */
export async function thinManifests({ db }: Engine, most = mostManifests): Promise<void> {
  await db
    .deleteFrom('manifest')
    .where('digest', 'not in', (query) =>
      query.selectFrom('manifest').select('digest').orderBy('read_at', 'desc').orderBy('digest').limit(most),
    )
    .execute();
}

/** Databases take so many values a statement. */
function inBatches<T>(items: readonly T[]): readonly T[][] {
  return Array.from({ length: Math.ceil(items.length / rowsAtOnce) }, (_, i) =>
    items.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce),
  );
}
