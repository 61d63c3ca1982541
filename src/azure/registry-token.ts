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
  /** Scopes that will be asked for soon: one token may serve many of them. */
  share(scopes: readonly string[]): void;
}

interface Kept {
  readonly token: string;
  readonly until: number;
}

const marginMs = 60_000;
/** Every scope makes a token longer, and a token travels in a header: Node takes 16 KB of headers. */
const perToken = { scopes: 50, bytes: 8000 };

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
  /** The scopes that share a token, by each of them. */
  const groups = new Map<string, readonly string[]>();
  /** How a registry treats several scopes in one question is not documented: once it granted one of them, they go alone. */
  let alone = false;

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

  async function obtain(scopes: readonly string[]): Promise<Kept> {
    const form = {
      grant_type: 'refresh_token',
      service: loginServer,
      scope: scopes.join(' '),
      refresh_token: await kept('', exchange),
    };
    const answer = accessSchema.parse(await post('/oauth2/token', form));
    return { token: answer.access_token, until: expiryOf(answer.access_token, now()) };
  }

  /** A token of the scope's group, where the registry granted this scope in it. */
  async function shared(scope: string, group: readonly string[]): Promise<string | undefined> {
    const key = group.join(' ');
    const token = await kept(key, () => obtain(group)).catch((error: unknown) => {
      if (error instanceof AzureError && error.retry) throw error;
      alone = true;
      return undefined;
    });
    const granted = token && grantedBy(token);
    if (!granted || granted.has(scope)) return token;
    const slot = slots.get(key);
    if (granted.size === 1 && group.length > 1 && slot) {
      alone = true;
      for (const only of granted) slots.set(only, slot);
    }
    return undefined;
  }

  const single = (scope: string): Promise<string> => kept(scope, () => obtain([scope]));

  return {
    token: async (scope) => {
      const group = alone || slots.has(scope) ? undefined : groups.get(scope);
      return (group && (await shared(scope, group))) ?? single(scope);
    },
    // The refresh token may be what was revoked.
    forget: (scope) => {
      const group = groups.get(scope);
      if (!slots.delete(scope) && group) {
        slots.delete(group.join(' '));
        alone = true;
      }
      slots.delete('');
    },
    share: (scopes) => {
      groups.clear();
      for (const group of groupsOf(scopes)) for (const scope of group) groups.set(scope, group);
    },
  };
}

/** In their order, as many in a group as a token may carry. */
function groupsOf(scopes: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = [];
  let bytes = 0;
  for (const scope of scopes) {
    const last = found.at(-1);
    bytes += scope.length + 80;
    if (last && last.length < perToken.scopes && bytes <= perToken.bytes) last.push(scope);
    else {
      found.push([scope]);
      bytes = scope.length + 80;
    }
  }
  return found;
}

const accessClaims = z.object({
  access: z.array(z.object({ type: z.string(), name: z.string(), actions: z.array(z.string()) })),
});

/** The scopes that a token says it covers, as they are asked for; nothing where it does not say. */
function grantedBy(token: string): ReadonlySet<string> | undefined {
  try {
    const claims = accessClaims.safeParse(
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()),
    );
    if (!claims.success) return undefined;
    return new Set(
      claims.data.access.map(({ type, name, actions }) => `${type}:${name}:${actions.join(',')}`),
    );
  } catch {
    return undefined;
  }
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
