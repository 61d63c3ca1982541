// One thing changed in the sample estate, and what ACR-16 to ACR-30 make of it.
import { type Rows, settings, usage } from './case-parts.ts';
import { day, finding, now, read, uat, unread } from './sample-estate.ts';

export const acrMoreCases: Readonly<Record<string, Rows>> = {
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
};
