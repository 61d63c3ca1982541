// Who gets which rights in a registry, from the role assignments of the estate.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRights, matchesAny } from '../../../src/sandbox/azure/rights.ts';
import { grant as granting } from '../../../src/sandbox/azure/registry/access.ts';
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

describe('the old roles', () => {
  it('reach repositories in the old mode and not in the ABAC mode', () => {
    const holder = { kind: 'identity', objectId: 'p', clientId: 'c' } as const;
    const asked = [
      { type: 'repository', name: 'app', actions: ['pull'] },
      { type: 'registry', name: 'catalog', actions: ['*'] },
    ];
    const oldRole = { can: () => true, canData: () => false };
    const of = (roleAssignmentMode: string) => {
      const entry = {
        id: '/r',
        name: 'r',
        loginServer: 'localhost:1',
        row: { properties: { roleAssignmentMode } },
      };
      return granting(asked, holder, entry, oldRole);
    };

    expect(of('LegacyRegistryPermissions')).toEqual(asked);
    expect(of('AbacRepositoryPermissions')).toEqual([]);
  });
});

describe('a mount', () => {
  it('from a repository that the token does not read becomes a plain upload', async () => {
    const prod = running.azure.inspect().find((one) => one.name === 'contosoprod');
    const blob =
      prod?.repositories
        .find((one) => one.name === 'shop/web')
        ?.manifests.find((one) => one.children.length === 0)?.digest ?? '';
    const reader = await registryToken(running, 'contosoprod', 'warden-reader', ['repository:shop/web:pull']);
    const manifest = await registryClient(loginServer(running, 'contosoprod'), `Bearer ${reader}`).call(
      'GET',
      `/v2/shop/web/manifests/${blob}`,
    );
    const layer = (manifest.json.layers ?? manifest.json.manifests)[0].digest;
    const token = await registryToken(running, 'contosoprod', 'ci-base', [
      'repository:base/stolen:pull,push',
      'repository:shop/web:pull',
    ]);

    const reply = await registryClient(loginServer(running, 'contosoprod'), `Bearer ${token}`).call(
      'POST',
      `/v2/base/stolen/blobs/uploads/?mount=${layer}&from=shop/web`,
    );

    expect(manifest.json.layers).toBeDefined();
    expect([reply.status, reply.headers['docker-content-digest']]).toEqual([202, undefined]);
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

describe('rights resolved from rows', () => {
  const registry = (name: string) =>
    `/subscriptions/s1/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/${name}`;
  const role = (name: string, permissions: object) => ({
    id: `/providers/Microsoft.Authorization/RoleDefinitions/${name}`,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: { permissions: [permissions] },
  });
  const grant = (principalId: string, name: string, scope: string, condition?: string) => ({
    type: 'microsoft.authorization/roleassignments',
    properties: {
      principalId,
      roleDefinitionId: `/subscriptions/s1/providers/Microsoft.Authorization/roleDefinitions/${name.toUpperCase()}`,
      scope,
      condition,
    },
  });
  const rights = (...grants: object[]) => {
    const roles = [
      role('most', { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] }),
      role('content', { dataActions: ['*/content/write'], notDataActions: [] }),
    ];
    const rows = [...roles, ...grants] as Record<string, unknown>[];
    const subscription = {
      type: 'microsoft.resources/subscriptions',
      subscriptionId: 's1',
      properties: { managementGroupAncestorsChain: [{ name: 'Top' }] },
    };
    return createRights(
      new Map([
        ['authorizationresources', rows],
        ['resourcecontainers', [subscription]],
      ]),
      (objectId) => (objectId === 'member' ? ['team'] : []),
    );
  };
  const write = 'Microsoft.Authorization/roleAssignments/write';
  const push = 'Microsoft.ContainerRegistry/registries/push/write';
  const content = 'Microsoft.ContainerRegistry/registries/repositories/content/write';

  it('leave out what a role excludes', () => {
    const of = rights(grant('p', 'most', registry('one')));

    expect([of.can('p', push, registry('one')), of.can('p', write, registry('one'))]).toEqual([true, false]);
  });

  it('are inherited from group, subscription and management group, and never by the start of a name', () => {
    const scopes = [
      registry('one'),
      '/subscriptions/S1/resourceGroups/G',
      '/subscriptions/s1',
      '/providers/Microsoft.Management/managementGroups/top',
      '/',
    ];

    expect(scopes.map((scope) => rights(grant('p', 'most', scope)).can('p', push, registry('one')))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(rights(grant('p', 'most', registry('one'))).can('p', push, registry('oneus'))).toBe(false);
    expect(rights(grant('p', 'most', '/subscriptions/s')).can('p', push, registry('one'))).toBe(false);
    expect(
      rights(grant('p', 'most', '/providers/Microsoft.Management/managementGroups/other')).can(
        'p',
        push,
        registry('one'),
      ),
    ).toBe(false);
  });

  it('reach a member of a group, and nobody else', () => {
    const of = rights(grant('team', 'most', '/subscriptions/s1'));

    expect([of.can('member', push, registry('one')), of.can('p', push, registry('one'))]).toEqual([
      true,
      false,
    ]);
  });

  it('under a condition that cannot be read are none', () => {
    const of = rights(grant('p', 'content', registry('one'), 'something else entirely'));

    expect(of.canData('p', content, registry('one'), 'app')).toBe(false);
  });
});
