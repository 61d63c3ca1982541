import { describe, expect, it } from 'vitest';
import { findRule, rules } from '../../src/posture/catalogue.ts';
import type { RegistryFacts } from '../../src/posture/facts.ts';
import { explain, judge } from '../../src/posture/judge.ts';
import { scoreOf } from '../../src/posture/score.ts';

const context = { stages: ['dev', 'uat', 'prod'] };
const id =
  '/subscriptions/s1/resourcegroups/prod/providers/microsoft.containerregistry/registries/contosoprod';
const prod: RegistryFacts = {
  id,
  name: 'contosoprod',
  subscription: 's1',
  resourceGroup: 'prod',
  location: 'westeurope',
  tags: {},
  stage: 'prod',
  stageSource: 'policy',
  sku: 'Premium',
  asOf: 1,
  adminUserEnabled: false,
  anonymousPullEnabled: false,
  zoneRedundancy: 'Disabled',
  retention: { status: 'enabled', days: 7 },
  softDelete: { status: 'disabled' },
  replications: {
    read: true,
    value: [
      { name: 'westeurope', location: 'westeurope', provisioningState: 'Succeeded' },
      { name: 'northeurope', location: 'northeurope', provisioningState: 'Succeeded' },
    ],
  },
  group: {
    read: true,
    value: [
      { id, name: 'contosoprod', type: 'microsoft.containerregistry/registries' },
      {
        id: `${id}/replications/northeurope`,
        name: 'northeurope',
        type: 'microsoft.containerregistry/registries/replications',
      },
    ],
  },
  alerts: {
    read: true,
    value: [
      {
        id: 'a',
        name: 'storage',
        kind: 'metric',
        enabled: true,
        hasActionGroup: true,
        scopes: [id],
        watches: ['storageused'],
      },
    ],
  },
};
const home = { name: 'westeurope', location: 'westeurope', provisioningState: 'Succeeded' };
const unread = { read: false, reason: 'throttled' } as const;
const outcome = (rule: string, change: Partial<RegistryFacts> = {}) =>
  findRule(rule)!.judge({ ...prod, ...change }, context);
const without = (key: keyof RegistryFacts): RegistryFacts =>
  Object.fromEntries(Object.entries(prod).filter(([name]) => name !== key)) as unknown as RegistryFacts;

describe('the twelve recommendations', () => {
  const cases: readonly [string, string, Partial<RegistryFacts>][] = [
    ['CR-1', 'pass', {}],
    ['CR-1', 'fail', { sku: 'Standard' }],
    ['CR-1', 'pass', { sku: 'Standard', stage: 'uat' }],
    ['CR-1', 'fail', { sku: 'Basic', stage: 'uat' }],
    ['CR-1', 'pass', { sku: 'Basic', stage: 'dev' }],
    ['CR-1', 'pass', { sku: 'premium' }],
    ['CR-2', 'pass', {}],
    ['CR-2', 'fail', { location: 'westus' }],
    ['CR-2', 'unknown', { location: 'moonbase' }],
    ['CR-2', 'unknown', { replications: unread }],
    ['CR-3', 'pass', {}],
    ['CR-3', 'fail', { replications: { read: true, value: [home] } }],
    ['CR-3', 'unknown', { replications: unread }],
    ['CR-3', 'notApplicable', { sku: 'Standard' }],
    ['CR-3', 'notApplicable', { stage: 'dev' }],
    [
      'CR-3',
      'fail',
      {
        replications: {
          read: true,
          value: [home, { ...home, location: 'northeurope', regionEndpointEnabled: false }],
        },
      },
    ],
    ['CR-4', 'unknown', {}],
    ['CR-5', 'unknown', {}],
    ['CR-10', 'unknown', {}],
    ['CR-6', 'pass', {}],
    ['CR-6', 'unknown', { group: unread }],
    [
      'CR-6',
      'fail',
      { group: { read: true, value: [{ id: '/x', name: 'vm', type: 'microsoft.compute/virtualmachines' }] } },
    ],
    ['CR-7', 'fail', { retention: { status: 'disabled' } }],
    ['CR-7', 'unknown', {}],
    ['CR-8', 'pass', {}],
    ['CR-8', 'fail', { anonymousPullEnabled: true }],
    ['CR-9', 'fail', { adminUserEnabled: true }],
    ['CR-9', 'unknown', {}],
    ['CR-11', 'pass', {}],
    ['CR-11', 'unknown', { alerts: unread }],
    ['CR-11', 'fail', { alerts: { read: true, value: [] } }],
    ['CR-12', 'conflict', {}],
    ['CR-12', 'pass', { softDelete: { status: 'enabled' } }],
    ['CR-12', 'fail', { retention: { status: 'disabled' }, replications: { read: true, value: [home] } }],
  ];
  it.each(cases)('%s is %s', (rule, expected, change) => {
    expect(outcome(rule, change)).toBe(expected);
  });

  it('never pass when the value they need is absent', () => {
    expect(findRule('CR-1')!.judge(without('sku'), context)).toBe('unknown');
    expect(findRule('CR-8')!.judge(without('anonymousPullEnabled'), context)).toBe('unknown');
    expect(findRule('CR-12')!.judge(without('softDelete'), context)).toBe('unknown');
    expect(findRule('CR-7')!.judge(without('retention'), context)).toBe('unknown');
  });

  it('say of the legacy zone field that it is information only', () => {
    const verdicts = judge([prod], context);
    const finding = explain(verdicts, 0, 1, context);

    expect(finding.outcome).toBe('pass');
    expect(finding.evidence[1]).toMatchObject({
      value: 'Disabled',
      source: 'legacy field, information only',
    });
  });

  it('ignore alerts that are off, have nobody behind them or watch something else', () => {
    const alert = {
      id: 'a',
      name: 'x',
      kind: 'metric',
      enabled: true,
      hasActionGroup: true,
      scopes: [id],
      watches: ['storageused'],
    } as const;
    const one = (change: object) =>
      outcome('CR-11', { alerts: { read: true, value: [{ ...alert, ...change }] } });

    expect([
      one({ enabled: false }),
      one({ hasActionGroup: false }),
      one({ watches: ['cpu'] }),
      one({ scopes: ['/subscriptions/s2'] }),
    ]).toEqual(['fail', 'fail', 'fail', 'fail']);
    expect(one({ scopes: ['/subscriptions/s1'] })).toBe('pass');
  });

  it('all explain themselves and name one command that mends', () => {
    const verdicts = judge([prod], context);

    for (const [i, rule] of rules.entries()) {
      expect(explain(verdicts, 0, i, context).reason, rule.id).not.toBe('');
      expect(rule.remedy(prod), rule.id).toMatch(/^az /);
    }
  });
});

describe('the score', () => {
  it('counts unknown as not passed and leaves out what does not apply', () => {
    const verdicts = judge(
      [prod],
      context,
      rules.filter((rule) => rule.source === 'APRL'),
    );
    const passHigh = 3 * 5; // CR-1 CR-2 CR-3
    const pass = passHigh + 1 + 3 + 3; // CR-6, CR-8, CR-11
    const applicable = pass + 5 + 1 + 3 + 3 + 3; // CR-4 CR-5 CR-7 CR-9 CR-10 unknown; CR-12 is a conflict

    expect(scoreOf(verdicts, [0])).toEqual({
      score: Math.round((100 * pass) / applicable),
      failing: { High: 0, Medium: 0, Low: 0 },
      unknown: 5,
      passed: pass,
      applicable,
    });
  });

  it('is undefined when there is nothing to judge', () => {
    expect(scoreOf(judge([], context), []).score).toBeUndefined();
  });
});
