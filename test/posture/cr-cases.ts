// One thing changed in the sample estate, and what CR-1 to CR-12 make of it.
import { type Rows, holding, unfinished, home, sinks, usage, token } from './case-parts.ts';
import { content, read, tag, unread } from './sample-estate.ts';

export const crCases: Readonly<Record<string, Rows>> = {
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
};
