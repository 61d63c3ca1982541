// Pages of a result. A skip token names the query it belongs to, where the next page begins and the result it goes on
// with, so that pages do not shift when a table changes in between.
import { createHash, randomUUID } from 'node:crypto';
import { QueryError } from './errors.ts';
import { textOrder } from './language/comparison.ts';
import { textOf } from './language/values.ts';
import type { Row } from './language/types.ts';
import type { Query } from './query.ts';
import type { GraphRequest } from './request.ts';

export interface Page {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly skipToken: string | undefined;
  readonly isTruncated: boolean;
}

interface Token {
  readonly query: string;
  readonly result: string;
  readonly offset: number;
}

const keptResults = 8;

/** Keeps the last few results that are being paged through; an older one is computed again. */
export function createPager(): (request: GraphRequest, query: Query, run: () => readonly Row[]) => Page {
  const results = new Map<string, readonly Row[]>();
  return (request, query, run) => {
    const fingerprint = fingerprintOf(request);
    const token =
      request.options.$skipToken === undefined
        ? undefined
        : readToken(request.options.$skipToken, fingerprint);
    const rows = (token && results.get(token.result)) ?? inPageOrder(run(), query, request.options.$top);
    const offset = token?.offset ?? request.options.$skip;
    const page = rows.slice(offset, offset + request.options.$top);
    const isMore = offset + page.length < rows.length;
    const canPage = isMore && query.schema.has('id') && !query.limited;
    const result = token?.result ?? randomUUID();
    if (canPage) keep(results, result, rows);
    const next = { query: fingerprint, result, offset: offset + page.length };
    return {
      rows: page,
      total: rows.length,
      skipToken: canPage ? writeToken(next) : undefined,
      isTruncated: isMore && !canPage,
    };
  };
}

/** Pages need an order that holds: the query's own, else by id. */
function inPageOrder(rows: readonly Row[], query: Query, pageSize: number): readonly Row[] {
  if (query.sorted || query.limited || rows.length <= pageSize || !query.schema.has('id')) return rows;
  return rows.toSorted((a, b) => textOrder(textOf(a['id']), textOf(b['id'])));
}

function keep(results: Map<string, readonly Row[]>, id: string, rows: readonly Row[]): void {
  results.delete(id);
  results.set(id, rows);
  for (const oldest of results.keys()) if (results.size > keptResults) results.delete(oldest);
}

function fingerprintOf(request: GraphRequest): string {
  const { query, subscriptions, managementGroups, options } = request;
  const parts = [query, subscriptions ?? null, managementGroups ?? null, options.authorizationScopeFilter];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64');
}

function readToken(text: string, fingerprint: string): Token {
  const token = decode(text);
  if (token?.query === fingerprint && Number.isInteger(token.offset) && typeof token.result === 'string')
    return token;
  const message =
    'The skip token is invalid: it must come from the answer to the same query with the same scope.';
  throw new QueryError([{ code: 'InvalidSkipToken', message }]);
}

function decode(text: string): Token | undefined {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString()) as Token;
  } catch {
    return undefined;
  }
}
