// Requests and the one transaction that changes them: next version, audit rows and work together, or nothing.
import type { Asking, AuditRow, Basis, RequestFilter, Verdict, Watching } from '../ports.ts';
import type { Request } from '../promotion/request.ts';
import { type AuditKey, appendAudit, readAudit } from './audit.ts';
import { insertJob } from './jobs.ts';
import type { Database, Engine, Tables, Tx } from './schema.ts';

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

/**
 * The stored request is locked, decided on and written. Asking is one after the other, since what it counts is not one
 * row; it waits for the audit chain first, which every decision waits for last, so that two never wait for each other: the
 * row that it would lock is not there yet.
 */
export function changeRequest<Result>(
  engine: Engine,
  key: AuditKey,
  id: string,
  decide: (basis: Basis) => Verdict<Result>,
  beside?: Asking | Watching,
): Promise<Result> {
  return engine.transaction(async (tx) => {
    const asking = beside && 'requester' in beside ? beside : undefined;
    if (asking) await engine.serialise(tx);
    const row = await tx
      .selectFrom('request')
      .select('body')
      .where('id', '=', id)
      .$if(engine.locksRows, (query) => query.forUpdate())
      .executeTakeFirst();
    const before = row && (JSON.parse(row.body) as Request);
    const open = asking ? await openRequests(tx, asking) : [];
    const last = beside && 'subject' in beside ? await lastRow(engine, tx, beside) : undefined;
    const now = await engine.now(tx);
    const { result, decision } = decide({ before, now, open, ...(last && { last }) });
    if (!decision) return result;
    const { request, audit, jobs } = decision;
    if (before) await tx.updateTable('request').set(rowOf(request)).where('id', '=', id).execute();
    else await tx.insertInto('request').values(rowOf(request)).execute();
    await appendAudit(engine, tx, key, audit);
    for (const job of jobs) await insertJob(tx, job);
    return result;
  });
}

/** Who writes an audit row waits for the chain, so what is read while it is held stays the last one. */
async function lastRow(engine: Engine, tx: Tx, { subject }: Watching): Promise<AuditRow | undefined> {
  await engine.serialise(tx);
  const [row] = await readAudit(tx, { subject, limit: 1 });
  return row;
}

async function openRequests(tx: Tx, { requester, repository }: Asking): Promise<readonly Request[]> {
  const rows = await tx
    .selectFrom('request')
    .select('body')
    .where('ended_at', 'is', null)
    .where((where) =>
      repository
        ? where.or([where('requester', '=', requester), where('repository', '=', repository)])
        : where('requester', '=', requester),
    )
    .execute();
  return rows.map((row) => JSON.parse(row.body) as Request);
}

const rowOf = (request: Request): Tables['request'] => ({
  id: request.id,
  version: request.version,
  state: request.state,
  requester: request.requester,
  repository: request.subject.kind === 'promotion' ? request.subject.repository : '',
  body: JSON.stringify(request),
  created_at: request.createdAt,
  updated_at: request.updatedAt,
  ended_at: request.endedAt ?? null,
});
