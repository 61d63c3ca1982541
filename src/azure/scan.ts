// One look at the whole estate: four queries without joins, put together here. A query that fails costs its part only:
// the rules that need it answer unknown with the reason.
import type { Part, RegistryFacts, Scan } from '../posture/facts.ts';
import { AzureError } from './errors.ts';
import type { ResourceGraph, Row } from './resource-graph.ts';
import { parseAlerts, parseMembers, parseRegistries, parseReplications } from './schema.ts';

const registryType = 'microsoft.containerregistry/registries';
const queries = {
  registries: `resources | where type =~ '${registryType}' | project id, name, location, resourceGroup, subscriptionId, sku, tags, properties | order by id asc`,
  replications: `resources | where type =~ '${registryType}/replications' | project id, name, location, properties | order by id asc`,
  alerts: `resources | where type in~ ('microsoft.insights/metricalerts', 'microsoft.insights/activitylogalerts', 'microsoft.insights/scheduledqueryrules') | project id, name, type, properties | order by id asc`,
};

/** Groups named in one query; a query may hold some 20,000 characters. */
const groupsPerQuery = 100;

/** Throws AzureError only if the registries themselves cannot be listed. */
export async function scanEstate(graph: ResourceGraph, now: number): Promise<Scan> {
  const [registryRows, replicationRows, alertRows] = await Promise.all([
    graph.rows(queries.registries),
    part(graph.rows(queries.replications)),
    part(graph.rows(queries.alerts)),
  ]);
  const registries = parseRegistries(registryRows, now);
  const memberRows = await part(groupRows(graph, registries.values));
  const gaps: string[] = [];
  const note = (what: string, malformed: number): string | undefined => {
    if (malformed === 0) return undefined;
    gaps.push(`${malformed} ${what} could not be read`);
    return `${malformed} malformed ${what}`;
  };
  note('registries', registries.malformed);

  const replications = grouped(
    replicationRows,
    parseReplications,
    (row) => row.registry,
    (n) => note('replicas', n),
  );
  const members = grouped(
    memberRows,
    parseMembers,
    (row) => row.group,
    (n) => note('resources', n),
  );
  const alerts = whole(alertRows, parseAlerts, (n) => note('alerts', n));
  for (const [name, rows] of [
    ['replicas', replicationRows],
    ['resource groups', memberRows],
    ['alerts', alertRows],
  ] as const) {
    if (!rows.read) gaps.push(`${name}: ${rows.reason}`);
  }
  const facts = registries.values.map(
    (registry): RegistryFacts => ({
      ...registry,
      replications: replications(registry.id),
      group: members(`${registry.subscription}/${registry.resourceGroup}`.toLowerCase()),
      alerts,
    }),
  );
  return { asOf: now, registries: facts, gaps };
}

/** All resources of the registries' resource groups. */
async function groupRows(
  graph: ResourceGraph,
  registries: readonly { resourceGroup: string }[],
): Promise<readonly Row[]> {
  const groups = [...new Set(registries.map((registry) => registry.resourceGroup.toLowerCase()))].filter(
    (group) => /^[\w().-]+$/.test(group),
  );
  const rows: Row[] = [];
  for (let i = 0; i < groups.length; i += groupsPerQuery) {
    const names = groups
      .slice(i, i + groupsPerQuery)
      .map((group) => `'${group}'`)
      .join(', ');
    rows.push(
      ...(await graph.rows(
        `resources | where resourceGroup in~ (${names}) | project id, name, type, resourceGroup, subscriptionId | order by id asc`,
      )),
    );
  }
  return rows;
}

async function part<T>(promise: Promise<T>): Promise<Part<T>> {
  try {
    return { read: true, value: await promise };
  } catch (error) {
    return {
      read: false,
      reason: error instanceof AzureError ? error.message.replace(/\.$/, '') : 'an unexpected error',
    };
  }
}

type Parse<T> = (rows: readonly Row[]) => { readonly values: readonly T[]; readonly malformed: number };

/** The parsed rows as a whole; one malformed row makes it unread, because the missing row might have decided. */
function whole<T>(
  rows: Part<readonly Row[]>,
  parse: Parse<T>,
  note: (malformed: number) => string | undefined,
): Part<readonly T[]> {
  if (!rows.read) return rows;
  const parsed = parse(rows.value);
  const reason = note(parsed.malformed);
  return reason ? { read: false, reason } : { read: true, value: parsed.values };
}

/** The parsed rows by a key; no rows for a key is an empty part, which was read. */
function grouped<T>(
  rows: Part<readonly Row[]>,
  parse: Parse<T>,
  keyOf: (value: T) => string,
  note: (malformed: number) => string | undefined,
) {
  const all = whole(rows, parse, note);
  const byKey = new Map<string, T[]>();
  for (const value of all.read ? all.value : []) {
    const list = byKey.get(keyOf(value));
    if (list) list.push(value);
    else byKey.set(keyOf(value), [value]);
  }
  return (key: string): Part<readonly T[]> => (all.read ? { read: true, value: byKey.get(key) ?? [] } : all);
}
