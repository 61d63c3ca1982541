// Who may do what, resolved from the role definitions and assignments of the estate as Azure does: wildcards minus
// exclusions, inherited scopes, and the condition that narrows a role to some repositories.
import { isRow, type Row, type Tables } from './tables.ts';

export interface Rights {
  /** Whether a control-plane action is granted on the resource, directly or by an inherited scope. */
  can(objectId: string, action: string, resourceId: string): boolean;
  /** Whether a data action is granted on the repository (any repository where none is given). */
  canData(objectId: string, action: string, resourceId: string, repository?: string): boolean;
}

interface Grant {
  readonly principal: string;
  readonly scope: string;
  readonly role: string;
  readonly condition: string;
}

interface Role {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** `groupsOf` gives the object ids of the groups an identity is in. */
export function createRights(tables: Tables, groupsOf: (objectId: string) => readonly string[]): Rights {
  const rows = tables.get('authorizationresources') ?? [];
  const roles = new Map(rows.filter(isType('roledefinitions')).map(roleOf));
  const grants = Map.groupBy(rows.filter(isType('roleassignments')).map(grantOf), (grant) => grant.principal);
  const ancestors = managementGroupsOf(tables);
  const grantsOn = (objectId: string, resourceId: string): Grant[] => {
    const principals = [objectId, ...groupsOf(objectId)].map((id) => id.toLowerCase());
    const covers = scopeTest(resourceId, ancestors);
    return principals.flatMap((id) => grants.get(id) ?? []).filter((grant) => covers(grant.scope));
  };
  return {
    can: (objectId, action, resourceId) =>
      grantsOn(objectId, resourceId).some((grant) => {
        const role = roles.get(grant.role);
        return role !== undefined && matchesAny(role.actions, action) && !matchesAny(role.notActions, action);
      }),
    canData: (objectId, action, resourceId, repository) =>
      grantsOn(objectId, resourceId).some((grant) => {
        const role = roles.get(grant.role);
        return (
          role !== undefined &&
          matchesAny(role.dataActions, action) &&
          !matchesAny(role.notDataActions, action) &&
          isWithin(grant.condition, repository)
        );
      }),
  };
}

/** Whether an action pattern (`*`, `Microsoft.ContainerRegistry/registries/*`) covers the action, in any case. */
export function matchesAny(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${source}$`, 'i').test(action);
  });
}

/** The repository part of an ABAC condition: one of its name comparisons must hold; without one it narrows nothing. */
function isWithin(condition: string, repository: string | undefined): boolean {
  const clause = /repositories:name\]\s*String(StartsWith|Equals)(?:IgnoreCase)?\s*'([^']+)'/gi;
  const comparisons = [...condition.matchAll(clause)];
  if (comparisons.length === 0) return condition === '';
  if (repository === undefined) return false;
  return comparisons.some(([, kind = '', value = '']) =>
    kind.toLowerCase() === 'equals' ? repository === value : repository.startsWith(value),
  );
}

function scopeTest(
  resourceId: string,
  ancestors: ReadonlyMap<string, readonly string[]>,
): (scope: string) => boolean {
  const id = resourceId.toLowerCase();
  const subscription = /^\/subscriptions\/([^/]+)/.exec(id)?.[1] ?? '';
  const groups = new Set(ancestors.get(subscription) ?? []);
  return (scope) => {
    const group = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/.exec(scope)?.[1];
    if (group !== undefined) return groups.has(group);
    return scope === '/' || id === scope || id.startsWith(`${scope.replace(/\/$/, '')}/`);
  };
}

function managementGroupsOf(tables: Tables): ReadonlyMap<string, readonly string[]> {
  const rows = (tables.get('resourcecontainers') ?? []).filter(
    (row) => String(row['type']).toLowerCase() === 'microsoft.resources/subscriptions',
  );
  return new Map(
    rows.map((row) => {
      const chain = asRecord(row['properties'])['managementGroupAncestorsChain'];
      const names = Array.isArray(chain) ? chain.map((item) => lower(asRecord(item)['name'])) : [];
      return [lower(row['subscriptionId']), names];
    }),
  );
}

const isType = (kind: string) => (row: Row) => lower(row['type']) === `microsoft.authorization/${kind}`;

function roleOf(row: Row): [string, Role] {
  const permissions = asRecord(row['properties'])['permissions'];
  const first = asRecord(Array.isArray(permissions) ? permissions[0] : undefined);
  const role = {
    actions: strings(first['actions']),
    notActions: strings(first['notActions']),
    dataActions: strings(first['dataActions']),
    notDataActions: strings(first['notDataActions']),
  };
  return [lastPart(row['id']), role];
}

function grantOf(row: Row): Grant {
  const properties = asRecord(row['properties']);
  return {
    principal: lower(properties['principalId']),
    scope: lower(properties['scope']),
    role: lastPart(properties['roleDefinitionId']),
    condition: typeof properties['condition'] === 'string' ? properties['condition'] : '',
  };
}

const lower = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');
const lastPart = (value: unknown): string => lower(value).split('/').at(-1) ?? '';
const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

function asRecord(value: unknown): Row {
  return isRow(value) ? value : {};
}
