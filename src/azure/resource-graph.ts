// Resource Graph: asks a query and gives all its rows. Every query projects `id` and orders by it: without an id there
// is no skip token, and rows would be lost in silence.
import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { TokenCredential } from '@azure/core-auth';
import type { Cloud } from './clouds.ts';
import { AzureError } from './errors.ts';
import { toQueryError } from './query-refusal.ts';
import { type QuotaOptions, quotaPolicy } from './quota.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface ResourceGraph {
  /** All rows, page by page (1,000 a page). `aboveScope` shows role assignments inherited from management groups. */
  rows(query: string, options?: { readonly aboveScope?: boolean }): Promise<readonly Row[]>;
}

/** A paging that never ends is an error; 100,000 registries have some 1,300 pages of scan findings. */
const maxPages = 5000;

/** `time`: the clock that the quota is kept by. */
export async function createResourceGraph(
  cloud: Cloud,
  credential: TokenCredential,
  time: QuotaOptions = {},
): Promise<ResourceGraph> {
  const { ResourceGraphClient } = await import('@azure/arm-resourcegraph');
  const client = new ResourceGraphClient(credential, {
    endpoint: cloud.resourceManager,
    credentials: { scopes: [`${cloud.managementAudience}/.default`] },
    additionalPolicies: [{ policy: quotaPolicy(time), position: 'perRetry' }],
  });
  return { rows: (query, options) => allRows(client, query, options?.aboveScope ?? false) };
}

async function allRows(
  client: ResourceGraphClient,
  query: string,
  aboveScope: boolean,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let skipToken: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await client
      .resources({
        query,
        options: {
          resultFormat: 'objectArray',
          top: 1000,
          ...(skipToken && { skipToken }),
          ...(aboveScope && { authorizationScopeFilter: 'AtScopeAboveAndBelow' }),
        },
      })
      .catch((error: unknown) => {
        throw toQueryError(error);
      });
    const data: unknown = answer.data;
    if (!Array.isArray(data)) throw incomplete('an answer without rows');
    for (const row of data) rows.push(row as Row);
    skipToken = answer.skipToken;
    if (!skipToken && String(answer.resultTruncated) === 'true') throw incomplete('rows were cut off');
    if (!skipToken) return rows;
  }
  throw incomplete(`more than ${maxPages} pages`);
}

/** Rows that are missing must not look like rows that are not there. */
const incomplete = (what: string): AzureError =>
  new AzureError('incomplete', `Resource Graph's answer is incomplete: ${what}.`, true);
