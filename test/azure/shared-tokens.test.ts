import { createHttpHeaders, type Pipeline, type PipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { createRegistryTokens } from '../../src/azure/registry-token.ts';

const scope = (name: string): string => `repository:${name}:pull,metadata_read`;
const jwt = (claims: object): string =>
  ['head', Buffer.from(JSON.stringify({ exp: 4_000_000_000, ...claims })).toString('base64url'), 'sign'].join(
    '.',
  );
const accessOf = (scopes: readonly string[]) =>
  scopes.map((each) => {
    const [type = '', name = '', actions = ''] = each.split(':');
    return { type, name, actions: actions.split(',') };
  });

/** A registry's token service; `grant` says which of the asked scopes a token covers, or that the question is refused. */
function tokensOf(grant: (scopes: readonly string[]) => readonly string[] | 'refused' | 'opaque') {
  const asked: number[] = [];
  const pipeline = {
    sendRequest: async (_: unknown, request: PipelineRequest) => {
      const reply = (status: number, body: object) => ({
        request,
        status,
        headers: createHttpHeaders(),
        bodyAsText: JSON.stringify(body),
      });
      if (request.url.endsWith('/exchange')) return reply(200, { refresh_token: jwt({}) });
      const scopes = (new URLSearchParams(request.body as string).get('scope') ?? '').split(' ');
      asked.push(scopes.length);
      const granted = grant(scopes);
      if (granted === 'refused') return reply(400, {});
      const token = granted === 'opaque' ? `opaque ${scopes.join()}` : jwt({ access: accessOf(granted) });
      return reply(200, { access_token: token });
    },
  } as unknown as Pipeline;
  const tokens = createRegistryTokens({
    loginServer: 'r.example',
    credential: { getToken: async () => ({ token: 'entra', expiresOnTimestamp: 0 }) },
    audience: 'a',
    pipeline,
    http: { sendRequest: () => Promise.reject(new Error('unused')) },
    now: () => 0,
  });
  return { tokens, asked };
}
const names = Array.from({ length: 120 }, (_, i) => scope(`r${i}`));

describe('a token for many repositories', () => {
  it('is asked for once by all who need it at the same moment, 50 repositories each', async () => {
    const { tokens, asked } = tokensOf((scopes) => scopes);
    tokens.share(names);
    await Promise.all(names.map((each) => tokens.token(each)));

    expect(asked).toEqual([50, 50, 20]);
  });

  it('carries fewer repositories where their names are long', async () => {
    const { tokens, asked } = tokensOf((scopes) => scopes);
    const long = Array.from({ length: 60 }, (_, i) => scope(`${'x'.repeat(240)}${i}`));
    tokens.share(long);
    await Promise.all(long.map((each) => tokens.token(each)));

    expect(Math.max(...asked)).toBeLessThan(25);
    expect(asked.reduce((sum, count) => sum + count, 0)).toBe(60);
  });

  it('is given up for one each where the registry grants the first scope alone, which is not asked for twice', async () => {
    const { tokens, asked } = tokensOf((scopes) => scopes.slice(0, 1));
    tokens.share(names.slice(0, 10));
    for (const each of names.slice(0, 10)) await tokens.token(each);

    expect(asked).toEqual([10, ...Array(9).fill(1)]);
  });

  it('is given up for one each where the registry refuses several scopes', async () => {
    const { tokens, asked } = tokensOf((scopes) => (scopes.length > 1 ? 'refused' : scopes));
    tokens.share(names.slice(0, 3));
    for (const each of names.slice(0, 3)) await tokens.token(each);

    expect(asked).toEqual([3, 1, 1, 1]);
  });

  it('stays shared where one repository of many is not granted', async () => {
    const { tokens, asked } = tokensOf((scopes) =>
      scopes.length > 1 ? scopes.filter((each) => each !== scope('r3')) : [],
    );
    tokens.share(names.slice(0, 50));
    for (const each of names.slice(0, 50)) await tokens.token(each);

    expect(asked).toEqual([50, 1]);
  });

  it('that does not say what it covers is tried, and given up when it is not taken', async () => {
    const { tokens, asked } = tokensOf(() => 'opaque');
    tokens.share(names.slice(0, 3));
    const first = await tokens.token(scope('r1'));
    tokens.forget(scope('r1'));
    const second = await tokens.token(scope('r1'));

    expect(asked).toEqual([3, 1]);
    expect(second).not.toBe(first);
  });
});
