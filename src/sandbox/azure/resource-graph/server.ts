// The stand-in's Resource Graph: takes a request's body, answers as POST /providers/Microsoft.ResourceGraph/resources.
import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { answerBody } from './answer.ts';
import { badRequestBody, QueryError, queryErrorBody, refuse } from './errors.ts';
import type { Row } from './language/types.ts';
import { createPager } from './paging.ts';
import { compileQuery } from './query.ts';
import type { Query } from './query.ts';
import { createQuota, throttledBody } from './quota.ts';
import type { QuotaOptions } from './quota.ts';
import { requestSchema, scopeOfRequest } from './request.ts';
import type { GraphRequest } from './request.ts';
import { scopedRows, tableSchema } from './tables.ts';
import type { Tables } from './tables.ts';

export type { Row } from './language/types.ts';

export interface ResourceGraphOptions {
  /** The tables by lower-case name, asked for at each request. */
  readonly tables: () => Tables;
  /** Default: 15 queries in 5 s per user, 429 without Retry-After. */
  readonly quota?: QuotaOptions;
  /** Milliseconds since 1970: quota windows and now(). */
  readonly now?: () => number;
}

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

export interface ResourceGraph {
  handle(body: unknown, user: string): Promise<GraphAnswer>;
  /** Loads the language, which takes a second, while nobody waits for it. */
  warm(): void;
  /** Since the start: requests (throttled ones too), throttled ones, rows answered. */
  counters(): { requests: number; throttled: number; rows: number };
}

const keptQueries = 200;

export function createResourceGraph(options: ResourceGraphOptions): ResourceGraph {
  const now = options.now ?? Date.now;
  const charge = createQuota(options.quota ?? { limit: 15, windowMs: 5000 });
  const compiled = createCompiler();
  const paged = createPager();
  const counted = { requests: 0, throttled: 0, rows: 0 };

  function answer(request: GraphRequest): object {
    const tables = options.tables();
    const scope = scopeOfRequest(request);
    const query = compiled(request.query, tables);
    const run = (): readonly Row[] => query.run((table) => scopedRows(tables, table, scope), now());
    const page = paged(request, query, run);
    counted.rows += page.rows.length;
    return answerBody(page, query.schema, request.options.resultFormat);
  }

  async function handle(body: unknown, user: string): Promise<GraphAnswer> {
    counted.requests += 1;
    const { isAllowed, headers } = charge(user, now());
    if (!isAllowed) {
      counted.throttled += 1;
      return { status: 429, headers, body: throttledBody() };
    }
    // Judging is synchronous: let other requests of the stand-in in between two queries.
    await setImmediate();
    return { headers, ...attempt(() => answerChecked(body, answer, now()), now()) };
  }

  const warm = (): void => {
    compiled(
      "resources | where type =~ 'a' or type in~ ('b') | extend c = tostring(properties.d) | project id, c | order by id asc",
      options.tables(),
    );
  };

  return { handle, warm, counters: () => ({ ...counted }) };
}

type Outcome = Pick<GraphAnswer, 'status' | 'body'>;

function answerChecked(body: unknown, answer: (request: GraphRequest) => object, at: number): Outcome {
  const request = requestSchema.safeParse(body);
  if (request.success) return { status: 200, body: answer(request.data) };
  const details = request.error.issues.map((issue) => ({
    code: 'InvalidRequest',
    message: `${issue.path.join('.') || 'body'}: ${issue.message}`,
  }));
  return { status: 400, body: badRequestBody(details, at) };
}

function attempt(run: () => Outcome, at: number): Outcome {
  try {
    return run();
  } catch (error) {
    if (error instanceof QueryError) return { status: 400, body: queryErrorBody(error, at) };
    // A query nested deeper than the stack is refused, not a fault of the stand-in.
    if (error instanceof RangeError)
      return { status: 400, body: queryErrorBody(refuse('The query is too complex.'), at) };
    throw error;
  }
}

/** Compiles a query once for as long as the columns of its tables stay the same. */
function createCompiler(): (text: string, tables: Tables) => Query {
  const cache = new LRUCache<string, { query: Query; columns: string }>({ max: keptQueries });
  return (text, tables) => {
    const found = cache.get(text);
    if (found && found.columns === columnsOf(found.query.tables, tables)) return found.query;
    const query = compileQuery(text, (table) => tableSchema(tables, table));
    cache.set(text, { query, columns: columnsOf(query.tables, tables) });
    return query;
  };
}

function columnsOf(names: ReadonlySet<string>, tables: Tables): string {
  return [...names]
    .map((name) => `${name}:${[...(tableSchema(tables, name)?.keys() ?? [])].join()}`)
    .join(';');
}
