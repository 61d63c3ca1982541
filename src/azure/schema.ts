// Rows of Resource Graph as they come, and what the product makes of them. What does not fit is left out and counted:
// a malformed row costs that row, and its registry's rules answer unknown.
import { z } from 'zod';
import type { Alert, GroupMember, Replication } from '../posture/facts.ts';
import { normalRegion } from '../posture/regions.ts';
import type { Row } from './resource-graph.ts';
import { defined, lower, type Parsed, parseRows } from './row-schema.ts';

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
