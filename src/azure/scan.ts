// One look at the whole estate by Resource Graph: queries without joins, put together here. A query that fails costs its part only:
// the rules that need it answer unknown with the reason.
import type { Part, RegistryFacts, Scan } from '../posture/facts.ts';
import { readSecurity, securityOf } from './defender.ts';
import { grantsOf, readAuthorization } from './grants.ts';
import { byKey, createNote, parsedPages, whole } from './parts.ts';
import { principalsOf, readPrincipals } from './principals.ts';
import { parseRegistries } from './registry-row.ts';
import type { ResourceGraph, Row } from './resource-graph.ts';
import { joined } from './row-schema.ts';
import { parseAlerts, parseMembers, parseReplications } from './schema.ts';

const registryType = 'microsoft.containerregistry/registries';
const queries = {
  registries: `resources | where type =~ '${registryType}' | project id, name, location, resourceGroup, subscriptionId, sku, tags, identity, properties | order by id asc`,
  replications: `resources | where type =~ '${registryType}/replications' | project id, name, location, properties | order by id asc`,
  alerts: `resources | where type in~ ('microsoft.insights/metricalerts', 'microsoft.insights/activitylogalerts', 'microsoft.insights/scheduledqueryrules') | project id, name, type, properties | order by id asc`,
};

/** Characters of group names in one query; a query may hold some 20,000 in all. */
const namesPerQuery = 18_000;

/**
 * What Resource Graph alone says; parts that it does not hold are absent. Throws AzureError only if the registries
 * themselves cannot be listed.
 */
export async function scanEstate(graph: ResourceGraph, now: number): Promise<Scan> {
  const [registryPages, replicationPages, alertPages, authorizationPages, securityPages, principalPages] =
    await Promise.all([
      Array.fromAsync(graph.pages(queries.registries), (rows) => parseRegistries(rows, now)),
      parsedPages(graph.pages(queries.replications), parseReplications),
      parsedPages(graph.pages(queries.alerts), parseAlerts),
      readAuthorization(graph),
      readSecurity(graph),
      readPrincipals(graph),
    ]);
  const registries = joined(registryPages);
  const memberPages = await parsedPages(groupPages(graph, registries.values), parseMembers);
  const gaps: string[] = [];
  const note = createNote(gaps);
  note('registries', registries.malformed);
  const replications = byKey(
    whole(replicationPages, (n) => note('replicas', n)),
    (row) => row.registry,
  );
  const members = byKey(
    whole(memberPages, (n) => note('resources', n)),
    (row) => row.group,
  );
  const alerts = whole(alertPages, (n) => note('alerts', n));
  const grants = grantsOf(authorizationPages, note);
  const security = securityOf(securityPages, note);
  const principals = principalsOf(principalPages, note);
  gaps.push(
    ...unreadTables({
      replicas: replicationPages,
      'resource groups': memberPages,
      alerts: alertPages,
      'role assignments': authorizationPages.authorization,
      subscriptions: authorizationPages.subscriptions,
      'Defender findings': securityPages,
      identities: principalPages,
    }),
  );
  const facts = registries.values.map(
    (registry): RegistryFacts => ({
      ...registry,
      replications: replications(registry.id),
      group: members(`${registry.subscription}/${registry.resourceGroup}`.toLowerCase()),
      alerts,
      grants: grants(registry.id),
      ...security(registry),
    }),
  );
  return { asOf: now, registries: facts, ...principals, gaps };
}

const unreadTables = (tables: Readonly<Record<string, Part<unknown>>>): readonly string[] =>
  Object.entries(tables).flatMap(([name, rows]) => (rows.read ? [] : [`${name}: ${rows.reason}`]));

/** All resources of the registries' resource groups. */
async function* groupPages(
  graph: ResourceGraph,
  registries: readonly { resourceGroup: string }[],
): AsyncGenerator<readonly Row[]> {
  const groups = [...new Set(registries.map((registry) => registry.resourceGroup.toLowerCase()))].filter(
    (group) => /^[\p{L}\p{N}_().-]+$/u.test(group),
  );
  for (const names of batches(groups.map((group) => `'${group}'`)))
    yield* graph.pages(
      `resources | where resourceGroup in~ (${names}) | project id, name, type, resourceGroup, subscriptionId | order by id asc`,
    );
}

/** The names as few lists, each within a query's length. */
function batches(names: readonly string[]): readonly string[] {
  const lists: string[] = [];
  let list = '';
  for (const name of names) {
    if (list.length + name.length > namesPerQuery) {
      lists.push(list);
      list = '';
    }
    list += list ? `, ${name}` : name;
  }
  return list ? [...lists, list] : lists;
}
