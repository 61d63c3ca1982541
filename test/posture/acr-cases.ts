// One thing changed in the sample estate, and what ACR-01 to ACR-15 make of it.
import { type Rows, settings, sinks, token } from './case-parts.ts';
import { dev, prod, read, unread } from './sample-estate.ts';

export const acrCases: Readonly<Record<string, Rows>> = {
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
};
