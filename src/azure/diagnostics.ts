// Diagnostic settings of a registry, which Resource Graph does not hold, and whether what they send to exists.
import { z } from 'zod';
import type { DiagnosticSetting, Part } from '../posture/facts.ts';
import type { Arm } from './arm.ts';
import { parseAnswer } from './errors.ts';
import { mapped } from './parts.ts';
import { allRows, type ResourceGraph, type Row } from './resource-graph.ts';
import { defined, lower } from './row-schema.ts';

const sink = lower.nullish();
const log = z.object({
  category: z.string().nullish(),
  categoryGroup: z.string().nullish(),
  enabled: z.boolean(),
});
const settingItem = z.object({
  name: z.string(),
  properties: z.object({
    workspaceId: sink,
    storageAccountId: sink,
    eventHubAuthorizationRuleId: sink,
    marketplacePartnerId: sink,
    logs: z.array(log).nullish(),
    metrics: z.array(z.object({ enabled: z.boolean() })).nullish(),
  }),
});

type Sink = DiagnosticSetting['sinks'][number];

export async function readDiagnostics(arm: Arm, id: string): Promise<readonly DiagnosticSetting[]> {
  const path = `${id}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview`;
  return (await arm.list(path)).map((item) => {
    const { name, properties } = parseAnswer(settingItem, item, 'a diagnostic setting');
    const on = (properties.logs ?? []).filter((each) => each.enabled);
    return {
      name,
      categories: on.flatMap((each) => each.category || []),
      groups: on.flatMap((each) => each.categoryGroup || []),
      metrics: (properties.metrics ?? []).some((metric) => metric.enabled),
      sinks: sinksOf(properties),
    };
  });
}

function sinksOf(properties: z.output<typeof settingItem>['properties']): readonly Sink[] {
  const sinks: readonly (readonly [Sink['kind'], string | null | undefined])[] = [
    ['workspace', properties.workspaceId],
    ['storage', properties.storageAccountId],
    // An authorization rule is no resource of its own in Resource Graph: its namespace is what must exist.
    ['eventHub', properties.eventHubAuthorizationRuleId?.replace(/\/authorizationrules\/.*$/, '')],
    ['partner', properties.marketplacePartnerId],
  ];
  return sinks.flatMap(([kind, id]) => (id ? [{ kind, id }] : []));
}

/** Ids named in one query; a query may hold some 20,000 characters. */
const idsPerQuery = 60;

/**
 * Whether each sink exists. Resource Graph leaves out what its reader may not see, so a sink that is missing from a
 * resource group that is not seen either may well exist: it stays unknown.
 */
export async function lookUpSinks(
  graph: ResourceGraph,
  settings: readonly Part<readonly DiagnosticSetting[]>[],
): Promise<(part: Part<readonly DiagnosticSetting[]>) => Part<readonly DiagnosticSetting[]>> {
  const ids = [
    ...new Set(
      settings.flatMap((part) =>
        part.read ? part.value.flatMap((setting) => setting.sinks.map(({ id }) => id)) : [],
      ),
    ),
  ];
  const there = await existing(graph, 'resources', ids);
  const missing = ids.filter((id) => there && !there.has(id));
  const groups = await existing(graph, 'resourcecontainers', [...new Set(missing.map(groupOf))]);
  const isThere = (id: string): boolean | undefined => {
    if (!there) return undefined;
    return there.has(id) || (groups?.has(groupOf(id)) ? false : undefined);
  };
  const looked = (each: Sink): Sink => ({ ...each, ...defined({ exists: isThere(each.id) }) });
  return (part) =>
    mapped(part, (all) => all.map((setting) => ({ ...setting, sinks: setting.sinks.map(looked) })));
}

const groupOf = (id: string): string => id.split('/').slice(0, 5).join('/');

/** Those of the ids that Resource Graph shows; nothing where it did not answer. */
async function existing(
  graph: ResourceGraph,
  table: 'resources' | 'resourcecontainers',
  ids: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  const safe = ids.filter((id) => /^[\w/.()-]+$/.test(id));
  const found: Row[] = [];
  try {
    for (let i = 0; i < safe.length; i += idsPerQuery) {
      const names = safe.slice(i, i + idsPerQuery).map((id) => `'${id}'`);
      found.push(
        ...(await allRows(
          graph,
          `${table} | where id in~ (${names.join(', ')}) | project id | order by id asc`,
        )),
      );
    }
  } catch {
    return undefined;
  }
  return new Set(found.map((row) => String(row['id']).toLowerCase()));
}
