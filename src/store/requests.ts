// Requests and the one transaction that changes them: next version, audit rows and work together, or nothing.
import type { Decision, RequestFilter } from '../ports.ts';
import type { Request } from '../promotion/request.ts';
import { type AuditKey, appendAudit } from './audit.ts';
import { insertJob } from './jobs.ts';
import type { Database } from './schema.ts';

export async function findRequest(db: Database, id: string): Promise<Request | undefined> {
  const row = await db.selectFrom('request').select('body').where('id', '=', id).executeTakeFirst();
  return row && (JSON.parse(row.body) as Request);
}

/** Newest first. */
export async function listRequests(db: Database, filter: RequestFilter = {}): Promise<readonly Request[]> {
  let query = db.selectFrom('request').select('body').orderBy('created_at', 'desc').orderBy('id');
  if (filter.states) query = query.where('state', 'in', [...filter.states]);
  if (filter.requester) query = query.where('requester', '=', filter.requester);
  if (filter.repository) query = query.where('repository', '=', filter.repository);
  const rows = await query.limit(filter.limit ?? 200).execute();
  return rows.map((row) => JSON.parse(row.body) as Request);
}

/** Compare-and-swap on the version: of two decisions on one version, one is written. */
export async function commitDecision(db: Database, key: AuditKey, decision: Decision): Promise<boolean> {
  const { request, expectedVersion } = decision;
  const row = {
    id: request.id,
    version: request.version,
    state: request.state,
    requester: request.requester,
    repository: request.subject.kind === 'promotion' ? request.subject.repository : '',
    body: JSON.stringify(request),
    created_at: request.createdAt,
    updated_at: request.updatedAt,
  };
  return db.transaction().execute(async (tx) => {
    const written =
      expectedVersion === 0
        ? (
            await tx
              .insertInto('request')
              .values(row)
              .onConflict((conflict) => conflict.column('id').doNothing())
              .executeTakeFirst()
          ).numInsertedOrUpdatedRows
        : (
            await tx
              .updateTable('request')
              .set(row)
              .where('id', '=', row.id)
              .where('version', '=', expectedVersion)
              .executeTakeFirst()
          ).numUpdatedRows;
    if (!written) return false;
    await appendAudit(tx, key, decision.audit);
    for (const job of decision.jobs) await insertJob(tx, job);
    return true;
  });
}
