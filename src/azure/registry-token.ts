// Tokens of a registry's data plane. The SDK's client forgets its token at every change of repository (27 requests for
// 9 reads, measured); here a refresh token is kept an hour and an access token is kept for each scope.
import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
} from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { AzureError, toAzureError } from './errors.ts';

export interface RegistryTokens {
  /** A bearer token for `repository:NAME:pull,metadata_read` and the like. */
  token(scope: string): Promise<string>;
  /** Forgets a token that the registry did not take. */
  forget(scope: string): void;
}

interface Kept {
  readonly token: string;
  readonly until: number;
}

const marginMs = 60_000;

/** A value that is got once for all who ask while it is on its way, and again when it is about to expire. */
interface Slot {
  readonly value: Promise<Kept>;
  /** Infinite until it is there. */
  until: number;
}

export function createRegistryTokens(options: {
  readonly loginServer: string;
  readonly credential: TokenCredential;
  readonly audience: string;
  readonly pipeline: Pipeline;
  readonly http: HttpClient;
  readonly now: () => number;
}): RegistryTokens {
  const { loginServer, now } = options;
  /** By scope; the refresh token has none. */
  const slots = new Map<string, Slot>();

  async function kept(key: string, get: () => Promise<Kept>): Promise<string> {
    const before = slots.get(key);
    if (before && before.until - marginMs > now()) return (await before.value).token;
    const value = get().catch((error: unknown) => {
      if (slots.get(key) === slot) slots.delete(key);
      throw toAzureError(error, `getting a token of ${loginServer}`);
    });
    const slot: Slot = { value, until: Number.POSITIVE_INFINITY };
    slots.set(key, slot);
    const { token, until } = await value;
    slot.until = until;
    return token;
  }

  async function post(path: string, form: Readonly<Record<string, string>>): Promise<unknown> {
    const request = createPipelineRequest({
      url: `https://${loginServer}${path}`,
      method: 'POST',
      headers: createHttpHeaders({ 'content-type': 'application/x-www-form-urlencoded' }),
      body: new URLSearchParams(form).toString(),
    });
    const response = await options.pipeline.sendRequest(options.http, request);
    if (response.status !== 200)
      throw toAzureError({ statusCode: response.status }, `getting a token of ${loginServer}`);
    return JSON.parse(response.bodyAsText ?? '{}');
  }

  async function exchange(): Promise<Kept> {
    const entra = await options.credential.getToken(`${options.audience}/.default`);
    if (!entra) throw new AzureError('forbidden', 'No Entra token could be had.', false);
    const answer = refreshSchema.parse(
      await post('/oauth2/exchange', {
        grant_type: 'access_token',
        service: loginServer,
        access_token: entra.token,
      }),
    );
    return { token: answer.refresh_token, until: expiryOf(answer.refresh_token, now()) };
  }

  async function obtain(scope: string): Promise<Kept> {
    const form = {
      grant_type: 'refresh_token',
      service: loginServer,
      scope,
      refresh_token: await kept('', exchange),
    };
    const answer = accessSchema.parse(await post('/oauth2/token', form));
    return { token: answer.access_token, until: expiryOf(answer.access_token, now()) };
  }

  return {
    token: (scope) => kept(scope, () => obtain(scope)),
    // The refresh token may be what was revoked.
    forget: (scope) => {
      slots.delete(scope);
      slots.delete('');
    },
  };
}

const refreshSchema = z.object({ refresh_token: z.string() });
const accessSchema = z.object({ access_token: z.string() });

/** `exp` of a JWT in milliseconds; five minutes from now when it has none. */
function expiryOf(token: string, now: number): number {
  try {
    const claims = z
      .object({ exp: z.number() })
      .parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
    return claims.exp * 1000;
  } catch {
    return now + 5 * 60_000;
  }
}
