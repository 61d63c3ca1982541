// Who changed which setting of a registry, from Resource Graph's table of changes. It keeps two weeks.
import { z } from 'zod';
import type { SettingChange } from '../ports.ts';
import { allRows, type ResourceGraph } from './resource-graph.ts';

const value = z.unknown().transform((each) => (typeof each === 'string' ? each : JSON.stringify(each ?? '')));
const row = z.object({
  properties: z.object({
    targetResourceId: z.string().transform((id) => id.toLowerCase()),
    changeAttributes: z.object({
      timestamp: z.string().transform((text) => Date.parse(text)),
      changedBy: z.string().default('unknown'),
      changedByType: z.string().default('unknown'),
    }),
    changes: z.record(z.string(), z.object({ previousValue: value, newValue: value })).default({}),
  }),
});

/** Newest first; a malformed row is left out. `since` in milliseconds. */
export async function readChanges(graph: ResourceGraph, since: number): Promise<readonly SettingChange[]> {
  const rows = await allRows(
    graph,
    `resourcechanges | extend target = tostring(properties.targetResourceType), at = todatetime(properties.changeAttributes.timestamp)` +
      ` | where target =~ 'microsoft.containerregistry/registries' and at > datetime(${new Date(since).toISOString()})` +
      ' | project id, properties | order by id asc',
  );
  return rows
    .flatMap((raw) => {
      const parsed = row.safeParse(raw);
      return parsed.success && Number.isFinite(parsed.data.properties.changeAttributes.timestamp)
        ? [parsed.data.properties]
        : [];
    })
    .map(({ targetResourceId, changeAttributes, changes }) => ({
      registry: targetResourceId,
      at: changeAttributes.timestamp,
      by: changeAttributes.changedBy,
      byType: changeAttributes.changedByType,
      settings: Object.entries(changes).map(([path, change]) => ({
        path,
        before: change.previousValue,
        after: change.newValue,
      })),
    }))
    .sort((a, b) => b.at - a.at);
}
