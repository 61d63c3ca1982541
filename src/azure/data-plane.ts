// The data plane of one registry: /v2 (the OCI distribution API, referrers included) and /acr/v1 (attributes and
// locks). Small, because the SDK has no call for referrers and wastes tokens.
import { createHash } from 'node:crypto';
import type { TokenCredential } from '@azure/core-auth';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { AzureError, toAzureError } from './errors.ts';
import { createRegistryTokens } from './registry-token.ts';

export interface DataPlane {
  readonly loginServer: string;
  /** The JSON of an answer; throws AzureError, `not-found` included. */
  json(path: string, scope: string, options?: { readonly accept?: string }): Promise<unknown>;
  /** The bytes of a blob or manifest, at most `limit` and checked against their digest; more is `too-large`. */
  bytes(path: string, scope: string, want: Wanted): Promise<Buffer>;
  patch(path: string, scope: string, body: unknown): Promise<unknown>;
  /** The items of all pages of a list, at most `limit`. */
  list(
    path: string,
    scope: string,
    items: (body: unknown) => readonly unknown[],
    limit?: number,
  ): Promise<readonly unknown[]>;
  /** Scopes that will be read soon: one token may serve many. */
  share(scopes: readonly string[]): void;
  /** Requests sent so far, those for tokens apart. */
  sent(): number;
  /** How many the registry turned away with 429 so far, each repeat counted. */
  throttled(): number;
}

/** Content by its digest. `limit` in bytes; `accept` where it is a manifest. */
export interface Wanted {
  readonly digest: string;
  readonly limit: number;
  readonly accept?: string;
}

export const catalogScope = 'registry:catalog:*';
export const readScope = (repository: string): string => `repository:${repository}:pull,metadata_read`;
export const writeScope = (repository: string): string =>
  `repository:${repository}:metadata_read,metadata_write`;

/** Path of /acr/v1 for a repository, whose slashes are percent-encoded there. */
export const attributesPath = (repository: string, rest = ''): string =>
  `/acr/v1/${encodeURIComponent(repository)}${rest}${rest.includes('?') ? '&' : '?'}api-version=2021-07-01`;

export function createDataPlane(options: {
  readonly loginServer: string;
  readonly credential: TokenCredential;
  readonly audience: string;
  readonly now: () => number;
}): DataPlane {
  const { loginServer } = options;
  const http = createDefaultHttpClient();
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 4, retryDelayInMs: 300, maxRetryDelayInMs: 10_000 },
    // Registries keep blobs in a storage account and send whoever asks there; the token does not go along.
    redirectOptions: { allowCrossOriginRedirects: true, maxRetries: 3 },
  });
  let throttled = 0;
  // Inside of the repeats, which hide what they get over.
  pipeline.addPolicy(
    {
      name: 'countThrottled',
      sendRequest: async (request, next) => {
        const response = await next(request);
        if (response.status === 429) throttled += 1;
        return response;
      },
    },
    { afterPhase: 'Retry' },
  );
  const tokens = createRegistryTokens({ ...options, pipeline, http });
  let count = 0;

  async function send(
    method: HttpMethods,
    path: string,
    scope: string,
    extra: { accept?: string; body?: string; stream?: boolean } = {},
  ) {
    for (let attempt = 1; ; attempt++) {
      const headers = createHttpHeaders({
        authorization: `Bearer ${await tokens.token(scope)}`,
        accept: extra.accept ?? 'application/json',
        ...(extra.body && { 'content-type': 'application/json' }),
      });
      const url = new URL(path, `https://${loginServer}`).toString();
      const request = createPipelineRequest({
        url,
        method,
        headers,
        timeout: 30_000,
        ...(extra.body && { body: extra.body }),
        ...(extra.stream && { streamResponseStatusCodes: new Set([200]) }),
      });
      count += 1;
      const response = await pipeline.sendRequest(http, request).catch((error: unknown) => {
        throw toAzureError(error, `${method} ${path} of ${loginServer}`);
      });
      if (response.status < 300) return response;
      // A token can be revoked before it expires; a second refusal is meant.
      if (response.status === 401 && attempt === 1) tokens.forget(scope);
      else
        throw toAzureError(
          { statusCode: response.status, code: errorCode(response) },
          `${method} ${path} of ${loginServer}`,
        );
    }
  }

  return {
    loginServer,
    share: (scopes) => tokens.share(scopes),
    sent: () => count,
    throttled: () => throttled,
    json: async (path, scope, extra) =>
      parseJson((await send('GET', path, scope, extra)).bodyAsText, `GET ${path} of ${loginServer}`),
    bytes: async (path, scope, { digest, limit, accept }) => {
      const what = `GET ${path} of ${loginServer}`;
      const response = await send('GET', path, scope, { accept: accept ?? '*/*', stream: true });
      const bytes = await readAtMost(response.readableStreamBody ?? [], limit, what);
      if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` === digest) return bytes;
      throw new AzureError('wrong-digest', `The registry sent other bytes than ${digest}: ${what}.`, false);
    },
    patch: async (path, scope, body) =>
      parseJson(
        (await send('PATCH', path, scope, { body: JSON.stringify(body) })).bodyAsText,
        `PATCH ${path} of ${loginServer}`,
      ),
    list: async (path, scope, items, limit = Number.POSITIVE_INFINITY) => {
      const found: unknown[] = [];
      let next: string | undefined = path;
      while (next && found.length < limit) {
        const response: PipelineResponse = await send('GET', next, scope);
        for (const item of items(parseJson(response.bodyAsText, `GET ${next} of ${loginServer}`)))
          found.push(item);
        next = nextPage(response.headers.get('link'), loginServer);
      }
      return found.slice(0, limit);
    },
  };
}

/** Ends the connection at the first byte too many. */
async function readAtMost(
  stream: AsyncIterable<unknown> | Iterable<unknown>,
  limit: number,
  what: string,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk as Uint8Array);
      size += bytes.length;
      if (size > limit)
        throw new AzureError('too-large', `More than ${limit} bytes, which are not read: ${what}.`, false);
      chunks.push(bytes);
    }
  } catch (error) {
    throw toAzureError(error, what);
  }
  return Buffer.concat(chunks);
}

/** Throws AzureError `malformed`; nothing at all is `null`. */
export function parseJson(text: string | null | undefined, what: string): unknown {
  try {
    return JSON.parse(text || 'null') as unknown;
  } catch {
    throw new AzureError('malformed', `Azure's answer could not be understood: ${what}.`, true);
  }
}

/** The path of `Link: <...>; rel="next"`; another host is not followed. */
function nextPage(link: string | undefined, loginServer: string): string | undefined {
  const target = /<([^>]+)>;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (!target) return undefined;
  const url = new URL(target, `https://${loginServer}`);
  return url.host === loginServer ? url.pathname + url.search : undefined;
}

function errorCode(response: PipelineResponse): string | undefined {
  try {
    const body = JSON.parse(response.bodyAsText ?? '{}') as { errors?: { code?: string }[] };
    return body.errors?.[0]?.code;
  } catch {
    return undefined;
  }
}
