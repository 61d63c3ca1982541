// Resource Graph: asks a query and gives its rows, page by page. Every query projects `id` and orders by it: without an id there
// is no skip token, and rows would be lost in silence.
import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { TokenCredential } from '@azure/core-auth';
import type { Cloud } from './clouds.ts';
import { AzureError } from './errors.ts';
import { toQueryError } from './query-refusal.ts';
import { type QuotaOptions, quotaPolicy } from './quota.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface ResourceGraph {
  /**
   * All rows, 1,000 a page; throws AzureError where a page cannot be had. `aboveScope` shows role assignments inherited
   * from management groups.
   */
  pages(query: string, options?: { readonly aboveScope?: boolean }): AsyncIterable<readonly Row[]>;
}

/** All rows at once: for what is known to be few. */
export const allRows = async (graph: ResourceGraph, query: string): Promise<readonly Row[]> =>
  (await Array.fromAsync(graph.pages(query))).flat();

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
  return { pages: (query, options) => pagesOf(client, query, options?.aboveScope ?? false) };
}

async function* pagesOf(
  client: ResourceGraphClient,
  query: string,
  aboveScope: boolean,
): AsyncGenerator<readonly Row[]> {
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
    skipToken = answer.skipToken;
    if (!skipToken && String(answer.resultTruncated) === 'true') throw incomplete('rows were cut off');
    yield data as readonly Row[];
    if (!skipToken) return;
  }
  throw incomplete(`more than ${maxPages} pages`);
}

/** Rows that are missing must not look like rows that are not there. */
const incomplete = (what: string): AzureError =>
  new AzureError('incomplete', `Resource Graph's answer is incomplete: ${what}.`, true);
