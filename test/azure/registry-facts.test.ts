import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deepenScan } from '../../src/azure/deepen.ts';
import { scanEstate } from '../../src/azure/scan.ts';
import type { Part, RegistryFacts, Scan } from '../../src/posture/facts.ts';
import { identityOf } from '../../src/sandbox/estate/contoso/places.ts';
import { type Running, startStandIn } from '../sandbox/azure/stand-in.ts';
import { doorsTo } from './graph.ts';

let running: Running;
let scan: Scan;
const readAll = async (identity: Parameters<typeof doorsTo>[1] = 'warden-reader'): Promise<Scan> => {
  const doors = await doorsTo(running, identity);
  return deepenScan(await scanEstate(doors.graph, Date.now()), doors);
};
const of = (name: string, from = scan): RegistryFacts => from.registries.find((each) => each.name === name)!;
const value = <T>(part: Part<T> | undefined): T => {
  if (!part?.read) throw new Error(part?.reason ?? 'absent');
  return part.value;
};
const gib = 1024 ** 3;

beforeAll(async () => {
  running = await startStandIn({ quota: 1000 });
  scan = await readAll();
});
afterAll(() => running.stop());
afterEach(() => running.azure.setFaults([]));

describe('the settings of a registry', () => {
  it('are those of its row, in the words of Azure', () => {
    expect(of('contosoprod').settings).toMatchObject({
      hasIdentity: true,
      identityType: 'SystemAssigned',
      armAudienceTokens: 'disabled',
      networkDefaultAction: 'Deny',
      dataEndpointEnabled: true,
      roleAssignmentMode: 'AbacRepositoryPermissions',
      encryption: { status: 'enabled', keyVersioned: false },
      createdAt: Date.parse('2023-03-07T09:12:33.123Z'),
    });
  });

  it('name virtual network rules, which only the row has, by subnet in lower case', () => {
    expect(of('contosoprodus').settings?.virtualNetworkRules).toEqual([
      expect.stringMatching(/\/virtualnetworks\/vnet-us\/subnets\/build$/),
    ]);
  });

  it('are absent where the row has no network rules', () => {
    expect(of('devshop').settings).not.toHaveProperty('networkDefaultAction');
  });
});

describe('the grants of a registry', () => {
  it('hold assignments on it and those inherited from a management group', () => {
    const roles = value(of('contosoprod').grants).map((grant) => `${grant.role} at ${grant.scope}`);

    expect(roles).toContain('Reader at /providers/microsoft.management/managementgroups/contoso');
    expect(roles.filter((role) => role.startsWith('Container Registry Repository Reader'))).toHaveLength(3);
  });

  it('hold assignments of its group and its subscription, with what the role permits', () => {
    const grants = value(of('legacyhub').grants);

    expect(grants.find((grant) => grant.role === 'Owner')).toMatchObject({
      principalType: 'ServicePrincipal',
      actions: ['*'],
    });
    expect(value(of('devshop').grants).map((grant) => `${grant.role} ${grant.principalType}`)).toContain(
      'Contributor Group',
    );
  });

  it('do not hold those of other registries', () => {
    expect(value(of('devshop').grants).some((grant) => grant.role === 'AcrPush')).toBe(false);
  });

  it('keep the condition of an assignment', () => {
    const writer = value(of('contosoprod').grants).find(
      ({ principal, dataActions }) =>
        principal === identityOf('ci-base').objectId &&
        dataActions.some((action) => action.endsWith('content/write')),
    );

    expect(writer?.condition).toContain("'base/'");
  });
});

describe('what Defender says', () => {
  it('is the plan of the subscription and whether registries are scanned', () => {
    expect(value(of('contosoprod').defender)).toEqual({ tier: 'Standard', registryScanning: true });
    expect(value(of('devshop').defender)).toEqual({ tier: 'Standard', registryScanning: false });
    expect(value(of('legacyhub').defender)).toEqual({ tier: 'Free', registryScanning: false });
  });

  it('is one finding a digest and CVE, in the registry that was scanned', () => {
    const found = value(of('contosouat').registryFindings);
    const keys = found.map((finding) => `${finding.repository}@${finding.digest} ${finding.cve}`);

    expect(new Set(keys).size).toBe(keys.length);
    expect(
      found.filter(({ repository, severity }) => repository === 'pay/api' && severity === 'Critical').length,
    ).toBeGreaterThan(0);
    expect(value(of('devshop').registryFindings)).toEqual([]);
  });

  it('tells running images by the host that they were pulled from', () => {
    expect(
      value(of('contosoprod').runningFindings)
        .map((finding) => finding.repository)
        .sort(),
    ).toEqual(['pay/api', 'shop/web']);
    expect(value(of('contosoprodus').runningFindings).map((finding) => finding.repository)).toEqual([
      'data/etl',
    ]);
  });
});

describe('what Resource Manager says', () => {
  it('is a diagnostic setting with its categories or groups, and a sink that exists', () => {
    expect(value(of('contosoprod').diagnostics)).toMatchObject([
      { groups: ['allLogs'], metrics: true, sinks: [{ kind: 'workspace', exists: true }] },
    ]);
    expect(value(of('contosouat').diagnostics)[0]?.categories).toEqual([
      'ContainerRegistryLoginEvents',
      'ContainerRegistryRepositoryEvents',
    ]);
    expect(value(of('legacyhub').diagnostics)).toEqual([]);
  });

  it('is unread for diagnostic settings that are forbidden, with the role that is missing', () => {
    expect(of('contosoprodus').diagnostics).toEqual({
      read: false,
      reason: expect.stringMatching(/diagnosticSettings\/read is missing.*Monitoring Reader/),
    });
  });

  it('is usage with growth a day and the pulls of a day', () => {
    const { used, included, growthPerDay, pulls } = value(of('contosoprodus').usage);

    expect(used / gib).toBeCloseTo(436, 3);
    expect(included / gib).toBe(500);
    expect((growthPerDay ?? 0) / gib).toBeCloseTo(2.5, 3);
    expect(pulls).toBeGreaterThan(900);
  });

  it('is unread usage where the registry shows none, not an empty registry', () => {
    expect(of('contososhared').usage).toEqual({
      read: false,
      reason: 'The usages of the registry do not name its size',
    });
  });

  it('is a token whose password never expires', () => {
    expect(value(of('legacyhub').tokens)).toEqual([
      { name: 'oldbuild', enabled: true, scopeMap: 'oldbuild-scope', expiries: [undefined] },
    ]);
    expect(value(of('contosouat').tokens)[0]?.expiries[0]).toBeGreaterThan(Date.now());
  });

  it('is the scheme of a webhook', () => {
    expect(value(of('legacyhub').webhooks)).toEqual([{ name: 'notify', enabled: true, scheme: 'http' }]);
    expect(value(of('contosoprod').webhooks)[0]?.scheme).toBe('https');
  });

  it('is a cache rule without credentials where its credential set is gone', () => {
    expect(value(of('contosoprodus').cacheRules)).toEqual([
      { name: 'dockerhub', source: 'docker.io/library/*', hasCredentials: false },
    ]);
  });

  it('is the DNS zones of each private endpoint, and none where there is no group', () => {
    expect(value(of('contosoprod').dnsZoneGroups)[0]?.zones).toEqual([
      expect.stringContaining('privatelink.azurecr.io'),
    ]);
    expect(value(of('contosouat').dnsZoneGroups)[0]?.zones).toEqual([]);
  });
});

describe('an identity with fewer rights', () => {
  it('reads no part that it may not, and says which right it lacks', async () => {
    const seen = of('contosouat', await readAll('importer-to-uat'));

    for (const part of [seen.diagnostics, seen.usage, seen.tokens, seen.webhooks, seen.cacheRules])
      expect(part).toEqual({ read: false, reason: expect.stringMatching(/^not allowed: .* is missing/) });
  });
});

describe('a budget of registries', () => {
  it('leaves the rest unread, those of the policy being first', async () => {
    const doors = await doorsTo(running);
    const first = new Set([of('contosoprod').id]);
    const some = await deepenScan(await scanEstate(doors.graph, Date.now()), doors, {
      maxRegistries: 1,
      first,
    });
    const readOnes = some.registries.filter((facts) => facts.tokens?.read).map((facts) => facts.name);

    expect(readOnes).toEqual(['contosoprod']);
    expect(of('devshop', some).usage).toEqual({
      read: false,
      reason: expect.stringContaining('not read in this scan'),
    });
  });
});

describe('the cost of a scan', () => {
  it('is a question a table and a batch for twenty questions of registries', async () => {
    const before = running.azure.counters();
    await readAll();
    const after = running.azure.counters();
    const asked = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);

    expect(asked('resourceGraph.requests')).toBe(9);
    expect(asked('batch')).toBeLessThanOrEqual(9);
    expect(asked('registries.listUsages')).toBe(10);
  });
});
