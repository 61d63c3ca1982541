// Which rules a policy is judged by, and the queries they are looked up with.
import { describe, expect, it } from 'vitest';
import { kqlScope, queryOf, rulesOf } from '../../src/policy/rules.ts';
import type { OwnRule } from '../../src/posture/own-rule.ts';
import { findRule, rules } from '../../src/posture/catalogue.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { policyOf } from './fixture.ts';

const policy = policyOf();
const builtIn = findRule('CR-1')!;
const ownRule = (id: string, query: string): OwnRule => ({
  ...builtIn,
  id,
  definition: { id, title: id, impact: 'Low', query, file: `${id}.kql`, path: `${id}.kql`, line: 1 },
});
const own = [ownRule('ORG-1', 'resources | take 1'), ownRule('ORG-2', 'resources | take 2')];
const withOwn: Policy = { ...policy, posture: { ...policy.posture, ownRules: own } };

describe('the rules of a policy', () => {
  it('are the built-in ones, and after them those of the organisation', () => {
    expect(rulesOf(policy)).toEqual(rules);
    expect(rulesOf(withOwn)).toEqual([...rules, ...own]);
  });
});

describe('the query of a rule', () => {
  it('is its own where the organisation wrote it, and of no other rule', () => {
    expect(queryOf(own[1]!, withOwn)).toEqual({ query: 'resources | take 2' });
    expect(queryOf(builtIn, withOwn)).toEqual(queryOf(builtIn, policy));
  });

  it('of a built-in rule carries what the policy says', () => {
    expect(queryOf(findRule('ACR-01')!, policy)).toEqual({
      query: expect.stringMatching(/westeurope.*northeurope/s),
    });
  });

  it('is none of a rule that nobody knows', () => {
    expect(queryOf(own[0]!, policy)).toEqual({ none: 'has no query' });
  });
});

describe('what the queries carry of a policy', () => {
  it('is where each registry stands, by its id in small letters, and whether a mirror reads it', () => {
    const ids = Object.values(policy.registries).map(({ id }) => id.toLowerCase());
    const [mirror] = policy.mirrors;
    const two = { ...policy, mirrors: [mirror!, { ...mirror!, name: 'second', from: 'uat' }] };

    expect(kqlScope(policy).registries).toEqual([
      { id: ids[0], stage: 'dev', feedsMirror: false },
      { id: ids[1], stage: 'uat', feedsMirror: false },
      { id: ids[2], stage: 'prod', feedsMirror: true },
    ]);
    expect(kqlScope(two).registries.map(({ feedsMirror }) => feedsMirror)).toEqual([false, true, true]);
  });

  it('is the lists as they stand, the patterns of stages as expressions, and the naming if there is one', () => {
    const { naming: _, ...unnamed } = policy.posture;

    expect(kqlScope(policy)).toMatchObject({
      stages: ['dev', 'uat', 'prod'],
      patterns: [{ stage: 'dev', expression: '^dev[^/]*$' }],
      allowedRegions: ['westeurope', 'northeurope'],
      allowedSubscriptions: [],
      requiredTags: ['owner'],
      naming: '^[a-z0-9]{5,50}$',
    });
    expect(kqlScope({ ...policy, posture: unnamed })).not.toHaveProperty('naming');
  });
});
