// Queries that look around the registry: at its replicas, at what shares its resource group, at alerts over it.
import { alertMetrics, alertOperations } from '../rules/cr-11-alerts.ts';
import { ownTypes } from '../rules/cr-6-dedicated-group.ts';
import { normalRegion, singleZoneRegions } from '../regions.ts';
import { stageTags } from '../stage.ts';
import {
  expanded,
  type Kql,
  type KqlScope,
  last,
  list,
  type Queries,
  query,
  quoted,
  registries,
  show,
  staged,
  type,
  word,
} from './language.ts';

/** Registries and replicas as one; `registry` is the id of the one or of the other's. */
const placed = [
  'resources',
  `| where type in~ ('${type}', '${type}/replications')`,
  `| extend registry = tolower(iff(type =~ '${type}', id, substring(id, 0, indexof(tolower(id), '/replications/'))))`,
].join('\n');

/** One row for each registry that is left. */
const showRegistry =
  "| distinct registry\n| project id = registry, name = tostring(split(registry, '/')[8])\n| order by id asc";

const replicas = [
  'resources',
  `| where type =~ '${type}/replications'`,
  "| project key = tolower(substring(id, 0, indexof(tolower(id), '/replications/'))), region = location, state = tolower(tostring(properties.provisioningState)), endpoint = tobool(properties.regionEndpointEnabled)",
].join('\n');

/** Registries with `key` and `home`, of which no such replica is in another region. */
const nowhereElse = (of: string): readonly string[] => [
  '| project id, name, resourceGroup, subscriptionId, key, home = location',
  `| join kind=leftouter (${of}) on key`,
  '| summarize elsewhere = countif(isnotempty(region) and region != home) by id, name, resourceGroup, subscriptionId',
  '| where elsewhere == 0',
  show,
];

export const surroundingQueries: Queries = {
  'CR-2': () => query(placed, `| where location in~ ${list(singleZoneRegions)}`, showRegistry),
  'CR-3': (scope) =>
    query(
      staged(scope),
      `| where tostring(sku.name) =~ 'premium' and stage in ${list([last(scope), ''])}`,
      ...nowhereElse(`${replicas}\n| where state == 'succeeded' and endpoint != false`),
    ),
  'CR-6': () =>
    query(
      registries,
      '| project id, name, resourceGroup, subscriptionId, key = tolower(id), group = tolower(strcat(subscriptionId, resourceGroup))',
      '| join kind=inner (resources\n| extend part = tolower(type)',
      `| where part !in ${list(ownTypes)} or part startswith 'microsoft.containerregistry/'`,
      '| project other = tolower(id), group = tolower(strcat(subscriptionId, resourceGroup))) on group',
      "| where other != key and not(other startswith strcat(key, '/'))",
      '| distinct id, name, resourceGroup, subscriptionId',
      '| order by id asc',
    ),
  'CR-11': alertsQuery,
  'CR-12': () =>
    query(
      registries,
      `| where ${word('policies.softDeletePolicy.status')} == 'disabled' and ${word('policies.retentionPolicy.status')} != 'enabled'`,
      '| extend key = tolower(id)',
      ...nowhereElse(replicas),
    ),
  'ACR-01': ({ allowedRegions }) =>
    allowedRegions.length === 0
      ? { none: 'compares with posture.allowedRegions, which the policy does not have' }
      : query(placed, `| where location !in~ ${list(allowedRegions.map(normalRegion))}`, showRegistry),
  'ACR-30': () =>
    query(
      placed,
      expanded('connection', 'privateEndpointConnections'),
      '| extend link = tolower(tostring(connection.properties.privateLinkServiceConnectionState.status))',
      `| where (type =~ '${type}' and link !in ('', 'approved'))`,
      `    or (type !~ '${type}' and (${word('provisioningState')} != 'succeeded' or properties.regionEndpointEnabled == false))`,
      showRegistry,
    ),
  'TEN-05': oneStageQuery,
};

/** The alert may be on the registry, on its group or on its subscription. */
function alertsQuery(): Kql {
  const watched = [...alertMetrics.map((metric) => `${metric}"`), ...alertOperations].join('|');
  return query(
    registries,
    "| extend subscription = tolower(strcat('/subscriptions/', subscriptionId))",
    "| extend around = pack_array(tolower(id), strcat(subscription, '/resourcegroups/', tolower(resourceGroup)), subscription)",
    '| mv-expand scope = around to typeof(string)',
    '| project id, name, resourceGroup, subscriptionId, scope',
    '| join kind=leftouter (resources',
    "| where type in~ ('microsoft.insights/metricalerts', 'microsoft.insights/activitylogalerts', 'microsoft.insights/scheduledqueryrules')",
    '| where properties.enabled == true and (array_length(properties.actions) > 0 or array_length(properties.actions.actionGroups) > 0)',
    '| extend condition = tolower(coalesce(tostring(properties.criteria), tostring(properties.condition)))',
    `| where condition matches regex ${quoted(`"(metricname|equals|metricmeasurecolumn)":"(${watched})`)}`,
    '| mv-expand over = properties.scopes to typeof(string) limit 400',
    "| project scope = trim_end('/+', tolower(over)), isCovered = true) on scope",
    '| summarize alerts = countif(isCovered == true) by id, name, resourceGroup, subscriptionId',
    '| where alerts == 0',
    show,
  );
}

/** Of no stage, of another one by a tag, or with the other end of the chain in the same resource group. */
function oneStageQuery(scope: KqlScope): Kql {
  const names = scope.stages.map((stage) => stage.toLowerCase());
  const [first = '', end = ''] = [names[0], names.at(-1)];
  const tags = stageTags.map(
    (tag) => `(tostring(said.${tag}) in ${list(names)} and tostring(said.${tag}) != stage)`,
  );
  const grouped = '| extend group = tolower(strcat(subscriptionId, resourceGroup))';
  return query(
    staged(scope),
    grouped,
    `| join kind=leftouter (${staged(scope)}`,
    grouped,
    `| summarize begins = countif(stage == ${quoted(first)}), ends = countif(stage == ${quoted(end)}) by group`,
    `| project group, isMixed = begins > 0 and ends > 0 and ${names.length > 1}) on group`,
    `| where stage == '' or ${tags.join(' or ')} or (isMixed and stage in ${list([first, end])})`,
    show,
  );
}
