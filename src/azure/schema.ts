// Rows of Resource Graph as they come, and what the product makes of them. What does not fit is left out and counted:
// a malformed row costs that row, and its registry's rules answer unknown.
import { z } from 'zod';
import type { Alert, GroupMember, RegistryFacts, Replication } from '../posture/facts.ts';
import { normalRegion } from '../posture/regions.ts';
import type { Row } from './resource-graph.ts';

const status = z.object({
  status: z.string(),
  days: z.number().optional(),
  retentionDays: z.number().optional(),
});
const lower = z.string().transform((text) => text.toLowerCase());
/** A part of `properties` of an unexpected shape is as good as absent; absent is unknown. */
const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const registryRow = z.object({
  id: lower,
  name: z.string(),
  location: z.string(),
  resourceGroup: z.string(),
  subscriptionId: z.string(),
  tags: z.record(z.string(), z.string()).nullish().catch({}),
  sku: lenient(z.object({ name: z.string() })),
  properties: z.object({
    loginServer: lenient(z.string()),
    adminUserEnabled: lenient(z.boolean()),
    anonymousPullEnabled: lenient(z.boolean()),
    zoneRedundancy: lenient(z.string()),
    publicNetworkAccess: lenient(z.string()),
    policies: lenient(
      z.object({
        retentionPolicy: lenient(status),
        softDeletePolicy: lenient(status),
        exportPolicy: lenient(status),
      }),
    ),
    privateEndpointConnections: lenient(
      z.array(
        z.object({
          id: lower,
          properties: z.object({ privateLinkServiceConnectionState: z.object({ status: z.string() }) }),
        }),
      ),
    ),
  }),
});

const replicationRow = z.object({
  id: lower,
  name: z.string(),
  location: z.string(),
  properties: z.object({ provisioningState: z.string(), regionEndpointEnabled: z.boolean().optional() }),
});

const memberRow = z.object({
  id: lower,
  name: z.string(),
  type: lower,
  resourceGroup: lower,
  subscriptionId: lower,
});

const actions = z.union([
  z.array(z.unknown()),
  z.object({ actionGroups: z.array(z.unknown()) }).transform((a) => a.actionGroups),
]);
const alertRow = z.object({
  id: lower,
  name: z.string(),
  type: lower,
  properties: z.object({
    enabled: z.boolean(),
    scopes: z.array(lower),
    actions: actions.optional(),
    criteria: z.unknown().optional(),
    condition: z.unknown().optional(),
  }),
});

/** What could be read, and how many rows could not. */
export interface Parsed<T> {
  readonly values: readonly T[];
  readonly malformed: number;
}

function parseRows<S extends z.ZodType, T>(
  rows: readonly Row[],
  schema: S,
  make: (row: z.output<S>) => T,
): Parsed<T> {
  const values: T[] = [];
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (parsed.success) values.push(make(parsed.data));
  }
  return { values, malformed: rows.length - values.length };
}

type Base = Omit<RegistryFacts, 'replications' | 'group' | 'alerts'>;

export const parseRegistries = (rows: readonly Row[], asOf: number): Parsed<Base> =>
  parseRows(rows, registryRow, (row): Base => {
    const { policies, privateEndpointConnections, ...rest } = row.properties;
    const { retentionPolicy: retention, softDeletePolicy: soft, exportPolicy } = policies ?? {};
    return {
      id: row.id,
      name: row.name,
      subscription: row.subscriptionId,
      resourceGroup: row.resourceGroup,
      location: normalRegion(row.location),
      tags: row.tags ?? {},
      stageSource: 'none',
      asOf,
      ...defined({
        ...rest,
        sku: row.sku?.name,
        exportPolicy: exportPolicy?.status,
        retention: retention && { status: retention.status, ...defined({ days: retention.days }) },
        softDelete: soft && { status: soft.status, ...defined({ days: soft.retentionDays }) },
        privateEndpoints: privateEndpointConnections?.map((connection) => ({
          id: connection.id,
          status: connection.properties.privateLinkServiceConnectionState.status,
        })),
      }),
    };
  });

/** Replicas by the id of their registry. */
export const parseReplications = (
  rows: readonly Row[],
): Parsed<Replication & { readonly registry: string }> =>
  parseRows(rows, replicationRow, (row) => ({
    registry: row.id.split('/replications/')[0] ?? '',
    name: row.name,
    location: normalRegion(row.location),
    provisioningState: row.properties.provisioningState,
    ...defined({ regionEndpointEnabled: row.properties.regionEndpointEnabled }),
  }));

/** Resources with the key of their group, `subscription/group`. */
export const parseMembers = (rows: readonly Row[]): Parsed<GroupMember & { readonly group: string }> =>
  parseRows(rows, memberRow, (row) => ({
    id: row.id,
    name: row.name,
    type: row.type,
    group: `${row.subscriptionId}/${row.resourceGroup}`,
  }));

const kinds: Readonly<Record<string, Alert['kind']>> = {
  'microsoft.insights/metricalerts': 'metric',
  'microsoft.insights/activitylogalerts': 'activityLog',
  'microsoft.insights/scheduledqueryrules': 'logQuery',
};

export const parseAlerts = (rows: readonly Row[]): Parsed<Alert> =>
  parseRows(
    rows,
    alertRow,
    (row): Alert => ({
      id: row.id,
      name: row.name,
      kind: kinds[row.type] ?? 'metric',
      enabled: row.properties.enabled,
      hasActionGroup: (row.properties.actions?.length ?? 0) > 0,
      scopes: row.properties.scopes.map((scope) => scope.replace(/\/+$/, '')),
      watches: watched(row.properties.criteria ?? row.properties.condition),
    }),
  );

/** Metric names and operation names anywhere in a condition, lower-cased: the shapes differ by alert kind and version. */
function watched(condition: unknown): readonly string[] {
  const found: string[] = [];
  const walk = (value: unknown, key: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, key);
    else if (value !== null && typeof value === 'object')
      for (const [name, item] of Object.entries(value)) walk(item, name);
    else if (typeof value === 'string' && ['metricName', 'equals', 'metricMeasureColumn'].includes(key))
      found.push(value.toLowerCase());
  };
  walk(condition, '');
  return found;
}

/** Without the keys whose value is undefined. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
