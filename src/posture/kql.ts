// The same questions in KQL, to be pasted into Azure's own Resource Graph explorer: each query gives the registries that
// fail its rule. They are a second route to the verdicts, and a test holds both against each other. Rules that need what
// Resource Graph does not have (manifests, tokens, diagnostic settings) have none.
import { singleZoneRegions } from './regions.ts';

/** Stages as a query can know them: ids of the policy's registries, lower-cased. */
export interface KqlScope {
  readonly production: readonly string[];
  readonly development: readonly string[];
  /** Registries of which nobody says the stage. */
  readonly unstaged: readonly string[];
}

/** The scope of a scanned estate. A registry whose stage the policy does not name is of no stage. */
export function kqlScope(
  registries: readonly { readonly id: string; readonly stage?: string }[],
  stages: readonly string[],
): KqlScope {
  const idsOf = (matches: (stage: string | undefined) => boolean): readonly string[] =>
    registries.filter((facts) => matches(facts.stage)).map((facts) => facts.id);
  return {
    production: idsOf((stage) => stage === stages.at(-1)),
    development: idsOf((stage) => stage === stages[0] && stages.length > 1),
    unstaged: idsOf((stage) => stage === undefined || !stages.includes(stage)),
  };
}

const type = 'microsoft.containerregistry/registries';
const registries = `resources\n| where type =~ '${type}'`;
const show = '| project id, name, resourceGroup, subscriptionId\n| order by id asc';

/** Ids as a list for `in`; a list may not be empty. */
const list = (ids: readonly string[]): string =>
  `(${(ids.length === 0 ? [''] : ids).map(quoted).join(', ')})`;
const quoted = (text: string): string => `'${text.replace(/['\\]/g, '')}'`;

const flag = (path: string, bad: boolean): string =>
  [registries, `| where properties.${path} == ${bad}`, show].join('\n');

/** `later`: not where people develop; `last`: production only. Of an unknown stage nothing is claimed. */
const laterOnly = ({ development, unstaged }: KqlScope): string =>
  `| where tolower(id) !in ${list([...development, ...unstaged])}`;
const lastOnly = ({ production }: KqlScope): string => `| where tolower(id) in ${list(production)}`;
const premiumOnly = "| where isempty(tostring(sku.name)) or tostring(sku.name) =~ 'premium'";

const otherRegions = [
  'resources',
  `| where type =~ '${type}/replications'`,
  "| project key = tolower(substring(id, 0, indexof(tolower(id), '/replications/'))), region = location, state = tolower(tostring(properties.provisioningState)), endpoint = tobool(properties.regionEndpointEnabled)",
].join('\n');

const queries: Readonly<Record<string, (scope: KqlScope) => string>> = {
  'CR-1': ({ production, development, unstaged }) =>
    [
      registries,
      '| extend tier = tolower(tostring(sku.name)), key = tolower(id)',
      "| where isnotempty(tier) and tier != 'premium'",
      `| where key in ${list(production)} or (tier != 'standard' and key !in ${list([...development, ...unstaged])})`,
      show,
    ].join('\n'),
  'CR-2': () =>
    [
      'resources',
      `| where type in~ ('${type}', '${type}/replications')`,
      `| where location in~ ${list(singleZoneRegions)}`,
      `| extend registry = tolower(iff(type =~ '${type}', id, substring(id, 0, indexof(tolower(id), '/replications/'))))`,
      '| summarize regions = make_set(location) by registry',
      '| project id = registry, regions',
      '| order by id asc',
    ].join('\n'),
  'CR-3': ({ production, unstaged }) =>
    [
      registries,
      "| where tolower(tostring(sku.name)) == 'premium'",
      `| extend key = tolower(id)\n| where key in ${list([...production, ...unstaged])}`,
      '| project id, name, key, home = location',
      `| join kind=leftouter (${otherRegions}\n| where state == 'succeeded' and endpoint != false) on key`,
      '| summarize elsewhere = countif(isnotempty(region) and region != home) by id, name',
      '| where elsewhere == 0',
      '| project id, name\n| order by id asc',
    ].join('\n'),
  'CR-8': () => flag('anonymousPullEnabled', true),
  'CR-9': () => flag('adminUserEnabled', true),
  'CR-12': () =>
    [
      registries,
      '| extend soft = tolower(tostring(properties.policies.softDeletePolicy.status)), retention = tolower(tostring(properties.policies.retentionPolicy.status))',
      "| where isnotempty(soft) and soft != 'enabled' and retention != 'enabled'",
      '| project id, name, key = tolower(id), home = location',
      `| join kind=leftouter (${otherRegions}) on key`,
      '| summarize elsewhere = countif(isnotempty(region) and region != home) by id, name',
      '| where elsewhere == 0',
      '| project id, name\n| order by id asc',
    ].join('\n'),
  'ACR-04': () =>
    [
      registries,
      "| where tostring(properties.policies.azureADAuthenticationAsArmPolicy.status) =~ 'enabled'",
      show,
    ].join('\n'),
  'ACR-08': (scope) =>
    [
      registries,
      laterOnly(scope),
      "| where tostring(properties.publicNetworkAccess) =~ 'enabled'",
      show,
    ].join('\n'),
  'ACR-09': (scope) =>
    [
      registries,
      laterOnly(scope),
      premiumOnly,
      "| where tostring(properties.networkRuleSet.defaultAction) =~ 'allow' and tostring(properties.publicNetworkAccess) !~ 'disabled'",
      show,
    ].join('\n'),
  'ACR-10': (scope) =>
    [
      registries,
      laterOnly(scope),
      premiumOnly,
      '| where isnotnull(properties.privateEndpointConnections)',
      `| where tostring(properties.privateEndpointConnections) !contains '"status":"Approved"'`,
      show,
    ].join('\n'),
  'ACR-14': (scope) =>
    [registries, lastOnly(scope), premiumOnly, '| where properties.dataEndpointEnabled == false', show].join(
      '\n',
    ),
};

/** The query of a rule, if Resource Graph can judge it. */
export const kqlOf = (rule: string, scope: KqlScope): string | undefined => queries[rule]?.(scope);

export const rulesWithKql: readonly string[] = Object.keys(queries);
