// A drawn estate as Resource Graph's tables, and what the product knows of it beside them.
import type { RegistryFacts } from '../../src/posture/facts.ts';
import type { Row } from '../../src/sandbox/azure/resource-graph/server.ts';
import type { DrawnEstate, DrawnRegistry } from './drawn.ts';

const type = 'Microsoft.ContainerRegistry/registries';
/** `ago()` and the product's clock. */
export const moment = Date.UTC(2026, 10, 20);
const day = 24 * 3_600_000;

/** Where registries that the policy lists are, whatever else is drawn of them. */
export const listedId = (i: number): string =>
  `/subscriptions/s1/resourceGroups/Listed${Math.floor(i / 3)}/providers/${type}/listed${i}`;

/** The registries with their ids. */
export const placed = (
  { plans, registries }: DrawnEstate,
  listed: number,
): readonly (readonly [id: string, registry: DrawnRegistry])[] =>
  registries.map((registry, i) => {
    if (registry.isListed && i < listed) return [listedId(i), registry];
    const subscription = subscriptionOf(registry.subscription % plans.length);
    const group = registry.isShared ? `shared${Math.floor(i / 3)}` : `${i % 5 === 0 ? 'größe' : 'own'}${i}`;
    return [
      `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${registry.name}${i}`,
      registry,
    ];
  });

const subscriptionOf = (i: number): string => `s${i + 1}`;

/** Rows by table, in Azure's JSON: without what is undefined. `listed`: places that the policy lists. */
export function tablesOf(estate: DrawnEstate, listed: number): ReadonlyMap<string, readonly Row[]> {
  const rows = {
    resources: [] as object[],
    securityresources: estate.plans.flatMap((plan, i) => (plan ? [planRow(plan, subscriptionOf(i))] : [])),
    resourcecontainers: estate.plans.map((_, i) => ({
      id: `/subscriptions/${subscriptionOf(i)}`,
      name: subscriptionOf(i),
      type: 'microsoft.resources/subscriptions',
      subscriptionId: subscriptionOf(i),
      properties: { managementGroupAncestorsChain: [] },
    })),
    authorizationresources: [],
  };
  for (const [id, registry] of placed(estate, listed)) {
    rows.resources.push(...resourceRows(registry, id));
    rows.securityresources.push(...registry.findings.map((finding, j) => findingRow(finding, id, j)));
  }
  return new Map(Object.entries(JSON.parse(JSON.stringify(rows)) as Record<string, Row[]>));
}

function partsOf(id: string) {
  const [subscriptionId = '', , group = '', , , , name = ''] = id.split('/').slice(2);
  return { subscriptionId, group, name, common: { resourceGroup: group.toLowerCase(), subscriptionId } };
}

function resourceRows(registry: DrawnRegistry, id: string): readonly object[] {
  const { subscriptionId, group, name, common } = partsOf(id);
  const { sku, identity, location, tags, alert } = registry;
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const properties = { ...registry.properties, loginServer: `${name.toLowerCase()}-hash.azurecr.io` };
  return [
    { id, name, type, location, tags, sku: sku && { name: sku }, identity, properties, ...common },
    ...registry.replicas.map((replica, j) => ({
      id: `${id}/replications/x${j}`,
      name: `x${j}`,
      type: `${type}/replications`,
      location: replica.location,
      properties: { provisioningState: replica.state, regionEndpointEnabled: replica.endpoint },
      ...common,
    })),
    ...registry.strangers.map((other, j) => ({
      id: `${groupId}/providers/${other}/${name}${j}`,
      name: `${name}${j}`,
      type: other,
      ...common,
    })),
    ...(alert
      ? [
          {
            id: `${groupId}/providers/microsoft.insights/metricAlerts/${name}`,
            name,
            type: 'Microsoft.Insights/metricAlerts',
            properties: {
              enabled: alert.enabled,
              actions: alert.actions,
              scopes: [
                { registry: id, group: `${groupId}/`, subscription: `/subscriptions/${subscriptionId}` }[
                  alert.over
                ],
              ],
              ...alert.condition,
            },
            ...common,
          },
        ]
      : []),
  ];
}

const planRow = (plan: NonNullable<DrawnEstate['plans'][number]>, subscriptionId: string): object => ({
  id: `/subscriptions/${subscriptionId}/providers/Microsoft.Security/pricings/Containers`,
  name: 'Containers',
  type: 'Microsoft.Security/pricings',
  subscriptionId,
  properties: { pricingTier: plan.tier, extensions: plan.extensions },
});

function findingRow(finding: DrawnRegistry['findings'][number], id: string, j: number): object {
  const { name, subscriptionId } = partsOf(id);
  const lower = name.toLowerCase();
  const resource =
    finding.at === 'registry'
      ? id
      : `/subscriptions/${subscriptionId}/resourceGroups/k/providers/Microsoft.ContainerService/managedClusters/${name}`;
  return {
    id: `${resource}/providers/Microsoft.Security/assessments/a/subAssessments/${j}`,
    name: String(j),
    type: 'Microsoft.Security/assessments/subAssessments',
    subscriptionId,
    properties: {
      id: finding.cve,
      status: { code: finding.status },
      timeGenerated: new Date(moment - day).toISOString(),
      additionalData: {
        assessedResourceType: 'AzureContainerRegistryVulnerability',
        artifactDetails: {
          digest: finding.digest,
          repositoryName: finding.repository,
          registryHost: finding.at.startsWith('.') ? lower + finding.at : `${lower}-hash.azurecr.io`,
        },
        vulnerabilityDetails: { severity: finding.severity },
        softwareDetails: { fixedVersion: finding.fixed },
      },
    },
  };
}

const read = <T>(value: T) => ({ read: true as const, value });

/** The facts with what is read by other ways; what was not drawn was not read. */
export function withBeyond(facts: RegistryFacts, { beyond }: DrawnRegistry): RegistryFacts {
  const { endlessToken, cacheRule, isFull, isOffline } = beyond;
  return {
    ...facts,
    ...(endlessToken !== undefined && {
      tokens: read(
        endlessToken ? [{ name: 't', enabled: true, scopeMap: 'own', expiries: [undefined] }] : [],
      ),
    }),
    ...(cacheRule !== undefined && {
      cacheRules: read(cacheRule ? [{ name: 'c', source: 'docker.io/library/*', hasCredentials: true }] : []),
    }),
    ...(isFull !== undefined && {
      usage: read({ used: isFull ? 99 : 10, included: 100, growthPerDay: 0 }),
      content: read({
        repositories: [],
        walked: 0,
        total: 0,
        untaggedBytes: 0,
        totalBytes: 10,
        asOf: moment,
      }),
    }),
    ...(isOffline !== undefined && {
      connected: read([{ name: 'branch', state: isOffline ? 'Offline' : 'Online' }]),
    }),
  };
}
