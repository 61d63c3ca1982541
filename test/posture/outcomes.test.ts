import { describe, expect, it } from 'vitest';
import { findRule, rules } from '../../src/posture/catalogue.ts';
import type { RegistryFacts } from '../../src/posture/facts.ts';
import { findingsOf, judge } from '../../src/posture/judge.ts';
import type { Outcome } from '../../src/posture/outcome.ts';
import type { Case } from './case-parts.ts';
import { cases } from './outcome-cases.ts';
import { dev, leaving, outcomeOf, prod, sample, uat } from './sample-estate.ts';

const ids = (source: string) => rules.filter((rule) => rule.source === source).map((rule) => rule.id);
/** Shown, not judged: nothing makes them pass or fail. */
const information = ['ACR-19', 'ACR-20', 'ACR-27', 'ACR-28'];

describe('the catalogue', () => {
  it('is CR-1 to CR-12, ACR-01 to ACR-30 and TEN-01 to TEN-12, each once and in order', () => {
    const numbers = (prefix: string, count: number, width: number) =>
      Array.from({ length: count }, (_, i) => `${prefix}-${String(i + 1).padStart(width, '0')}`);

    expect(rules.map((rule) => rule.id)).toEqual([
      ...numbers('CR', 12, 1),
      ...numbers('ACR', 30, 2),
      ...numbers('TEN', 12, 2),
    ]);
    expect(findRule('ten-01')?.id).toBe('TEN-01');
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s explains itself and can be mended',
    (_, rule) => {
      expect(rule.remedy(prod)).toMatch(/^az /);
      expect(rule.guidance.length).toBeGreaterThan(20);
      expect(rule.references.length).toBeGreaterThan(0);
    },
  );
});

describe('every rule', () => {
  it.each(cases)('$rule is $outcome $when', ({ rule, outcome, from = prod, ...change }: Case) => {
    expect(outcomeOf(rule, from, change)).toBe(outcome);
  });

  it.each([...ids('APRL'), ...ids('TEN'), ...ids('ACR').filter((id) => !information.includes(id))])(
    '%s has a registry that passes, one that fails and one that is unknown',
    (id) => {
      const found = new Set(cases.filter((each) => each.rule === id).map((each) => each.outcome));

      const never: readonly Outcome[] = id === 'ACR-24' ? ['pass', 'fail'] : ['pass', 'fail', 'unknown'];
      for (const outcome of never) expect(found, id).toContain(outcome);
    },
  );

  it('says why, whatever comes out', () => {
    for (const { rule, outcome, from = prod, ...change } of cases) {
      const [facts, context] = sample(from, change);
      const found = findRule(rule)!;

      const { reason, evidence } = found.explain(facts, context, outcome);

      expect(reason, `${rule} ${outcome}`).toMatch(/\S/);
      expect(reason, `${rule} ${outcome}`).not.toMatch(/undefined|null|NaN|\[object/);
      for (const item of evidence) expect(item.source, rule).not.toBe('');
    }
  });
});

describe('a registry of which nothing was read', () => {
  const bare: RegistryFacts = {
    id: prod.id,
    name: prod.name,
    subscription: prod.subscription,
    resourceGroup: prod.resourceGroup,
    location: 'westeurope',
    tags: {},
    stageSource: 'none',
    replications: { read: false, reason: 'throttled' },
    group: { read: false, reason: 'throttled' },
    alerts: { read: false, reason: 'throttled' },
    asOf: 1,
  };
  // The row's own id, location and name are all that is known.
  const knownByName = ['ACR-24'];

  it('passes no rule, with a policy or without one', () => {
    for (const change of [{}, { bare: true as const }]) {
      const [facts, context] = sample(bare, change);
      const verdicts = judge([facts], context);
      const passed = rules.filter((_, i) => verdicts.outcome(0, i) === 'pass').map((rule) => rule.id);

      expect(passed.filter((id) => !knownByName.includes(id) && id !== 'ACR-25')).toEqual([]);
    }
  });

  it('explains every unknown without a gap in the sentence', () => {
    const [facts, context] = sample(bare, { bare: true });
    for (const found of findingsOf(judge([facts], context), 0, context)) {
      expect(found.reason, found.rule).toMatch(/\S/);
      expect(found.reason, found.rule).not.toMatch(/undefined|null|NaN/);
    }
  });
});

describe('stage packs', () => {
  const failing = (from: RegistryFacts, facts: Partial<RegistryFacts>) => {
    const [changed, context] = sample(from, { facts });
    const verdicts = judge([changed], context);
    return rules.filter((_, i) => verdicts.outcome(0, i) === 'fail').map((rule) => rule.id);
  };

  it('find nothing wrong with the sample estate', () => {
    expect([failing(prod, {}), failing(uat, {}), failing(dev, {})]).toEqual([[], [], []]);
  });

  it('ask of a plain Basic registry far less in development than in production', () => {
    const plain = {
      sku: 'Basic',
      publicNetworkAccess: 'Enabled',
      privateEndpoints: [],
      exportPolicy: 'enabled',
    };

    expect(failing(dev, plain)).toEqual([]);
    expect(failing(prod, plain)).toEqual(['CR-1', 'ACR-08']);
  });

  it('let no registry off whose stage nobody knows: what would fail is unknown, and the stage itself fails', () => {
    const open: RegistryFacts = {
      ...leaving(prod, 'stage'),
      stageSource: 'none',
      publicNetworkAccess: 'Enabled',
    };

    expect(outcomeOf('ACR-08', open)).toBe('unknown');
    expect(outcomeOf('TEN-05', open)).toBe('fail');
  });
});
