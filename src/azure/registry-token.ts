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

export function createRegistryTokens(options: {
  readonly loginServer: string;
  readonly credential: TokenCredential;
  readonly audience: string;
  readonly pipeline: Pipeline;
  readonly http: HttpClient;
  readonly now: () => number;
}): RegistryTokens {
  const { loginServer, now } = options;
  const access = new Map<string, Promise<Kept>>();
  let refresh: Promise<Kept> | undefined;

  const still = async (kept: Promise<Kept> | undefined): Promise<Kept | undefined> => {
    const value = await kept?.catch(() => undefined);
    return value && value.until - marginMs > now() ? value : undefined;
  };

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

  async function refreshToken(): Promise<string> {
    const kept = await still(refresh);
    if (kept) return kept.token;
    refresh = exchange();
    return (await refresh).token;
  }

  async function obtain(scope: string): Promise<Kept> {
    const form = {
      grant_type: 'refresh_token',
      service: loginServer,
      scope,
      refresh_token: await refreshToken(),
    };
    const answer = accessSchema.parse(await post('/oauth2/token', form));
    return { token: answer.access_token, until: expiryOf(answer.access_token, now()) };
  }

  return {
    token: async (scope) => {
      const kept = await still(access.get(scope));
      if (kept) return kept.token;
      const asked = obtain(scope);
      access.set(scope, asked);
      return (await asked).token;
    },
    forget: (scope) => {
      access.delete(scope);
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
