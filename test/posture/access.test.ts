import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdersOf, reaches, strangers } from '../../src/posture/access.ts';
import { coversAction, permits } from '../../src/posture/action-pattern.ts';
import type { Grant, RegistryFacts } from '../../src/posture/facts.ts';
import { isNarrowed } from '../../src/posture/powers.ts';
import { grant, leaving, outcomeOf, prod, read, type roles } from './sample-estate.ts';

const registries = 'Microsoft.ContainerRegistry/registries';
const legacy = { settings: { roleAssignmentMode: 'LegacyRegistryPermissions' } };
const abac = { settings: { roleAssignmentMode: 'AbacRepositoryPermissions' } };
const unsaid = leaving(prod, 'settings');

const of = (one: Grant, change: Partial<RegistryFacts> = legacy) => {
  const [holder] = holdersOf({ ...unsaid, ...change, grants: read([one]) }) ?? [];
  return holder && { writes: holder.writes, reads: holder.reads };
};
const held = (role: keyof typeof roles, change?: Partial<RegistryFacts>, more: Partial<Grant> = {}) =>
  of(grant('p', role, prod.id, more), change);
const acting = (action: string, change?: Partial<RegistryFacts>) =>
  of(grant('p', 'AcrPull', prod.id, { actions: [`${registries}/${action}`] }), change);

describe('what a role permits', () => {
  it('in the legacy mode: Reader pulls, AcrPush pushes, Owner and Contributor do all', () => {
    expect(held('Reader')).toEqual({ writes: false, reads: true });
    expect(held('AcrPull')).toEqual({ writes: false, reads: true });
    expect(held('AcrPush')).toEqual({ writes: true, reads: true });
    expect(held('Owner')).toEqual({ writes: true, reads: true });
    expect(held('Contributor')).toEqual({ writes: true, reads: true });
  });

  it('in the ABAC mode the old roles reach no repository, but whoever changes the registry still can', () => {
    expect(held('Reader', abac)).toEqual({ writes: false, reads: false });
    expect(held('AcrPull', abac)).toEqual({ writes: false, reads: false });
    expect(held('AcrPush', abac)).toEqual({ writes: false, reads: false });
    expect(held('Contributor', abac)).toEqual({ writes: true, reads: true });
    expect(held('RepositoryWriter', abac)).toEqual({ writes: true, reads: true });
    expect(held('RepositoryReader', abac)).toEqual({ writes: false, reads: true });
  });

  it('in a mode that was not read, what depends on it is unknown', () => {
    expect(held('AcrPush', {})).toEqual({ writes: undefined, reads: undefined });
    expect(held('AcrPull', {})).toEqual({ writes: false, reads: undefined });
    expect(held('Owner', {})).toEqual({ writes: true, reads: true });
  });

  it.each(['write', 'importImage/action', 'scheduleRun/action', 'tasks/write', 'importPipelines/write'])(
    'registries/%s is a way to write',
    (action) => {
      expect(acting(action, abac)).toEqual({ writes: true, reads: true });
    },
  );

  it('listing the credentials is one while the admin user is on', () => {
    const list = 'listCredentials/action';

    expect(acting(list, { ...abac, adminUserEnabled: true })?.writes).toBe(true);
    expect(acting(list, { ...abac, adminUserEnabled: false })?.writes).toBe(false);
    const silent = leaving(unsaid, 'adminUserEnabled');
    expect(
      holdersOf({
        ...silent,
        ...abac,
        grants: read([grant('p', 'AcrPull', prod.id, { actions: [`${registries}/${list}`] })]),
      })?.[0]?.writes,
    ).toBeUndefined();
  });

  it('tokens need both halves, which may come from two assignments', () => {
    const half = (action: string) => grant('p', 'AcrPull', prod.id, { actions: [`${registries}/${action}`] });
    const [tokens, passwords] = [half('tokens/write'), half('generateCredentials/action')];
    const writes = (...grants: readonly Grant[]) =>
      holdersOf({ ...unsaid, ...abac, grants: read(grants) })?.[0]?.writes;

    expect([writes(tokens), writes(passwords), writes(tokens, passwords)]).toEqual([false, false, true]);
  });

  it('giving oneself a role is a way to write', () => {
    const admin = grant('p', 'Reader', '/', { actions: ['Microsoft.Authorization/roleAssignments/*'] });

    expect(of(admin, abac)).toEqual({ writes: true, reads: true });
    expect(of({ ...admin, notActions: ['Microsoft.Authorization/*/Write'] }, abac)?.writes).toBe(false);
  });
});

describe('conditions', () => {
  const only = (action: string) =>
    `((!(ActionMatches{'${registries}/${action}'})) OR (@Request[${registries}/repositories:name] StringStartsWith 'base/'))`;

  it('make unknown what they narrow, and nothing else', () => {
    const condition = only('repositories/content/write');

    expect(held('RepositoryWriter', abac, { condition })).toEqual({ writes: undefined, reads: true });
  });

  it('of another form make everything unknown', () => {
    expect(held('RepositoryWriter', abac, { condition: "@Resource[x] StringEquals 'y'" })).toEqual({
      writes: undefined,
      reads: undefined,
    });
    expect(isNarrowed(`ActionMatches{'${registries}/pull/read'}`, 'anything')).toBe(true);
  });
});

describe('scopes', () => {
  it('above count, beside do not, in any case', () => {
    const group = prod.id.split('/providers/')[0]!;

    expect(reaches('/', prod.id)).toBe(true);
    expect(reaches('/providers/Microsoft.Management/managementGroups/contoso', prod.id)).toBe(true);
    expect(reaches(group.toUpperCase(), prod.id)).toBe(true);
    expect(reaches(prod.id, prod.id)).toBe(true);
    expect(reaches(`${group}2`, prod.id)).toBe(false);
    expect(reaches(group.slice(0, -1), prod.id)).toBe(false);
    expect(reaches(`${prod.id}/tokens/x`, prod.id)).toBe(false);
  });

  it('beside give no access', () => {
    expect(holdersOf({ ...prod, grants: read([grant('p', 'Owner', `${prod.id}2`)]) })).toEqual([]);
  });
});

describe('strangers', () => {
  const holders = (...grants: readonly Grant[]) =>
    holdersOf({ ...unsaid, ...legacy, grants: read(grants) }) ?? [];
  const found = (all: ReturnType<typeof holders>, unresolved: number) => {
    const { sure, possible } = strangers(all, (holder) => holder.writes, ['known'], unresolved);
    return [sure.map((each) => each.principal), possible.map((each) => each.principal)];
  };
  const service = (name: string) => grant(name, 'AcrPush', prod.id);
  const user = grant('user', 'AcrPush', prod.id, { principalType: 'User' });
  const group = grant('group', 'AcrPush', prod.id, { principalType: 'Group' });

  it('are who is not expected; groups may be anybody', () => {
    expect(found(holders(service('known'), service('a'), user, group), 0)).toEqual([
      ['user', 'a'],
      ['group'],
    ]);
  });

  it('may be an identity that was not resolved, unless there are more of them than that', () => {
    expect(found(holders(service('a')), 1)).toEqual([[], ['a']]);
    expect(found(holders(service('a'), service('b')), 1)[0]).toEqual(['a', 'b']);
    expect(found(holders(user), 1)).toEqual([['user'], []]);
    expect(found(holders(service('a'), service('b')), Infinity)[0]).toEqual([]);
  });

  it('that are a group which the policy names are none', () => {
    const named = { ...group, principal: 'known' };

    expect(found(holders(named), 0)).toEqual([[], []]);
  });
});

describe('properties', () => {
  const word = fc.constantFrom(
    'registries',
    'push',
    'pull',
    'write',
    'read',
    'tasks',
    'repositories',
    'content',
  );
  const action = fc
    .array(word, { minLength: 1, maxLength: 5 })
    .map((parts) => `microsoft.containerregistry/${parts.join('/')}`);
  const pattern = fc
    .array(fc.oneof(word, fc.constant('*')), { minLength: 1, maxLength: 5 })
    .map((parts) => `Microsoft.ContainerRegistry/${parts.join('/')}`);
  const role = fc.record({
    actions: fc.array(fc.oneof(pattern, action, fc.constant('*')), { maxLength: 3 }),
    notActions: fc.array(fc.oneof(pattern, action), { maxLength: 2 }),
    dataActions: fc.array(fc.oneof(pattern, action), { maxLength: 2 }),
  });
  const grants = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), role).map(([who, what]) => grant(who, 'AcrPull', prod.id, what)),
    { maxLength: 5 },
  );
  const mode = fc.constantFrom<Partial<RegistryFacts>>(legacy, abac, {});

  it('a wildcard matches as the regular expression it stands for', () => {
    fc.assert(
      fc.property(pattern, action, (wild, name) => {
        const expression = new RegExp(`^${wild.toLowerCase().replaceAll('.', '\\.').replaceAll('*', '.*')}$`);

        expect(coversAction(wild, name)).toBe(expression.test(name));
      }),
    );
  });

  it('what is taken out is never permitted', () => {
    fc.assert(
      fc.property(fc.array(pattern), action, (actions, name) => {
        expect(permits([...actions, '*'], [name], name)).toBe(false);
      }),
    );
  });

  it('one more assignment never takes access away, and one more exclusion never gives it', () => {
    const rank = { false: 0, undefined: 1, true: 2 };
    const writes = (list: readonly Grant[], change: Partial<RegistryFacts>) =>
      rank[
        `${holdersOf({ ...unsaid, ...change, grants: read(list) })?.find((h) => h.principal === 'a')?.writes ?? false}`
      ];
    fc.assert(
      fc.property(grants, grants, pattern, mode, (some, more, not, change) => {
        expect(writes([...some, ...more], change)).toBeGreaterThanOrEqual(writes(some, change));
        const narrower = some.map((each) => ({ ...each, notActions: [...each.notActions, not] }));
        expect(writes(narrower, change)).toBeLessThanOrEqual(writes(some, change));
      }),
    );
  });

  it('who writes also reads', () => {
    fc.assert(
      fc.property(grants, mode, (list, change) => {
        for (const holder of holdersOf({ ...unsaid, ...change, grants: read(list) }) ?? [])
          if (holder.writes === true) expect(holder.reads).toBe(true);
      }),
    );
  });

  it('TEN-01 passes only when every sure or possible writer is expected', () => {
    fc.assert(
      fc.property(grants, mode, fc.subarray(['a', 'b', 'c']), (list, change, writers) => {
        const facts = { ...change, grants: read(list) };
        const can = (holdersOf({ ...unsaid, ...facts }) ?? []).filter((holder) => holder.writes !== false);
        const all = can.every((holder) => writers.includes(holder.principal));

        expect(outcomeOf('TEN-01', unsaid, { facts, registry: { writers } }) === 'pass').toBe(all);
      }),
    );
  });
});
