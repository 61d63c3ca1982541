import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/posture/catalogue.ts';
import type { RegistryFacts } from '../../src/posture/facts.ts';
import { explain, judge } from '../../src/posture/judge.ts';
import { scoreOf } from '../../src/posture/score.ts';
import { applyWaivers, longestWaiver, valueHash, type Waiver } from '../../src/posture/waivers.ts';
import { day, grant, now, prod, read, sample, uat } from './sample-estate.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const index = (rule: string) => rules.findIndex((each) => each.id === rule);
const strange = (...names: readonly string[]): Partial<RegistryFacts> => ({
  grants: read(names.map((name) => grant(name, 'RepositoryWriter', prod.id))),
});

function estate(facts: Partial<RegistryFacts>, rule: string) {
  const [changed, context] = sample(prod, { facts });
  const verdicts = judge([changed, uat], context);
  const value = valueHash(explain(verdicts, 0, index(rule), context), hash);
  const apply = (waiver: Partial<Waiver>, at = now) =>
    applyWaivers(
      verdicts,
      context,
      [{ rule, scope: prod.id, until: now + day, by: 'sofia', why: 'moving', valueHash: value, ...waiver }],
      at,
      hash,
    );
  return { context, verdicts, value, apply };
}

describe('a waiver', () => {
  it('makes a failure waived, with who, until when and why, and leaves the score', () => {
    const { verdicts, context, apply } = estate({ adminUserEnabled: true }, 'CR-9');

    const { verdicts: after, uses } = apply({});

    expect(after.outcome(0, index('CR-9'))).toBe('waived');
    expect(after.outcome(1, index('CR-9'))).toBe(verdicts.outcome(1, index('CR-9')));
    expect(uses.map((use) => use.state)).toEqual(['applies']);
    const finding = explain(after, 0, index('CR-9'), context);
    expect(finding.waived).toEqual({ until: now + day, by: 'sofia', why: 'moving' });
    expect(finding.reason).toContain('The admin user is on.');
    expect(scoreOf(after, [0]).applicable).toBe(scoreOf(verdicts, [0]).applicable - 3);
    expect(scoreOf(after, [0]).failing.Medium).toBe(scoreOf(verdicts, [0]).failing.Medium - 1);
  });

  it('ends at its moment, not after it', () => {
    const { apply } = estate({ adminUserEnabled: true }, 'CR-9');

    expect(apply({ until: now + 1 }).uses[0]?.state).toBe('applies');
    expect(apply({ until: now }).uses[0]?.state).toBe('expired');
    expect(apply({ until: now }).verdicts.outcome(0, index('CR-9'))).toBe('fail');
  });

  it('reopens when what was waived changes: another stranger is another risk', () => {
    const { value } = estate(strange('one'), 'TEN-01');
    const later = estate(strange('one', 'two'), 'TEN-01').apply({ valueHash: value });

    expect(later.uses[0]?.state).toBe('changed');
    expect(later.verdicts.outcome(0, index('TEN-01'))).toBe('fail');
  });

  it('of an open door does not cover the stranger that comes later', () => {
    const { value } = estate({ adminUserEnabled: true }, 'TEN-01');
    const later = estate({ adminUserEnabled: true, ...strange('one') }, 'TEN-01').apply({ valueHash: value });

    expect(later.uses[0]?.state).toBe('changed');
  });

  it('of a failure does not cover that it can no longer be read', () => {
    const { value } = estate(strange('one'), 'TEN-01');
    const later = estate({ grants: { read: false, reason: '403' } }, 'TEN-01').apply({ valueHash: value });

    expect(later.verdicts.outcome(0, index('TEN-01'))).toBe('unknown');
  });

  it('changes nothing where the rule passes, and is idle', () => {
    const { apply } = estate({}, 'CR-9');

    expect(apply({}).uses[0]?.state).toBe('idle');
    expect(apply({}).verdicts.outcome(0, index('CR-9'))).toBe('pass');
  });

  it('of a stage covers its registries only, each by its own value', () => {
    const { apply, value } = estate({ adminUserEnabled: true }, 'CR-9');

    expect(apply({ scope: 'prod', valueHash: ['other', value] }).verdicts.outcome(0, index('CR-9'))).toBe(
      'waived',
    );
    expect(apply({ scope: 'uat' }).verdicts.outcome(0, index('CR-9'))).toBe('fail');
    expect(longestWaiver).toBe(180 * day);
  });

  it('of a rule that is not in the catalogue is passed over', () => {
    const { apply } = estate({}, 'CR-9');

    expect(apply({ rule: 'CR-99' }).uses).toEqual([]);
  });
});

describe('the hash of a value', () => {
  const item = fc.record({ path: fc.string(), value: fc.string(), source: fc.string(), asOf: fc.nat() });

  it('does not see order or time, and sees every value', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), fc.nat(), (evidence, at) => {
        const one = { outcome: 'fail', evidence } as const;
        const later = {
          outcome: 'fail',
          evidence: evidence.map((each) => ({ ...each, asOf: at })).reverse(),
        } as const;
        const other = {
          outcome: 'fail',
          evidence: [{ ...evidence[0]!, value: `${evidence[0]!.value}!` }, ...evidence.slice(1)],
        } as const;

        expect(valueHash(later, hash)).toBe(valueHash(one, hash));
        expect(valueHash(other, hash)).not.toBe(valueHash(one, hash));
      }),
    );
  });
});
