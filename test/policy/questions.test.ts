// The questions that decide who and where: each answer, and what is next to it.
import { describe, expect, it } from 'vitest';
import { closestName } from '../../src/policy/closest.ts';
import {
  edgeBetween,
  entraGroupsOf,
  groupsOf,
  isTagAllowed,
  personOf,
  registriesOfStage,
  requesterGroups,
} from '../../src/policy/lookup.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { policyOf } from './fixture.ts';

const policy = policyOf();

describe('who', () => {
  it('is a person of the terminal by the key alone, and of Teams in any case of either id', () => {
    const entra = { tenant: 'AB', objectId: 'CD' };
    const odd: Policy = { ...policy, people: { nobody: {}, odd: { entra } } };

    expect(personOf(policy, { channel: 'terminal', tenant: 'local', user: 'rui' })).toBe('rui');
    expect(personOf(odd, { channel: 'teams', tenant: 'ab', user: 'cd' })).toBe('odd');
    expect(personOf(odd, { channel: 'slack', tenant: 'T', user: 'U' })).toBeUndefined();
    expect(personOf(odd, { channel: 'terminal', tenant: 'ab', user: 'cd' })).toBeUndefined();
  });

  it('is in the groups of Entra that were looked up for this person, and for no other', () => {
    const asked: Policy = { ...policy, member: { person: 'dana', groups: ['security'] } };

    expect(groupsOf(asked, 'dana')).toEqual(['shop-team', 'security']);
    expect(groupsOf(asked, 'rui')).toEqual(groupsOf(policy, 'rui'));
  });

  it('Entra knows is asked by the id in small letters', () => {
    const groups = { ours: { members: [] }, theirs: { members: [], entraGroup: 'ABC' } };

    expect(entraGroupsOf({ ...policy, groups })).toEqual([{ name: 'theirs', id: 'abc' }]);
  });

  it('may ask is who the edge names, beside the owners', () => {
    const edge = { ...policy.edges[1]!, requesters: ['release', 'owners'] };

    expect(requesterGroups(policy, edge, 'shop/web')).toEqual(['release', 'shop-team']);
  });
});

describe('where', () => {
  it('is every registry of a stage and no other, and the edge between just these two', () => {
    expect(registriesOfStage(policy, 'uat').map(([key]) => key)).toEqual(['uat']);
    expect(registriesOfStage(policy, 'moon')).toEqual([]);
    expect(edgeBetween(policy, 'uat', 'prod')?.name).toBe('to-prod');
    expect(edgeBetween(policy, 'dev', 'uat')?.name).toBe('to-uat');
    expect(edgeBetween(policy, 'dev', 'prod')).toBeUndefined();
  });
});

describe('which tag', () => {
  const only = (allow: string[], deny: string[]): Policy => ({
    ...policy,
    repositories: [{ match: 'a', owners: [], tags: { allow, deny } }],
  });

  it('is any of a repository without a rule, or without patterns', () => {
    expect(isTagAllowed(policy, 'nobody/knows', 'latest')).toBe(true);
    expect(isTagAllowed(only([], []), 'a', 'x')).toBe(true);
  });

  it('is one that some pattern allows and none denies', () => {
    const rules = only(['v*', 'x*'], ['*rc', '*beta']);

    expect(['v1', 'x1', 'y1', 'v1rc', 'x1beta'].map((tag) => isTagAllowed(rules, 'a', tag))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('the nearest name', () => {
  it.each([
    ['prod', ['prods', 'prod'], 'prod'],
    ['prdo', ['uat', 'prod'], 'prod'],
    ['', ['ab'], 'ab'],
    ['', ['abc'], undefined],
    ['abcdefghi', ['abcdefxyz'], 'abcdefxyz'],
    ['abcdefghi', ['abcdewxyz'], undefined],
    ['abc', ['bc', 'abd'], 'bc'],
    ['od', ['prod'], 'prod'],
    ['pr', ['prod'], 'prod'],
    ['prodxx', ['prod'], 'prod'],
    ['bbbb', ['b'], undefined],
    ['x'.repeat(200), ['x'.repeat(199)], 'x'.repeat(199)],
    ['x'.repeat(201), ['x'.repeat(200)], undefined],
  ])('of %s among %j is %s', (name, known, nearest) => {
    expect(closestName(name, known)).toBe(nearest);
  });
});
