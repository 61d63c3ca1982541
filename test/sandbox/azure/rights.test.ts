// Who gets which rights in a registry, from the role assignments of the estate.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchesAny } from '../../../src/sandbox/azure/rights.ts';
import { adminPassword } from '../../../src/sandbox/azure/registry/credentials.ts';
import { type IdentityName, type RegistryName } from '../../../src/sandbox/estate/contoso/places.ts';
import { asAdmin, registryClient } from './registry-client.ts';
import {
  ask,
  loginServer,
  postForm,
  refreshToken,
  registryToken,
  type Running,
  startStandIn,
  tokenOf,
} from './stand-in.ts';

let running: Running;

beforeAll(async () => {
  running = await startStandIn();
});
afterAll(() => running.stop());

/** The actions that a token really carries for a repository. */
async function granted(registry: RegistryName, as: IdentityName, repository: string): Promise<string[]> {
  const token = await registryToken(running, registry, as, [`repository:${repository}:*`]);
  const { access } = (await running.tokens.verify(token)) as { access: { actions: string[] }[] };
  return access.flatMap((one) => one.actions);
}

describe('a role', () => {
  it('of Reader at the management group pulls in the old mode', async () => {
    expect(await granted('devshop', 'warden-reader', 'shop/web')).toEqual(['pull', 'metadata_read']);
  });

  it('of Repository Reader pulls in the ABAC mode', async () => {
    expect(await granted('contosoprod', 'warden-reader', 'shop/web')).toEqual(['pull', 'metadata_read']);
  });

  it('of AcrPull pulls, of AcrPush pushes, and neither locks', async () => {
    expect(await granted('contosouat', 'aks-uat-kubelet', 'shop/web')).toEqual(['pull', 'metadata_read']);
    expect(await granted('devcore', 'ci-base', 'core/auth')).toEqual(['pull', 'push', 'metadata_read']);
  });

  it('of Repository Writer with a condition reaches the repositories of the condition alone', async () => {
    expect(await granted('contosoprod', 'ci-base', 'base/node')).toEqual([
      'pull',
      'push',
      'metadata_read',
      'metadata_write',
    ]);
    expect(await granted('contosoprod', 'ci-base', 'shop/web')).toEqual([]);
  });

  it('of the custom importer locks in both modes and pushes in none', async () => {
    expect(await granted('contosoprod', 'importer-to-prod', 'shop/web')).toEqual([
      'pull',
      'metadata_read',
      'metadata_write',
    ]);
    expect(await granted('contosoprodus', 'importer-to-prod', 'shop/web')).toEqual([
      'pull',
      'metadata_read',
      'metadata_write',
    ]);
  });

  it('of another registry says nothing here', async () => {
    expect(await granted('contosoprod', 'aks-uat-kubelet', 'shop/web')).toEqual([]);
  });

  it('pattern with a wildcard matches in any case, and whole', () => {
    expect(matchesAny(['*/read'], 'Microsoft.ContainerRegistry/registries/Read')).toBe(true);
    expect(
      matchesAny(['Microsoft.ContainerRegistry/registries'], 'Microsoft.ContainerRegistry/registries/read'),
    ).toBe(false);
    expect(matchesAny(['Microsoft.ContainerRegistry/*/write'], 'Microsoft.Compute/disks/write')).toBe(false);
  });
});

describe('a token', () => {
  it('without the right gets 401 with insufficient_scope', async () => {
    const token = await registryToken(running, 'contosouat', 'aks-uat-kubelet', ['repository:shop/web:pull']);
    const client = registryClient(loginServer(running, 'contosouat'), `Bearer ${token}`);

    const reply = await client.call('PATCH', '/acr/v1/shop/web/_tags/v1.4.2', {
      body: '{"writeEnabled":false}',
    });

    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toContain(
      'scope="repository:shop/web:metadata_write",error="insufficient_scope"',
    );
  });

  it('of one registry is not accepted by another', async () => {
    const token = await registryToken(running, 'contosouat', 'warden-reader', ['repository:shop/web:pull']);

    const reply = await registryClient(loginServer(running, 'devshop'), `Bearer ${token}`).call(
      'GET',
      '/v2/shop/web/manifests/v1.4.2',
    );

    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('covers several scopes at once, or the first alone where the stand-in is set so', async () => {
    const scopes = ['repository:shop/web:pull', 'repository:shop/cart:pull'];
    const both = await registryToken(running, 'devshop', 'warden-reader', scopes);
    running = await running.restart({ grantFirstScopeOnly: true });
    const first = await registryToken(running, 'devshop', 'warden-reader', scopes);
    running = await running.restart({ grantFirstScopeOnly: false });

    expect((await running.tokens.verify(both))['access']).toHaveLength(2);
    expect((await running.tokens.verify(first))['access']).toEqual([
      { type: 'repository', name: 'shop/web', actions: ['pull'] },
    ]);
  });

  it('of ARM is exchanged where the registry allows it, and refused where it does not', async () => {
    const token = await tokenOf(running.tokens, 'warden-reader', 'https://management.azure.com');
    const exchange = (registry: RegistryName) => {
      const host = loginServer(running, registry);
      const form = new URLSearchParams({ grant_type: 'access_token', service: host, access_token: token });
      return postForm(`https://${host}/oauth2/exchange`, form);
    };

    expect((await exchange('devshop')).status).toBe(200);
    expect((await exchange('contosoprod')).status).toBe(401);
  });

  it('of a stranger or of no signature is refused at the exchange', async () => {
    const host = loginServer(running, 'devshop');
    const stranger = await running.tokens.sign({ aud: 'https://containerregistry.azure.net', oid: 'nobody' });
    const replies = await Promise.all(
      [stranger, 'a.b.c', ''].map((token) =>
        postForm(
          `https://${host}/oauth2/exchange`,
          new URLSearchParams({ grant_type: 'access_token', service: host, access_token: token }),
        ),
      ),
    );

    expect(replies.map((reply) => reply.status)).toEqual([401, 401, 401]);
  });
});

describe('other ways in', () => {
  it('are the refresh token as a password, by Basic at the token service', async () => {
    const host = loginServer(running, 'devshop');
    const password = await refreshToken(running, 'devshop', 'warden-reader');
    const basic = Buffer.from(`00000000-0000-0000-0000-000000000000:${password}`).toString('base64');

    const reply = await ask(`https://${host}/oauth2/token?service=${host}&scope=repository:shop/web:pull`, {
      headers: { authorization: `Basic ${basic}` },
    });

    expect(reply.status).toBe(200);
    expect((await running.tokens.verify(reply.json.access_token))['access']).toHaveLength(1);
  });

  it('are the admin user where it is on, and nowhere else', async () => {
    const secret = Buffer.from(`devshop:${adminPassword('devshop')}`).toString('base64');
    const closed = registryClient(loginServer(running, 'devshop'), `Basic ${secret}`);

    expect((await asAdmin(running).call('GET', '/v2/')).status).toBe(200);
    expect((await closed.call('GET', '/v2/')).status).toBe(401);
  });

  it('are anonymous pulls where these are on, and nowhere else', async () => {
    const anonymous = (registry: RegistryName) => {
      const host = loginServer(running, registry);
      return ask(`https://${host}/oauth2/token?service=${host}&scope=repository:crm/web:pull,push`);
    };

    const open = await anonymous('legacyhub');
    const closed = await anonymous('devshop');

    expect((await running.tokens.verify(open.json.access_token))['access']).toEqual([
      { type: 'repository', name: 'crm/web', actions: ['pull'] },
    ]);
    expect(closed.status).toBe(401);
  });
});
