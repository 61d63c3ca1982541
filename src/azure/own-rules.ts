// Runs the organisation's own rules: one query each, beside the built-in tables. Rows are failing registries or parts of
// one; a query that fails, or returns what belongs to no registry, leaves its rule unknown everywhere.
import type { Part, RegistryFacts, Scan } from '../posture/facts.ts';
import type { OwnRuleDefinition } from '../posture/own-rule.ts';
import { part, read, unread } from './parts.ts';
import { allRows, type ResourceGraph, type Row } from './resource-graph.ts';

/** Rows by registry id, lower-cased, of one rule. */
type Failing = Part<ReadonlyMap<string, readonly string[]>>;

const registryPart =
  /^(\/subscriptions\/.+?\/providers\/microsoft\.containerregistry\/registries\/[^/]+)(\/|$)/;
const none: Part<readonly string[]> = read([]);

/** The scan with what each rule's query returned, in the facts of each registry. Never throws. */
export async function withOwnRules(
  scan: Scan,
  definitions: readonly OwnRuleDefinition[],
  graph: ResourceGraph,
): Promise<Scan> {
  if (definitions.length === 0) return scan;
  const results = await Promise.all(
    definitions.map(
      async ({ id, query }) => [id, byRegistry(await part(allRows(graph, ordered(query))))] as const,
    ),
  );
  const gaps = results.flatMap(([id, failing]) => (failing.read ? [] : [`${id}: ${failing.reason}`]));
  const registries = scan.registries.map(
    (facts): RegistryFacts => ({
      ...facts,
      ownRules: Object.fromEntries(results.map(([id, failing]) => [id, rowsOf(failing, facts.id)])),
    }),
  );
  return { ...scan, registries, gaps: [...scan.gaps, ...gaps] };
}

/**
 * The order makes pages stable, and makes Azure refuse a query without `id` also where it returns no row. On a line of
 * its own, because the query may end with a comment.
 */
const ordered = (query: string): string => `${query.replace(/[;\s]+$/, '')}\n| order by id asc`;

function byRegistry(rows: Part<readonly Row[]>): Failing {
  if (!rows.read) return rows;
  const found = new Map<string, Set<string>>();
  for (const row of rows.value) {
    const id = typeof row['id'] === 'string' ? row['id'].toLowerCase() : '';
    const registry = registryPart.exec(id)?.[1];
    if (registry === undefined)
      return unread(
        id
          ? `its query returns ${id.slice(0, 200)}, which is neither a registry nor a part of one`
          : 'its query returns a row without an id',
      );
    found.set(registry, (found.get(registry) ?? new Set()).add(id));
  }
  return read(new Map([...found].map(([registry, ids]) => [registry, [...ids]])));
}

const rowsOf = (failing: Failing, id: string): Part<readonly string[]> => {
  if (!failing.read) return failing;
  const rows = failing.value.get(id);
  return rows ? read(rows) : none;
};
