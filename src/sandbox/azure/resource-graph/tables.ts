// The tables as a query sees them: names without case, the columns every table has, type and location in lower case,
// and only the rows inside the request's scope.
import type { RequestScope } from './request.ts';
import type { Row, Schema, Type } from './language/types.ts';

export type Tables = ReadonlyMap<string, readonly Row[]>;

const texts = [
  'id',
  'name',
  'type',
  'tenantId',
  'kind',
  'location',
  'resourceGroup',
  'subscriptionId',
  'managedBy',
];
const dynamics = ['sku', 'plan', 'properties', 'tags', 'identity', 'zones', 'extendedLocation'];
const standard: readonly (readonly [string, Type])[] = [
  ...texts.map((name) => [name, 'string'] as const),
  ...dynamics.map((name) => [name, 'dynamic'] as const),
];

// Resource Graph knows these even where nothing is in them.
const known = new Set(
  'advisorresources alertsmanagementresources appserviceresources authorizationresources computeresources dnsresources healthresources healthresourcechanges insightsresources iotsecurityresources kubernetesconfigurationresources maintenanceresources networkresources patchassessmentresources policyresources resourcechanges resourcecontainerchanges resourcecontainers resources securityresources servicehealthresources'.split(
    ' ',
  ),
);

/** The columns of a table: the standard ones and whatever its rows carry; undefined for an unknown table. */
export function tableSchema(tables: Tables, name: string): Schema | undefined {
  const rows = tables.get(name);
  if (!rows && !known.has(name)) return undefined;
  const schema = new Map<string, Type>(standard);
  for (const row of rows ?? []) for (const key in row) if (!schema.has(key)) schema.set(key, 'any');
  return schema;
}

/** The rows of a table that the scope lets through, `type` and `location` in lower case as Resource Graph keeps them. */
export function scopedRows(tables: Tables, name: string, scope: RequestScope): readonly Row[] {
  const inScope = subscriptionFilter(tables, scope);
  const isVisible = name === 'authorizationresources' ? authorizationFilter(scope) : () => true;
  const found: Row[] = [];
  for (const row of tables.get(name) ?? []) if (inScope(row) && isVisible(row)) found.push(lowered(row));
  return found;
}

function lowered(row: Row): Row {
  const [type, location] = [row['type'], row['location']];
  const isLower = (value: unknown): boolean => typeof value !== 'string' || value === value.toLowerCase();
  if (isLower(type) && isLower(location)) return row;
  return { ...row, ...lowerText('type', type), ...lowerText('location', location) };
}

function lowerText(key: string, value: unknown): object {
  return typeof value === 'string' ? { [key]: value.toLowerCase() } : {};
}

type Filter = (row: Row) => boolean;

/** Rows without a subscription belong to the tenant and stay. */
function subscriptionFilter(tables: Tables, scope: RequestScope): Filter {
  const allowed = scope.subscriptions ?? subscriptionsUnder(tables, scope.managementGroups);
  if (!allowed) return () => true;
  const lower = new Set(allowed.map((id) => id.toLowerCase()));
  return (row) => {
    const id = row['subscriptionId'];
    return typeof id !== 'string' || id === '' || lower.has(id.toLowerCase());
  };
}

/** The subscriptions below management groups, from the chain each subscription row of resourcecontainers carries. */
function subscriptionsUnder(
  tables: Tables,
  groups: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!groups) return undefined;
  const wanted = new Set(groups.map((name) => name.toLowerCase()));
  const containers = tables.get('resourcecontainers') ?? [];
  const below = containers.filter((row) => ancestorsOf(row).some((name) => wanted.has(name)));
  return below.map((row) => row['subscriptionId']).filter((id) => typeof id === 'string');
}

function ancestorsOf(row: Row): readonly string[] {
  const properties = row['properties'] as
    | { managementGroupAncestorsChain?: readonly { name?: string }[] }
    | undefined;
  return (properties?.managementGroupAncestorsChain ?? []).map((one) => (one.name ?? '').toLowerCase());
}

const levels = {
  AtScopeAndBelow: ['at', 'below'],
  AtScopeAndAbove: ['at', 'above'],
  AtScopeExact: ['at'],
  AtScopeAboveAndBelow: ['at', 'above', 'below'],
};

/** Role assignments by where their scope lies: above a subscription, at it, or below it. Rows without a scope stay. */
function authorizationFilter(scope: RequestScope): Filter {
  const allowed: readonly string[] = levels[scope.authorizationScopeFilter];
  return (row) => {
    const properties = row['properties'] as { scope?: unknown } | null | undefined;
    const at = properties?.scope;
    return typeof at !== 'string' || allowed.includes(levelOf(at));
  };
}

function levelOf(scope: string): 'at' | 'above' | 'below' {
  const parts = scope.toLowerCase().split('/').filter(Boolean);
  if (parts[0] !== 'subscriptions') return 'above';
  return parts.length <= 2 ? 'at' : 'below';
}
