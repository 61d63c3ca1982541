import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestName } from '../../src/policy/closest.ts';
import { matchesGlob } from '../../src/policy/glob.ts';
import {
  hasRight,
  isTagAllowed,
  personOf,
  personOfAddress,
  requesterGroups,
} from '../../src/policy/lookup.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { policyOf } from './fixture.ts';

const policy = policyOf();

describe('an address of mail', () => {
  const people = { dana: { email: 'dana@contoso.com' }, paul: {}, eve: { email: 'eve@evil.com' } };
  const identity = { email: { domains: ['contoso.com'], teams: ['T01'] }, linking: false };
  const taking = { ...policy, people, identity };

  it('is the one person of it, in any case, in a domain that the policy takes', () => {
    expect(personOfAddress(taking, 'T01', 'Dana@Contoso.com')).toBe('dana');
    expect(personOfAddress(taking, 'T02', 'dana@contoso.com')).toBeUndefined();
    for (const other of [
      'eve@evil.com',
      'paul@contoso.com',
      'dana@sub.contoso.com',
      'dana@contoso.com.evil.com',
      'contoso.com',
      '',
    ])
      expect(personOfAddress(taking, 'T01', other)).toBeUndefined();
  });

  it('is nobody where two have it, or addresses are off', () => {
    const two = { ...people, paul: { email: 'dana@contoso.com' } };

    expect(personOfAddress({ ...taking, people: two }, 'T01', 'dana@contoso.com')).toBeUndefined();
    expect(
      personOfAddress({ ...taking, identity: { ...identity, email: 'off' } }, 'T01', 'dana@contoso.com'),
    ).toBeUndefined();
  });
});

describe('an account', () => {
  it('belongs to its person in both chats; Entra ids in any case, Slack ids as they are', () => {
    const tenant = '72F988BF-0000-4000-8000-5A11D0C0FFEE';

    expect(personOf(policy, { channel: 'slack', tenant: 'T01CONTOSO', user: 'U01RUI' })).toBe('rui');
    expect(personOf(policy, { channel: 'teams', tenant, user: '0B1EC700-0000-4000-8000-000000000002' })).toBe(
      'rui',
    );
    expect(personOf(policy, { channel: 'slack', tenant: 'T01CONTOSO', user: 'u01rui' })).toBeUndefined();
  });

  it('belongs to nobody in another team, another tenant or another channel', () => {
    expect(personOf(policy, { channel: 'slack', tenant: 'T02OTHER', user: 'U01RUI' })).toBeUndefined();
    expect(personOf(policy, { channel: 'teams', tenant: 'T01CONTOSO', user: 'U01RUI' })).toBeUndefined();
    expect(personOf(policy, { channel: 'terminal', tenant: 'local', user: '' })).toBeUndefined();
  });

  it('belongs to nobody when two people have it', () => {
    const rui = policy.people['rui']!;
    const twins: Policy = { ...policy, people: { ...policy.people, twin: rui } };

    expect(personOf(twins, { channel: 'slack', tenant: 'T01CONTOSO', user: 'U01RUI' })).toBeUndefined();
  });
});

describe('an account that is linked', () => {
  const account = { channel: 'teams', tenant: 'T', user: 'X' } as const;
  const linked: Policy = { ...policy, linked: { account, person: 'rui' } };

  it('belongs to its person, in any case of its id, and no other account does', () => {
    expect(personOf(linked, { ...account, user: 'x' })).toBe('rui');
    expect(personOf(linked, { ...account, user: 'y' })).toBeUndefined();
    expect(personOf(linked, { ...account, channel: 'slack' })).toBeUndefined();
  });

  it('belongs to nobody when its person is not in the policy', () => {
    const { rui: _, ...people } = policy.people;

    expect(personOf({ ...linked, people }, account)).toBeUndefined();
  });

  it('belongs to whom the policy names it for, and to nobody where that is two', () => {
    const of = (...names: readonly string[]): Policy => {
      const entra = { tenant: account.tenant, objectId: account.user };
      return {
        ...linked,
        people: { ...policy.people, ...Object.fromEntries(names.map((name) => [name, { entra }])) },
      };
    };

    expect(personOf(of('eve'), account)).toBe('eve');
    expect(personOf(of('eve', 'mallory'), account)).toBeUndefined();
  });
});

describe('rights', () => {
  it('belong to the groups that the policy names, and to nobody where it names none', () => {
    expect(hasRight(policy, 'paul', 'admin')).toBe(true);
    expect(hasRight(policy, 'rui', 'admin')).toBe(false);
    expect(hasRight({ ...policy, rights: {} }, 'paul', 'admin')).toBe(false);
  });

  it('to ask go to the owners of the repository, and to nobody for one that nobody owns', () => {
    const edge = policy.edges[1]!;

    expect(requesterGroups(policy, edge, 'shop/web')).toEqual(['shop-team']);
    expect(requesterGroups(policy, edge, 'other/web')).toEqual([]);
  });

  it('of tags: a deny wins, and what no pattern allows is not allowed', () => {
    expect(isTagAllowed(policy, 'shop/web', 'v1.2.3')).toBe(true);
    expect(isTagAllowed(policy, 'shop/web', 'latest')).toBe(false);
    expect(isTagAllowed(policy, 'shop/web', 'main')).toBe(false);
  });
});

describe('patterns', () => {
  it.each([
    ['shop/**', 'shop/web', true],
    ['shop/**', 'shop/a/b', true],
    ['shop/**', 'shopping/web', false],
    ['shop/*', 'shop/a/b', false],
    ['v*.*.*', 'v1.2.3', true],
    ['v*.*.*', 'v1x2x3', false],
    ['*', 'a/b', false],
    ['a.c', 'abc', false],
    ['a+(b)', 'a+(b)', true],
  ])('%s against %s is %s', (pattern, text, matches) => {
    expect(matchesGlob(pattern, text)).toBe(matches);
  });

  it('without a star match themselves and nothing else, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, text) => {
        fc.pre(!pattern.includes('*'));
        expect(matchesGlob(pattern, text)).toBe(pattern === text);
      }),
    );
  });
});

describe('the closest name', () => {
  it('is at most two edits away, or a third of the name', () => {
    expect(closestName('prd', ['uat', 'prod'])).toBe('prod');
    expect(closestName('moon', ['uat', 'prod'])).toBeUndefined();
  });

  it('is not looked for where the name is absurdly long', () => {
    expect(closestName('x'.repeat(1_000_000), ['x'.repeat(999_999)])).toBeUndefined();
  });
});
