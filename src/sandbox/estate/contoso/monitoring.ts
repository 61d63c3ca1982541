// How the sample registries are watched and filled: alerts as rows, and by the management plane diagnostic settings,
// usages, metrics, tokens and webhooks.
import type { Row } from '../../azure/tables.ts';
import type { ArmFacts } from '../schema.ts';
import {
  groupId,
  place,
  places,
  registryId,
  type RegistryName,
  resource,
  resourceId,
  subscriptions,
} from './places.ts';

const gib = 1024 ** 3;
const included = { Basic: 10 * gib, Standard: 100 * gib, Premium: 500 * gib } as const;
const actionGroup = resourceId(
  place('ag-platform', 'prod', 'rg-monitoring', 'global'),
  'Microsoft.Insights/actionGroups',
);
const workspace = resourceId(
  place('log-contoso', 'prod', 'rg-monitoring', 'westeurope'),
  'Microsoft.OperationalInsights/workspaces',
);

export function alertRows(): readonly Row[] {
  return [
    metricAlert('prod-storage', 'contosoprod', { metric: 'StorageUsed', enabled: true, withAction: true }),
    metricAlert('prod-us-storage', 'contosoprodus', {
      metric: 'StorageUsed',
      enabled: false,
      withAction: true,
    }),
    // Fires into the void.
    metricAlert('uat-pulls', 'contosouat', { metric: 'TotalPullCount', enabled: true, withAction: false }),
    activityAlert('prod-registry-deleted', `/subscriptions/${subscriptions.prod}`, true),
    activityAlert('legacy-registry-deleted', groupId('legacy', 'rg-legacy'), false),
    activityAlert('dev-core-credentials', groupId('nonprod', 'rg-dev-core'), true),
    resource(
      place('log-contoso', 'prod', 'rg-monitoring', 'westeurope'),
      'Microsoft.OperationalInsights/workspaces',
      { properties: { provisioningState: 'Succeeded', retentionInDays: 90, sku: { name: 'PerGB2018' } } },
    ),
    resource(place('ag-platform', 'prod', 'rg-monitoring', 'global'), 'Microsoft.Insights/actionGroups', {
      properties: {
        enabled: true,
        groupShortName: 'platform',
        emailReceivers: [{ name: 'team', emailAddress: 'platform@contoso.example' }],
      },
    }),
  ];
}

export function armFacts(): Readonly<Record<string, ArmFacts>> {
  return {
    [registryId('devshop')]: {
      ...filling('Basic', 3.1, 0.02),
      diagnosticSettings: [setting('metrics-only', 'metrics')],
    },
    [registryId('devpay')]: { ...filling('Standard', 12, 0.1), diagnosticSettings: [] },
    [registryId('devdata')]: {
      ...filling('Basic', 9.4, 0.05),
      diagnosticSettings: [setting('to-workspace', 'all')],
    },
    [registryId('devcore')]: {
      ...filling('Standard', 40, 0.2),
      diagnosticSettings: [setting('to-workspace', 'categories')],
    },
    [registryId('contosostaging')]: {
      ...filling('Standard', 55, 0.3),
      diagnosticSettings: [setting('to-workspace', 'audit')],
    },
    [registryId('contosouat')]: {
      ...filling('Premium', 120, 0.5),
      diagnosticSettings: [setting('to-workspace', 'categories')],
      webhooks: [webhook('contosouat', 'deploys', 'https://deploy.contoso.example/hooks/acr')],
      ...token('contosouat', 'scanner', '${in:60d}'),
    },
    [registryId('contosoprod')]: {
      ...filling('Premium', 210, 0.8),
      diagnosticSettings: [setting('to-workspace', 'all')],
      webhooks: [webhook('contosoprod', 'warden', 'https://warden.contoso.example/webhooks/acr')],
    },
    [registryId('contosoprodus')]: {
      ...filling('Premium', 436, 2.5),
      diagnosticSettings: { status: 403 },
      cacheRules: [cacheRule('contosoprodus')],
    },
    [endpointId('contosoprod')]: { privateDnsZoneGroups: [zoneGroup()] },
    [registryId('contososhared')]: { diagnosticSettings: [] },
    [registryId('legacyhub')]: {
      ...filling('Basic', 11.2, 0),
      diagnosticSettings: [],
      webhooks: [webhook('legacyhub', 'notify', 'http://intranet.contoso.example/hook')],
      ...token('legacyhub', 'oldbuild', undefined),
    },
  };
}

const endpointId = (name: RegistryName): string =>
  resourceId({ ...places[name], name: `pe-${name}` }, 'Microsoft.Network/privateEndpoints');

function zoneGroup(): Row & { name: string } {
  const zone = place('privatelink.azurecr.io', 'prod', 'rg-prod-aks', 'global');
  const privateDnsZoneId = resourceId(zone, 'Microsoft.Network/privateDnsZones');
  return {
    name: 'default',
    properties: {
      provisioningState: 'Succeeded',
      privateDnsZoneConfigs: [{ name: 'azurecr', properties: { privateDnsZoneId } }],
    },
  };
}

/** Usages and metrics of a registry of a tier: GiB used today, and how much it grew each day. */
function filling(
  tier: keyof typeof included,
  used: number,
  growth: number,
): Pick<ArmFacts, 'usages' | 'metrics'> {
  const daily = Array.from({ length: 30 }, (_, day) => Math.round((used - growth * (29 - day)) * gib));
  const counts = (base: number): number[] => Array.from({ length: 30 }, (_, day) => base + ((day * 37) % 90));
  return {
    usages: [
      { name: 'Size', limit: included[tier], currentValue: Math.round(used * gib), unit: 'Bytes' },
      { name: 'Webhooks', limit: tier === 'Premium' ? 500 : 10, currentValue: 1, unit: 'Count' },
      ...(tier === 'Premium'
        ? [{ name: 'Geo-replications', limit: -1, currentValue: 1, unit: 'Count' as const }]
        : []),
    ],
    metrics: {
      StorageUsed: { unit: 'Bytes', daily },
      TotalPullCount: { unit: 'Count', daily: counts(900) },
      SuccessfulPullCount: { unit: 'Count', daily: counts(890) },
      TotalPushCount: { unit: 'Count', daily: counts(40) },
      SuccessfulPushCount: { unit: 'Count', daily: counts(39) },
    },
  };
}

function setting(name: string, kind: 'metrics' | 'all' | 'audit' | 'categories'): Row & { name: string } {
  const log = (key: 'category' | 'categoryGroup', value: string): Row => ({
    [key]: value,
    enabled: true,
    retentionPolicy: { enabled: false, days: 0 },
  });
  const logs = {
    metrics: [],
    all: [log('categoryGroup', 'allLogs')],
    audit: [log('categoryGroup', 'audit')],
    categories: [
      log('category', 'ContainerRegistryLoginEvents'),
      log('category', 'ContainerRegistryRepositoryEvents'),
    ],
  }[kind];
  return {
    name,
    location: '',
    kind: null,
    tags: null,
    properties: {
      workspaceId: workspace,
      storageAccountId: null,
      eventHubAuthorizationRuleId: null,
      metrics: [{ category: 'AllMetrics', enabled: true, timeGrain: null }],
      logs,
      logAnalyticsDestinationType: null,
    },
    identity: null,
  };
}

/** A repository-scoped token with a password that ends at `expiry`, or never. */
function token(
  registry: RegistryName,
  name: string,
  expiry: string | undefined,
): Pick<ArmFacts, 'tokens' | 'scopeMaps'> {
  const scopeMap = `${name}-scope`;
  const password = {
    name: 'password1',
    creationTime: '${ago:300d}',
    ...(expiry === undefined ? {} : { expiry }),
  };
  return {
    tokens: [
      {
        name,
        properties: {
          creationDate: '${ago:300d}',
          scopeMapId: `${registryId(registry)}/scopeMaps/${scopeMap}`,
          credentials: { certificates: [], passwords: [password] },
          provisioningState: 'Succeeded',
          status: 'enabled',
        },
      },
    ],
    scopeMaps: [
      {
        name: scopeMap,
        properties: {
          description: 'What this token may do',
          type: 'UserDefined',
          creationDate: '${ago:300d}',
          provisioningState: 'Succeeded',
          actions: ['repositories/*/content/read', 'repositories/*/metadata/read'],
        },
      },
    ],
  };
}

function webhook(registry: RegistryName, name: string, serviceUri: string) {
  return {
    name,
    location: places[registry].location,
    properties: { status: 'enabled', scope: '', actions: ['push', 'delete'], provisioningState: 'Succeeded' },
    callback: { serviceUri, customHeaders: {} },
    events: [],
  };
}

function cacheRule(registry: RegistryName) {
  return {
    name: 'dockerhub',
    properties: {
      creationDate: '${ago:120d}',
      sourceRepository: 'docker.io/library/*',
      targetRepository: 'cache/*',
      credentialSetResourceId: `${registryId(registry)}/credentialSets/missing`,
      provisioningState: 'Succeeded',
    },
  };
}

function metricAlert(
  name: string,
  registry: RegistryName,
  alert: { metric: string; enabled: boolean; withAction: boolean },
): Row {
  const where = places[registry];
  return resource(
    { ...place(name, where.subscription, where.group, 'global') },
    'Microsoft.Insights/metricAlerts',
    {
      properties: {
        description: name,
        severity: 2,
        enabled: alert.enabled,
        scopes: [registryId(registry)],
        evaluationFrequency: 'PT1H',
        windowSize: 'PT1H',
        targetResourceType: 'Microsoft.ContainerRegistry/registries',
        criteria: {
          'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
          allOf: [
            {
              name: 'Metric1',
              metricName: alert.metric,
              metricNamespace: 'Microsoft.ContainerRegistry/registries',
              operator: 'GreaterThan',
              threshold: 400 * gib,
              timeAggregation: 'Average',
              criterionType: 'StaticThresholdCriterion',
            },
          ],
        },
        actions: alert.withAction ? [{ actionGroupId: actionGroup }] : [],
      },
    },
  );
}

function activityAlert(name: string, scope: string, enabled: boolean): Row {
  return resource(place(name, 'prod', 'rg-monitoring', 'global'), 'Microsoft.Insights/activityLogAlerts', {
    properties: {
      enabled,
      scopes: [scope],
      condition: {
        allOf: [
          { field: 'category', equals: 'Administrative' },
          { field: 'operationName', equals: 'Microsoft.ContainerRegistry/registries/delete' },
        ],
      },
      actions: { actionGroups: [{ actionGroupId: actionGroup, webhookProperties: {} }] },
      description: name,
    },
  });
}
