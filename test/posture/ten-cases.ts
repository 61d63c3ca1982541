// One thing changed in the sample estate, and what TEN-01 to TEN-12 make of it.
import { type Rows, holding, unfinished, granted, usage } from './case-parts.ts';
import {
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
  leaving,
} from './sample-estate.ts';

export const tenCases: Readonly<Record<string, Rows>> = {
  'TEN-01': [
    ['pass', 'with the policy’s writers only'],
    ['fail', 'with a stranger', granted(grant('stranger', 'RepositoryWriter', prod.id))],
    ['unknown', 'when the assignments could not be read', { facts: { grants: unread } }],
    ['unknown', 'with a group', granted(grant('ops', 'Contributor', '/', { principalType: 'Group' }))],
    ['notApplicable', 'before production', { from: uat }],
    ['fail', 'with the admin user', { facts: { adminUserEnabled: true } }],
    [
      'fail',
      'with a token that pushes everywhere',
      {
        facts: {
          tokens: read([{ name: 'ci', enabled: true, scopeMap: '/x/_repositories_push', expiries: [] }]),
        },
      },
    ],
    [
      'pass',
      'with a token that only pulls',
      {
        facts: {
          tokens: read([
            { name: 'ci', enabled: true, scopeMap: '/x/_repositories_pull_metadata_read', expiries: [] },
          ]),
        },
      },
    ],
    [
      'unknown',
      'with a token of a map of its own',
      { facts: { tokens: read([{ name: 'ci', enabled: true, scopeMap: '/x/mine', expiries: [] }]) } },
    ],
    ['unknown', 'when the tokens could not be read', { facts: { tokens: unread } }],
    ['fail', 'when the policy does not list it', { expected: { registries: new Map() } }],
    ['unknown', 'without a policy', { bare: true }],
  ],
  'TEN-02': [
    [
      'fail',
      'with a token of Azure’s own map',
      {
        facts: {
          tokens: read([{ name: 'ci', enabled: true, scopeMap: '/x/_repositories_pull', expiries: [] }]),
        },
      },
    ],
    ['unknown', 'without a policy', { bare: true }],
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
    ['fail', 'with throttled requests', { facts: { content: content([], { throttled: 1 }) } }],
    [
      'fail',
      'with an average at the limit',
      { facts: { usage: read({ ...usage, pulls: 20_000 * 24 * 60 }) } },
    ],
    ['unknown', 'when the metrics do not say', { facts: { usage: read({ used: 1, included: 2 }) } }],
    ['unknown', 'when nothing was walked, busy or not', { facts: { content: unread } }],
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
      { registry: { own: expectedProd.own.map((own) => leaving(own, 'objectId')) } },
    ],
  ],
};
