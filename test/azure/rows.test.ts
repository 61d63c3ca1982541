import { describe, expect, it } from 'vitest';
import { lookUpSinks } from '../../src/azure/diagnostics.ts';
import { AzureError } from '../../src/azure/errors.ts';
import type { ResourceGraph, Row } from '../../src/azure/resource-graph.ts';
import { scanEstate } from '../../src/azure/scan.ts';
import type { Part, RegistryFacts } from '../../src/posture/facts.ts';
import { graphOfRows } from './graph.ts';

const subscription = '11111111-1111-1111-1111-111111111111';
const group = `/subscriptions/${subscription}/resourceGroups/RG-Prod`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/Prod`;
const roleId = '/providers/Microsoft.Authorization/RoleDefinitions/AAAA';
const digest = `sha256:${'a'.repeat(64)}`;

type Tables = Readonly<Record<string, readonly Row[] | Error>>;

/** Answers by the table that a query begins with; only registries are told from other resources. */
const graphOf = (tables: Tables): ResourceGraph =>
  graphOfRows((query) => {
    const table = query.split(' ')[0] ?? '';
    const name = query.includes("=~ 'microsoft.containerregistry/registries' ") ? 'registries' : table;
    const rows = tables[name] ?? [];
    if (rows instanceof Error) throw rows;
    return rows;
  });
const registryRow = (name: string, properties: Row = {}): Row => ({
  id: registry.replace(/Prod$/, name),
  name,
  location: 'West Europe',
  resourceGroup: 'RG-Prod',
  subscriptionId: subscription,
  properties,
});
const role: Row = {
  id: roleId,
  type: 'microsoft.authorization/roledefinitions',
  properties: { roleName: 'Writer', permissions: [{ actions: ['a/*'], notActions: ['a/b'] }] },
};
const assignment = (scope: string, more: Row = {}): Row => ({
  id: `${scope}/providers/Microsoft.Authorization/RoleAssignments/x${scope.length}`,
  type: 'Microsoft.Authorization/roleAssignments',
  properties: {
    principalId: 'PRINCIPAL',
    principalType: 'User',
    roleDefinitionId: `/subscriptions/${subscription}${roleId.toLowerCase()}`,
    scope,
    ...more,
  },
});
const chain: Row = {
  id: `/subscriptions/${subscription}`,
  subscriptionId: subscription,
  properties: { managementGroupAncestorsChain: [{ name: 'Team' }, { name: 'Root' }] },
};

async function factsOf(tables: Tables): Promise<{ facts: RegistryFacts; gaps: readonly string[] }> {
  const scan = await scanEstate(
    graphOf({
      registries: [registryRow('Prod'), registryRow('ProdUs')],
      resourcecontainers: [chain],
      ...tables,
    }),
    0,
  );
  return { facts: scan.registries[0]!, gaps: scan.gaps };
}
const value = <T>(part: Part<T> | undefined): T => {
  if (!part?.read) throw new Error(part?.reason ?? 'absent');
  return part.value;
};

describe('role assignments', () => {
  it.each([
    ['the registry', registry],
    ['its group in another case', group.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')],
    ['its subscription', `/subscriptions/${subscription}/`],
    ['a management group far above', '/providers/Microsoft.Management/managementGroups/ROOT'],
    ['the root', '/'],
  ])('at %s reach it', async (_, scope) => {
    const { facts } = await factsOf({ authorizationresources: [role, assignment(scope)] });

    expect(value(facts.grants)).toMatchObject([
      { principal: 'principal', role: 'Writer', actions: ['a/*'], notActions: ['a/b'], dataActions: [] },
    ]);
  });

  it.each([
    ['a registry whose name begins alike', `${registry}Us`],
    ['another group', `${group}-2`],
    ['a management group that is not above', '/providers/Microsoft.Management/managementGroups/other'],
    ['a repository below it', `${registry}/scopeMaps/one`],
  ])('at %s do not', async (_, scope) => {
    const { facts } = await factsOf({ authorizationresources: [role, assignment(scope)] });

    expect(value(facts.grants)).toEqual([]);
  });

  it('make the grants unread where the role of one of them cannot be read', async () => {
    const unknown = assignment(registry, { roleDefinitionId: '/roles/bbbb' });
    const { facts } = await factsOf({ authorizationresources: [role, assignment('/'), unknown] });

    expect(facts.grants).toEqual({ read: false, reason: expect.stringContaining('bbbb') });
  });

  it('make the grants unread where one of them is malformed, and the gap is named', async () => {
    const { facts, gaps } = await factsOf({
      authorizationresources: [role, assignment('/'), assignment(registry, { principalId: 7 })],
    });

    expect(facts.grants).toEqual({ read: false, reason: '1 malformed role assignments' });
    expect(gaps).toEqual(['1 role assignments could not be read']);
  });

  it('are unread where the management groups above cannot be told', async () => {
    const { facts } = await factsOf({
      authorizationresources: [role],
      resourcecontainers: new AzureError('throttled', 'Azure is throttling: querying.', true, 429),
    });

    expect(facts.grants).toEqual({ read: false, reason: 'Azure is throttling: querying' });
  });
});

describe('a subscription that is not seen', () => {
  it('leaves the grants unread: assignments above the registry would be missing in silence', async () => {
    const { facts } = await factsOf({ authorizationresources: [role], resourcecontainers: [] });

    expect(facts.grants).toEqual({
      read: false,
      reason: expect.stringContaining('subscription is not seen'),
    });
  });
});

describe("Defender's findings", () => {
  const finding = (assessment: string, more: Row = {}): Row => ({
    id: `${registry}/providers/Microsoft.Security/assessments/${assessment}/subassessments/${digest.slice(7)}`,
    type: 'microsoft.security/assessments/subassessments',
    subscriptionId: subscription,
    digest,
    repository: 'shop/web',
    host: 'prod.azurecr.io',
    cve: 'CVE-1',
    severity: 'Medium',
    fixed: '',
    status: 'Healthy',
    scannedAt: '2026-11-01T00:00:00Z',
    ...more,
  });

  it('of two generations count once, the worse of what they say', async () => {
    const { facts } = await factsOf({
      securityresources: [
        finding('grouped'),
        finding('single', { severity: 'Critical', status: 'Unhealthy', fixed: '1.2' }),
      ],
    });

    expect(value(facts.registryFindings)).toEqual([
      {
        digest,
        repository: 'shop/web',
        cve: 'CVE-1',
        severity: 'Critical',
        fixAvailable: true,
        healthy: false,
        scannedAt: Date.parse('2026-11-01T00:00:00Z'),
      },
    ]);
  });

  it('are unread where one of them is malformed: it might be the critical one', async () => {
    const { facts } = await factsOf({ securityresources: [finding('a'), finding('b', { digest: null })] });

    expect(facts.registryFindings).toEqual({ read: false, reason: '1 malformed image findings' });
    expect(facts.runningFindings?.read).toBe(false);
  });

  it('leave the plan unread where no plan is seen, because it may only not be shown', async () => {
    const { facts } = await factsOf({});

    expect(facts.defender).toEqual({ read: false, reason: expect.stringContaining('Security Reader') });
    expect(value(facts.registryFindings)).toEqual([]);
  });
});

describe('a row of a registry', () => {
  it('with properties of an unexpected shape loses those and no others', async () => {
    const { facts } = await factsOf({
      registries: [
        registryRow('Prod', {
          adminUserEnabled: 'yes',
          encryption: 'enabled',
          networkRuleSet: { defaultAction: 'Deny', virtualNetworkRules: 'none' },
          policies: { softDeletePolicy: { status: 'enabled', retentionDays: 'seven' } },
        }),
      ],
    });

    expect(facts).not.toHaveProperty('adminUserEnabled');
    expect(facts.settings).toEqual({ networkDefaultAction: 'Deny' });
    expect(facts.softDelete).toEqual({ status: 'enabled' });
  });

  it.each([
    ['https://v.vault.azure.net/keys/k', false],
    ['https://v.vault.azure.net/keys/k/0123abcd', true],
  ])('with the key %s says that its version is pinned: %s', async (keyIdentifier, expected) => {
    const encryption = { status: 'enabled', keyVaultProperties: { keyIdentifier } };
    const { facts } = await factsOf({ registries: [registryRow('Prod', { encryption })] });

    expect(facts.settings?.encryption?.keyVersioned).toBe(expected);
  });
});

describe('the sink of a diagnostic setting', () => {
  const sink = `${group}/providers/microsoft.storage/storageaccounts/logs`.toLowerCase();
  const setting = {
    name: 's',
    categories: [],
    groups: [],
    metrics: false,
    sinks: [{ kind: 'storage' as const, id: sink }],
  };
  const existsOf = async (tables: Tables) => {
    const part = { read: true, value: [setting] } as const;
    return value((await lookUpSinks(graphOf(tables), [part]))(part))[0]?.sinks[0]?.exists;
  };

  it('exists where Resource Graph shows it in any case', async () => {
    expect(await existsOf({ resources: [{ id: sink.toUpperCase() }] })).toBe(true);
  });

  it('does not exist where its group is seen without it', async () => {
    expect(await existsOf({ resourcecontainers: [{ id: group }] })).toBe(false);
  });

  it('is unknown where its group is not seen either, or Resource Graph does not answer', async () => {
    expect(await existsOf({})).toBeUndefined();
    expect(await existsOf({ resources: new Error('no') })).toBeUndefined();
  });
});
