// A small estate of raw rows, and a short way to ask it.
import { createResourceGraph } from '../../../src/sandbox/azure/resource-graph/server.ts';
import type { Row } from '../../../src/sandbox/azure/resource-graph/server.ts';

export const moment = Date.UTC(2026, 10, 22, 12, 0, 0);
export const subscriptionA = '11111111-0000-4000-8000-00000000000a';
export const subscriptionB = '22222222-0000-4000-8000-00000000000b';

interface RegistrySpec {
  readonly name: string;
  readonly sku: string;
  readonly location: string;
  readonly subscription: string;
  readonly properties?: object;
  readonly tags?: object;
}

/** A row of `resources` as Resource Graph carries it: type in mixed case, as an estate file may write it. */
export function registry({
  name,
  sku,
  location,
  subscription,
  properties = {},
  tags = {},
}: RegistrySpec): Row {
  return {
    id: `/subscriptions/${subscription}/resourceGroups/RG-${name}/providers/Microsoft.ContainerRegistry/registries/${name}`,
    name,
    type: 'Microsoft.ContainerRegistry/registries',
    location,
    resourceGroup: `rg-${name}`,
    subscriptionId: subscription,
    sku: { name: sku, tier: sku },
    properties,
    tags,
  };
}

const endpoint = (name: string, status: string): object => ({
  id: `/subscriptions/${subscriptionA}/pec/${name}`,
  properties: { privateLinkServiceConnectionState: { status } },
});

export const registries: readonly Row[] = [
  registry({
    name: 'shopdev',
    sku: 'Basic',
    location: 'WestEurope',
    subscription: subscriptionA,
    properties: {
      adminUserEnabled: true,
      creationDate: '2026-01-10T08:00:00Z',
      limit: 10,
      privateEndpointConnections: [],
    },
    tags: { stage: 'dev', team: 'shop' },
  }),
  registry({
    name: 'shopprod',
    sku: 'Premium',
    location: 'westeurope',
    subscription: subscriptionB,
    properties: {
      adminUserEnabled: false,
      creationDate: '2026-11-20T08:00:00Z',
      limit: 500,
      privateEndpointConnections: [endpoint('one', 'Approved'), endpoint('two', 'Pending')],
      policies: { retentionPolicy: { status: 'enabled', days: 7 } },
    },
    tags: { stage: 'prod' },
  }),
  registry({
    name: 'paystaging',
    sku: 'Standard',
    location: 'northeurope',
    subscription: subscriptionA,
    properties: { adminUserEnabled: false, limit: 100, privateEndpointConnections: null },
  }),
];

const replication = (name: string, location: string): Row => ({
  id: `${String(registries[1]?.['id']).toLowerCase()}/replications/${name}`,
  name,
  type: 'microsoft.containerregistry/registries/replications',
  location,
  resourceGroup: 'rg-shopprod',
  subscriptionId: subscriptionB,
  properties: { provisioningState: 'Succeeded' },
});

const finding = (cve: string, digest: string, severity: string): Row => ({
  id: `/subscriptions/${subscriptionB}/sub/${cve}`,
  name: cve,
  type: 'Microsoft.Security/assessments/subAssessments',
  subscriptionId: subscriptionB,
  properties: {
    id: cve,
    status: { code: 'Unhealthy' },
    additionalData: {
      assessedResourceType: 'AzureContainerRegistryVulnerability',
      artifactDetails: { digest, registryHost: 'shopprod.azurecr.io', repositoryName: 'shop/cart' },
      vulnerabilityDetails: { severity },
    },
  },
});

const assignment = (name: string, scope: string, subscriptionId: string): Row => ({
  id: `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  name,
  type: 'microsoft.authorization/roleassignments',
  subscriptionId,
  properties: { scope, principalType: 'ServicePrincipal' },
});

const subscriptionRow = (id: string, group: string): Row => ({
  id: `/subscriptions/${id}`,
  name: id,
  type: 'microsoft.resources/subscriptions',
  subscriptionId: id,
  properties: { managementGroupAncestorsChain: [{ name: group }, { name: 'root' }] },
});

export const estate: ReadonlyMap<string, readonly Row[]> = new Map([
  [
    'resources',
    [...registries, replication('westeurope', 'westeurope'), replication('francecentral', 'francecentral')],
  ],
  [
    'securityresources',
    [
      finding('CVE-1', 'sha256:aa', 'High'),
      finding('CVE-2', 'sha256:aa', 'Low'),
      finding('CVE-1b', 'sha256:bb', 'High'),
    ],
  ],
  [
    'authorizationresources',
    [
      assignment('root', '/', ''),
      assignment('group', '/providers/Microsoft.Management/managementGroups/root', ''),
      assignment('subscription', `/subscriptions/${subscriptionA}`, subscriptionA),
      assignment('registry', String(registries[0]?.['id']), subscriptionA),
    ],
  ],
  ['resourcecontainers', [subscriptionRow(subscriptionA, 'dev'), subscriptionRow(subscriptionB, 'prod')]],
]);

export interface Body {
  readonly totalRecords: number;
  readonly count: number;
  readonly resultTruncated: string;
  readonly $skipToken?: string;
  readonly data: readonly Record<string, unknown>[];
  readonly facets: readonly unknown[];
}
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: readonly Record<string, unknown>[];
  };
}

/** A Resource Graph over tables with room for many queries and a fixed clock. */
export function graphOver(
  tables: ReadonlyMap<string, readonly Row[]> = estate,
): ReturnType<typeof createResourceGraph> {
  return createResourceGraph({
    tables: () => tables,
    quota: { limit: 100_000, windowMs: 60_000 },
    now: () => moment,
  });
}

/** The rows of a query over the estate (or other tables); throws with the service's words when it is refused. */
export async function rowsOf(query: string, tables = estate): Promise<readonly Record<string, unknown>[]> {
  const answer = await graphOver(tables).handle({ query }, 'tester');
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return (answer.body as Body).data;
}

/** The details of a refusal after the leading InvalidQuery; fails when the query is answered. */
export async function refusalOf(query: string): Promise<readonly Record<string, unknown>[]> {
  const answer = await graphOver().handle({ query }, 'tester');
  const { error } = answer.body as ErrorBody;
  if (answer.status !== 400 || error.details[0]?.['code'] !== 'InvalidQuery')
    throw new Error(`not refused: ${JSON.stringify(answer.body)}`);
  return error.details.slice(1);
}

/** The value of one scalar expression. */
export async function valueOf(expression: string): Promise<unknown> {
  const rows = await rowsOf(`resources | where name == 'shopprod' | project value = ${expression}`);
  return rows[0]?.['value'];
}
