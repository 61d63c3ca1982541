// One thing changed in the sample estate, and what each rule makes of it.
import type { RegistryFacts } from '../../src/posture/facts.ts';
import type { Outcome } from '../../src/posture/outcome.ts';
import {
  type Change,
  content,
  day,
  dev,
  expectedProd,
  finding,
  grant,
  idOf,
  now,
  prod,
  read,
  tag,
  uat,
  unread,
} from './sample-estate.ts';

export interface Case extends Change {
  readonly rule: string;
  readonly outcome: Outcome;
  readonly when: string;
  readonly from?: RegistryFacts;
}

type Rows = readonly (readonly [
  outcome: Outcome,
  when: string,
  change?: Change & { from?: RegistryFacts },
])[];

const settings = (change: RegistryFacts['settings']): Change => ({
  facts: { settings: { ...prod.settings, ...change } },
});
const holding = (...tags: readonly ReturnType<typeof tag>[]): Change => ({
  facts: { content: content([{ name: 'shop/web', tags }]) },
});
const unfinished = content([{ name: 'shop/web', tags: [tag('v1', 'web')] }], { total: 9 });
const granted = (...more: readonly ReturnType<typeof grant>[]): Change => ({
  facts: { grants: read([...(prod.grants?.read ? prod.grants.value : []), ...more]) },
});
const home = { name: 'westeurope', location: 'westeurope', provisioningState: 'Succeeded' };
const sinks = (exists?: boolean, categories: readonly string[] = [], groups = ['audit']) =>
  read([
    {
      name: 'd',
      categories,
      groups,
      metrics: false,
      sinks: [{ kind: 'workspace' as const, id: '/w', ...(exists !== undefined && { exists }) }],
    },
  ]);
const token = { name: 't', enabled: true, scopeMap: 'own', expiries: [now + day] };
const usage = prod.usage?.read ? prod.usage.value : { used: 0, included: 1 };

const table: Readonly<Record<string, Rows>> = {
  'CR-1': [
    ['pass', 'on Premium'],
    ['fail', 'in production on Standard', { facts: { sku: 'Standard' } }],
    ['unknown', 'when the row has no tier', { without: ['sku'] }],
  ],
  'CR-2': [
    ['pass', 'in regions with zones'],
    ['fail', 'in a region without', { facts: { location: 'westus' } }],
    ['unknown', 'when the replicas could not be read', { facts: { replications: unread } }],
  ],
  'CR-3': [
    ['pass', 'with a healthy replica elsewhere'],
    ['fail', 'with the home region only', { facts: { replications: read([home]) } }],
    ['unknown', 'when the replicas could not be read', { facts: { replications: unread } }],
  ],
  'CR-4': [
    ['pass', 'with small images'],
    ['fail', 'with 11 layers', holding(tag('v1', 'web', { layers: 11 }))],
    ['fail', 'over the policy’s size', { expected: { maxImageSize: 1 } }],
    [
      'pass',
      'when only a tag that is not in use is large',
      holding(tag('v1', 'web', { layers: 99, inUse: false })),
    ],
    ['unknown', 'when the walk is unfinished', { facts: { content: unfinished } }],
  ],
  'CR-5': [
    ['pass', 'with namespaces'],
    ['fail', 'with an orphan', { facts: { content: content([{ name: 'debugbox', tags: [] }]) } }],
    ['unknown', 'when only some names were listed', { facts: { content: unfinished } }],
  ],
  'CR-6': [
    ['pass', 'alone in its group'],
    [
      'fail',
      'beside a machine',
      { facts: { group: read([{ id: '/x', name: 'vm', type: 'microsoft.compute/virtualmachines' }]) } },
    ],
    ['unknown', 'when the group could not be read', { facts: { group: unread } }],
  ],
  'CR-7': [
    ['pass', 'with room'],
    ['fail', 'at 80 % of the included storage', { facts: { usage: read({ ...usage, used: 400 }) } }],
    ['fail', 'full in 30 days', { facts: { usage: read({ ...usage, growthPerDay: 400 / 30 }) } }],
    [
      'fail',
      'with 10 % untagged',
      { facts: { content: content([], { untaggedBytes: 10, totalBytes: 100 }) } },
    ],
    ['fail', 'without retention', { facts: { retention: { status: 'disabled' } } }],
    [
      'pass',
      'with soft delete instead of retention',
      { facts: { retention: { status: 'disabled' }, softDelete: { status: 'enabled', days: 7 } } },
    ],
    ['unknown', 'when the usages could not be read', { facts: { usage: unread } }],
    [
      'unknown',
      'when nobody knows how fast it grows',
      { facts: { usage: read({ used: 1, included: 500 }) } },
    ],
    ['unknown', 'without the retention policy', { without: ['retention'] }],
  ],
  'CR-8': [
    ['pass', 'with names'],
    ['fail', 'for anybody', { facts: { anonymousPullEnabled: true } }],
    ['unknown', 'when the row does not say', { without: ['anonymousPullEnabled'] }],
  ],
  'CR-9': [
    ['pass', 'without passwords'],
    ['fail', 'with the admin user', { facts: { adminUserEnabled: true } }],
    [
      'fail',
      'with a token that never ends',
      { facts: { tokens: read([{ ...token, expiries: [undefined] }]) } },
    ],
    ['fail', 'when the cluster’s identity may not pull', { facts: { grants: read([]) } }],
    ['unknown', 'when the tokens could not be read', { facts: { tokens: unread } }],
    ['unknown', 'when the cluster could not be read', { registry: { clusters: [{ key: 'aks' }] } }],
  ],
  'CR-10': [
    ['pass', 'with the audit group in a workspace'],
    [
      'pass',
      'with both categories by name',
      {
        facts: {
          diagnostics: sinks(true, ['ContainerRegistryLoginEvents', 'ContainerRegistryRepositoryEvents'], []),
        },
      },
    ],
    [
      'fail',
      'with logins only',
      { facts: { diagnostics: sinks(true, ['ContainerRegistryLoginEvents'], []) } },
    ],
    ['fail', 'with a sink that is gone', { facts: { diagnostics: sinks(false) } }],
    ['unknown', 'when nobody looked whether the sink exists', { facts: { diagnostics: sinks() } }],
    ['unknown', 'when the settings were refused to us', { facts: { diagnostics: unread } }],
  ],
  'CR-11': [
    ['pass', 'with an alert'],
    ['fail', 'without', { facts: { alerts: read([]) } }],
    ['unknown', 'when the alerts could not be read', { facts: { alerts: unread } }],
  ],
  'CR-12': [
    ['conflict', 'with replicas'],
    ['pass', 'when on', { facts: { softDelete: { status: 'Enabled', days: 7 } } }],
    [
      'fail',
      'when off for no reason',
      { facts: { retention: { status: 'disabled' }, replications: read([home]) } },
    ],
    [
      'conflict',
      'with artifact cache',
      {
        facts: {
          retention: { status: 'disabled' },
          replications: read([home]),
          cacheRules: read([{ name: 'r', source: 'docker.io', hasCredentials: true }]),
        },
      },
    ],
    ['unknown', 'without the policy', { without: ['softDelete'] }],
  ],
  'ACR-01': [
    ['pass', 'in allowed regions'],
    ['fail', 'with a replica elsewhere', { expected: { allowedRegions: ['West Europe'] } }],
    ['notApplicable', 'where all are allowed', { expected: { allowedRegions: [] } }],
    ['unknown', 'when the replicas could not be read', { facts: { replications: unread } }],
  ],
  'ACR-02': [
    ['notApplicable', 'when soft delete is off'],
    ['pass', 'with a week', { facts: { softDelete: { status: 'enabled', days: 7 } } }],
    ['fail', 'with a day', { facts: { softDelete: { status: 'enabled', days: 1 } } }],
    ['unknown', 'without days', { facts: { softDelete: { status: 'enabled' } } }],
  ],
  'ACR-03': [
    ['pass', 'with whole sinks'],
    [
      'fail',
      'with half of the events',
      { facts: { diagnostics: sinks(true, ['ContainerRegistryLoginEvents'], []) } },
    ],
    ['notApplicable', 'without settings', { facts: { diagnostics: read([]) } }],
    ['unknown', 'when refused', { facts: { diagnostics: unread } }],
  ],
  'ACR-04': [
    ['pass', 'when refused'],
    ['fail', 'when accepted', settings({ armAudienceTokens: 'enabled' })],
    ['unknown', 'when the row does not say', { facts: { settings: {} } }],
  ],
  'ACR-05': [
    ['pass', 'without tokens'],
    ['pass', 'with a scoped token that ends', { facts: { tokens: read([token]) } }],
    [
      'pass',
      'with one that is off',
      { facts: { tokens: read([{ ...token, enabled: false, expiries: [undefined] }]) } },
    ],
    [
      'fail',
      'with one for everything',
      { facts: { tokens: read([{ ...token, scopeMap: '/scopeMaps/_repositories_admin' }]) } },
    ],
    ['unknown', 'when they could not be read', { facts: { tokens: unread } }],
  ],
  'ACR-06': [
    ['pass', 'with an identity'],
    ['fail', 'without', settings({ hasIdentity: false })],
    ['unknown', 'when the row does not say', { facts: { settings: {} } }],
  ],
  'ACR-07': [
    ['pass', 'without cache rules'],
    [
      'fail',
      'in production',
      { facts: { cacheRules: read([{ name: 'r', source: 'docker.io', hasCredentials: true }]) } },
    ],
    [
      'pass',
      'in development with credentials',
      { from: dev, facts: { cacheRules: read([{ name: 'r', source: 'docker.io', hasCredentials: true }]) } },
    ],
    [
      'fail',
      'in development without',
      { from: dev, facts: { cacheRules: read([{ name: 'r', source: 'docker.io', hasCredentials: false }]) } },
    ],
    ['unknown', 'when they could not be read', { facts: { cacheRules: unread } }],
  ],
  'ACR-08': [
    ['pass', 'when closed'],
    ['fail', 'when open', { facts: { publicNetworkAccess: 'Enabled' } }],
    ['notApplicable', 'in development', { from: dev, facts: { publicNetworkAccess: 'Enabled' } }],
    ['unknown', 'when the row does not say', { without: ['publicNetworkAccess'] }],
  ],
  'ACR-09': [
    ['pass', 'when the network is closed', settings({ networkDefaultAction: 'Allow' })],
    [
      'fail',
      'when everybody may',
      { facts: { publicNetworkAccess: 'Enabled', settings: { networkDefaultAction: 'Allow' } } },
    ],
    ['unknown', 'when the row does not say', { facts: { publicNetworkAccess: 'Enabled', settings: {} } }],
  ],
  'ACR-10': [
    ['pass', 'with an approved endpoint'],
    ['fail', 'with none', { facts: { privateEndpoints: [] } }],
    ['unknown', 'when the row does not say', { without: ['privateEndpoints'] }],
  ],
  'ACR-11': [
    ['pass', 'with none'],
    ['fail', 'with a subnet', settings({ virtualNetworkRules: ['/subnet'] })],
    ['unknown', 'when the row does not say', { facts: { settings: {} } }],
  ],
  'ACR-12': [
    ['pass', 'in its own subscription'],
    [
      'fail',
      'in a strange one',
      {
        facts: { privateEndpoints: [{ id: 'c', status: 'Approved', endpoint: '/subscriptions/strange/x' }] },
      },
    ],
    [
      'pass',
      'in an allowed one',
      {
        expected: { allowedSubscriptions: ['STRANGE'] },
        facts: { privateEndpoints: [{ id: 'c', status: 'Approved', endpoint: '/subscriptions/strange/x' }] },
      },
    ],
    [
      'unknown',
      'when the endpoint’s id is not known',
      { facts: { privateEndpoints: [{ id: `${prod.id}/c`, status: 'Approved' }] } },
    ],
  ],
  'ACR-13': [
    ['pass', 'with the bypass'],
    ['fail', 'without, in the chain', settings({ networkBypass: 'None' })],
    [
      'notApplicable',
      'with an open network',
      {
        facts: {
          publicNetworkAccess: 'Enabled',
          settings: { networkBypass: 'None', networkDefaultAction: 'Allow' },
        },
      },
    ],
    ['unknown', 'when the row does not say', { facts: { settings: {} } }],
  ],
  'ACR-14': [
    ['pass', 'when on'],
    ['fail', 'when off', settings({ dataEndpointEnabled: false })],
    ['unknown', 'when the row does not say', { facts: { settings: {} } }],
  ],
  'ACR-15': [
    ['pass', 'with its zone'],
    ['fail', 'without', { facts: { dnsZoneGroups: read([]) } }],
    ['unknown', 'when the zones could not be read', { facts: { dnsZoneGroups: unread } }],
    ['notApplicable', 'when no endpoint is approved', { facts: { privateEndpoints: [] } }],
  ],
  'ACR-16': [
    ['pass', 'with https'],
    ['fail', 'with http', { facts: { webhooks: read([{ name: 'w', enabled: true, scheme: 'http' }]) } }],
    [
      'unknown',
      'when the address could not be read',
      { facts: { webhooks: read([{ name: 'w', enabled: true }]) } },
    ],
  ],
  'ACR-17': [
    ['pass', 'with a key that follows its rotation'],
    ['fail', 'with Microsoft’s key', settings({ encryption: { status: 'disabled' } })],
    [
      'fail',
      'with a pinned key of two years ago',
      settings({ encryption: { status: 'enabled', keyVersioned: true, rotatedAt: now - 730 * day } }),
    ],
    [
      'unknown',
      'with a pinned key of no date',
      settings({ encryption: { status: 'enabled', keyVersioned: true } }),
    ],
  ],
  'ACR-18': [
    ['pass', 'when off in production'],
    ['fail', 'when on in production', { facts: { exportPolicy: 'enabled' } }],
    ['fail', 'when off before it', { from: uat, facts: { exportPolicy: 'disabled' } }],
    ['pass', 'when on before it', { from: uat }],
    [
      'conflict',
      'when a mirror copies from here',
      { facts: { exportPolicy: 'enabled' }, registry: { feedsMirror: true } },
    ],
    ['unknown', 'when the row does not say', { without: ['exportPolicy'] }],
  ],
  'ACR-19': [
    ['notApplicable', 'whatever it says'],
    ['unknown', 'when the row does not say', { facts: { settings: {} } }],
  ],
  'ACR-20': [['notApplicable', 'whatever it says', settings({ contentTrust: 'enabled' })]],
  'ACR-21': [
    ['pass', 'with plan and scanner'],
    [
      'fail',
      'with the plan alone',
      { facts: { defender: read({ tier: 'Standard', registryScanning: false }) } },
    ],
    ['unknown', 'when the plan could not be read', { facts: { defender: unread } }],
  ],
  'ACR-22': [
    ['pass', 'with nothing open'],
    [
      'fail',
      'with a high one that has a fix',
      {
        facts: {
          registryFindings: read([finding('web', { severity: 'High', fixAvailable: true, healthy: false })]),
        },
      },
    ],
    [
      'pass',
      'with a high one before production',
      {
        from: uat,
        facts: {
          registryFindings: read([finding('web', { severity: 'High', fixAvailable: true, healthy: false })]),
        },
      },
    ],
    [
      'pass',
      'with a critical one without a fix',
      { facts: { registryFindings: read([finding('web', { severity: 'Critical', healthy: false })]) } },
    ],
    [
      'unknown',
      'with no findings where nobody scans',
      { facts: { registryFindings: read([]), defender: read({ tier: 'Free', registryScanning: false }) } },
    ],
  ],
  'ACR-23': [
    ['pass', 'with nothing open'],
    [
      'fail',
      'with a critical one',
      {
        facts: {
          runningFindings: read([
            finding('web', { severity: 'Critical', fixAvailable: true, healthy: false }),
          ]),
        },
      },
    ],
    ['unknown', 'when they could not be read', { facts: { runningFindings: unread } }],
  ],
  'ACR-24': [
    ['pass', 'with a valid name'],
    ['fail', 'with a dash', { facts: { name: 'a-b' } }],
  ],
  'ACR-25': [
    ['pass', 'when it matches'],
    ['fail', 'when it does not', { expected: { naming: '^acr' } }],
    ['unknown', 'without a policy', { bare: true }],
  ],
  'ACR-26': [
    ['pass', 'with its tags, in any case', { facts: { tags: { Owner: 'x' } } }],
    ['fail', 'without', { facts: { tags: { owner: '' } } }],
    ['fail', 'without any, where none is named', { facts: { tags: {} }, expected: { requiredTags: [] } }],
    ['unknown', 'without a policy', { bare: true }],
  ],
  'ACR-27': [['notApplicable', 'on every tier']],
  'ACR-28': [['notApplicable', 'with replicas']],
  'ACR-29': [
    ['pass', 'below the limit'],
    [
      'fail',
      'at the limit',
      { facts: { usage: read({ ...usage, geoReplications: { used: 5, limit: 5 } }) } },
    ],
    ['unknown', 'when the usages do not say', { facts: { usage: read({ used: 1, included: 2 }) } }],
  ],
  'ACR-30': [
    ['pass', 'with nothing left behind'],
    ['fail', 'with a pending endpoint', { facts: { privateEndpoints: [{ id: 'e', status: 'Pending' }] } }],
    [
      'fail',
      'with an offline connected registry',
      { facts: { connected: read([{ name: 'edge', state: 'Offline' }]) } },
    ],
    ['unknown', 'when the assignments could not be read', { facts: { grants: unread } }],
  ],
  'TEN-01': [
    ['pass', 'with the policy’s writers only'],
    ['fail', 'with a stranger', granted(grant('stranger', 'RepositoryWriter', prod.id))],
    ['unknown', 'when the assignments could not be read', { facts: { grants: unread } }],
    ['unknown', 'with a group', granted(grant('ops', 'Contributor', '/', { principalType: 'Group' }))],
    ['notApplicable', 'before production', { from: uat }],
  ],
  'TEN-02': [
    ['pass', 'with the policy’s readers only'],
    ['fail', 'with a stranger', granted(grant('stranger', 'RepositoryReader', prod.id))],
    ['fail', 'for anybody', { facts: { anonymousPullEnabled: true, grants: unread } }],
    [
      'unknown',
      'when the cluster could not be read',
      {
        ...granted(grant('stranger', 'RepositoryReader', prod.id)),
        registry: { clusters: [{ key: 'aks' }] },
      },
    ],
    ['unknown', 'when the row does not say whether anybody may', { without: ['anonymousPullEnabled'] }],
  ],
  'TEN-03': [
    ['pass', 'when all are locked'],
    ['fail', 'when one is not', holding(tag('v1', 'web', { locked: false }))],
    [
      'unknown',
      'when some flags could not be read',
      {
        facts: {
          content: content([
            { name: 'shop/web', tags: [{ tag: 'v1', digest: 'd', updatedAt: 1, inUse: true }] },
          ]),
        },
      },
    ],
    [
      'fail',
      'when one is not, in an unfinished walk',
      {
        facts: {
          content: content([{ name: 'shop/web', tags: [tag('v1', 'web', { locked: false })] }], { total: 9 }),
        },
      },
    ],
  ],
  'TEN-04': [
    ['pass', 'with known repositories'],
    ['fail', 'with an experiment', { facts: { content: content([{ name: 'debugbox', tags: [] }]) } }],
    ['unknown', 'when only some names were listed', { facts: { content: unfinished } }],
  ],
  'TEN-05': [
    ['pass', 'with one stage'],
    ['fail', 'with a tag that says another', { facts: { tags: { Environment: 'DEV' } } }],
    [
      'fail',
      'in the group of a development registry',
      { others: [{ ...dev, id: idOf('devshop', 'contosoprod') }] },
    ],
    ['fail', 'with no stage', { without: ['stage'] }],
    ['unknown', 'without a policy', { bare: true }],
  ],
  'TEN-06': [
    ['pass', 'with a registry for the team', { from: dev }],
    ['fail', 'without a team', { from: dev, without: ['team'] }],
    [
      'fail',
      'with two for one team',
      { from: dev, others: [prod, uat, { ...dev, id: idOf('devshop2'), name: 'devshop2' }] },
    ],
    ['fail', 'without access', { from: dev, facts: { grants: read([]) } }],
    ['fail', 'where a team was forgotten', { from: dev, expected: { teams: ['shop-team', 'pay-team'] } }],
    ['unknown', 'when the assignments could not be read', { from: dev, facts: { grants: unread } }],
    ['notApplicable', 'in production'],
  ],
  'TEN-07': [
    ['pass', 'when the stage before knows the digest'],
    [
      'pass',
      'when it was promoted',
      {
        ...holding(tag('v1', 'new')),
        expected: { promoted: new Map([[`${prod.id}/shop/web:v1`, 'sha256:new00000']]) },
      },
    ],
    [
      'fail',
      'when the tag moved after that',
      { expected: { promoted: new Map([[`${prod.id}/shop/web:v1`, 'sha256:other000']]) } },
    ],
    ['fail', 'when nobody knows the digest', holding(tag('v1', 'new'))],
    [
      'unknown',
      'when the stage before was not walked',
      { ...holding(tag('v1', 'new')), others: [{ ...uat, content: unread }, dev] },
    ],
    [
      'pass',
      'when the CI pushed a base image',
      { facts: { content: content([{ name: 'base/new', tags: [tag('v1', 'new')] }]) } },
    ],
    [
      'fail',
      'when others could have pushed it',
      {
        facts: {
          ...granted(grant('stranger', 'Owner', prod.id)).facts,
          content: content([{ name: 'base/new', tags: [tag('v1', 'new')] }]),
        },
      },
    ],
  ],
  'TEN-08': [
    ['pass', 'with the base images', { from: dev }],
    [
      'fail',
      'with an old one',
      { from: dev, facts: { content: content([{ name: 'base/alpine', tags: [tag('v3', 'old')] }]) } },
    ],
    ['fail', 'without one', { from: dev, facts: { content: content([]) } }],
    [
      'pass',
      'when the mirror has not run since',
      {
        from: dev,
        facts: { content: content([]) },
        others: [
          {
            ...prod,
            content: content([{ name: 'base/alpine', tags: [tag('v4', 'x', { updatedAt: now - 1 })] }]),
          },
        ],
      },
    ],
    ['unknown', 'when production was not walked', { from: dev, others: [{ ...prod, content: unread }] }],
    ['notApplicable', 'where no mirror leads'],
  ],
  'TEN-09': [
    ['pass', 'with young assessments'],
    [
      'fail',
      'with an old one',
      {
        facts: { registryFindings: read([finding('web', { scannedAt: now - 8 * day }), finding('alpine')]) },
      },
    ],
    ['fail', 'without one', { facts: { registryFindings: read([finding('alpine')]) } }],
    ['unknown', 'when they could not be read', { facts: { registryFindings: unread } }],
  ],
  'TEN-10': [
    ['pass', 'with labels'],
    ['fail', 'without', holding(tag('v1', 'web', { labels: {} }))],
    ['fail', 'without one of the policy', { expected: { requiredLabels: ['team'] } }],
    ['unknown', 'when the walk is unfinished', { facts: { content: unfinished } }],
  ],
  'TEN-11': [
    ['pass', 'with nothing throttled'],
    ['fail', 'with throttled requests', { facts: { usage: read({ ...usage, throttled: 1 }) } }],
    [
      'fail',
      'with an average at the limit',
      { facts: { usage: read({ ...usage, pulls: 20_000 * 24 * 60 }) } },
    ],
    ['unknown', 'when the metrics do not say', { facts: { usage: read({ used: 1, included: 2 }) } }],
  ],
  'TEN-12': [
    ['pass', 'with what it needs'],
    [
      'fail',
      'when it cannot lock',
      { facts: { grants: read([grant('importer', 'ImporterAndLocker', prod.id, { dataActions: [] })]) } },
    ],
    ['fail', 'when it could give roles', granted(grant('importer', 'Owner', '/'))],
    [
      'unknown',
      'when its client id could not be resolved',
      { registry: { own: expectedProd.own.map(({ objectId: _, ...own }) => own) } },
    ],
  ],
};

export const cases: readonly Case[] = Object.entries(table).flatMap(([rule, rows]) =>
  rows.map(([outcome, when, change = {}]) => ({ rule, outcome, when, ...change })),
);
