// What the store lets go of, once a day. Requests, digests and the audit chain are kept for good.
import { sql } from 'kysely';
import { thinLinks } from './account-links.ts';
import { thinManifests } from './manifests.ts';
import type { Engine } from './schema.ts';

const day = 24 * 3_600_000;
/** Days that something is kept. */
const kept = {
  /** A job's key must not be enqueued again; whoever would do so does it within minutes. */
  job: 7,
  /** Chats repeat a delivery for hours. */
  delivery: 1,
  /** Every score; after that the last of each day (UTC). */
  score: 14,
  scoreADay: 400,
  /** Longer than any waiver is in force, whose card may change until then. */
  message: 200,
};

/** Deletes what is older than it is kept for. Safe beside everything else, and to repeat. */
export async function thin(engine: Engine): Promise<void> {
  const { db, now } = engine;
  const at = await now(db);
  const before = (days: number): number => at - days * day;
  await db.deleteFrom('job').where('state', '=', 'done').where('run_at', '<', before(kept.job)).execute();
  await db
    .deleteFrom('delivery')
    .where('state', '=', 'answered')
    .where('at', '<', before(kept.delivery))
    .execute();
  await db.deleteFrom('score').where('as_of', '<', before(kept.scoreADay)).execute();
  await db
    .deleteFrom('score')
    .where('as_of', '<', before(kept.score))
    .where('as_of', 'not in', (query) =>
      query
        .selectFrom('score')
        .select((each) => each.fn.max('as_of').as('last'))
        // Written out: a number given as a parameter would make SQLite divide fractions.
        .groupBy(sql`as_of / ${sql.lit(day)}`),
    )
    .execute();
  await db
    .deleteFrom('message')
    .where('subject', 'in', (query) =>
      query.selectFrom('request').select('id').where('ended_at', '<', before(kept.message)),
    )
    .execute();
  // Messages of answers that filled, once their delivery is let go.
  await db
    .deleteFrom('message')
    .where('subject', 'like', 'delivery:%')
    .where('subject', 'not in', (query) =>
      query.selectFrom('delivery').select(sql<string>`'delivery:' || key`.as('subject')),
    )
    .execute();
  await thinManifests(engine);
  await thinLinks(engine);
}
