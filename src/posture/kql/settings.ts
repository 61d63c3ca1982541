// Queries that look at nothing but the registry's own row, and at what the policy asks of it.
import {
  expanded,
  type Kql,
  type KqlScope,
  last,
  lastOnly,
  laterOnly,
  list,
  premiumOnly,
  type Queries,
  query,
  quoted,
  registries,
  show,
  staged,
  word,
} from './language.ts';

const flag = (path: string): Kql => query(registries, `| where properties.${path} == true`, show);

export const settingQueries: Queries = {
  'CR-1': (scope) =>
    query(
      staged(scope),
      '| extend tier = tolower(tostring(sku.name))',
      "| where isnotempty(tier) and tier != 'premium'",
      `| where stage == ${quoted(last(scope))} or (stage !in ${list(['', ...scope.stages.slice(0, 1).map((stage) => stage.toLowerCase())])} and tier != 'standard')`,
      show,
    ),
  'CR-7': () =>
    query(
      registries,
      "| where tostring(sku.name) =~ 'premium'",
      `| where ${word('policies.retentionPolicy.status')} == 'disabled' and ${word('policies.softDeletePolicy.status')} != 'enabled'`,
      show,
    ),
  'CR-8': () => flag('anonymousPullEnabled'),
  'CR-9': () => flag('adminUserEnabled'),
  'ACR-02': () =>
    query(
      registries,
      `| where ${word('policies.softDeletePolicy.status')} == 'enabled' and todouble(properties.policies.softDeletePolicy.retentionDays) < 7`,
      show,
    ),
  'ACR-04': () =>
    query(
      registries,
      `| where ${word('policies.azureADAuthenticationAsArmPolicy.status')} == 'enabled'`,
      show,
    ),
  'ACR-06': (scope) =>
    query(
      staged(scope),
      laterOnly(scope),
      "| where isempty(tostring(identity)) or tostring(identity.type) =~ 'none'",
      show,
    ),
  'ACR-08': (scope) =>
    query(staged(scope), laterOnly(scope), `| where ${word('publicNetworkAccess')} == 'enabled'`, show),
  'ACR-09': (scope) =>
    query(
      staged(scope),
      laterOnly(scope),
      premiumOnly,
      `| where ${word('networkRuleSet.defaultAction')} == 'allow' and ${word('publicNetworkAccess')} != 'disabled'`,
      show,
    ),
  'ACR-10': (scope) =>
    query(
      staged(scope),
      laterOnly(scope),
      premiumOnly,
      '| where isnotnull(properties.privateEndpointConnections)',
      `| where tostring(properties.privateEndpointConnections) !contains '"status":"Approved"'`,
      show,
    ),
  'ACR-11': () =>
    query(
      registries,
      premiumOnly,
      '| where array_length(properties.networkRuleSet.virtualNetworkRules) > 0',
      show,
    ),
  'ACR-12': ({ allowedSubscriptions }) =>
    query(
      registries,
      expanded('connection', 'privateEndpointConnections'),
      "| extend owner = extract('^/subscriptions/([^/]+)/', 1, tolower(tostring(connection.properties.privateEndpoint.id)))",
      `| where isnotempty(owner) and owner != tolower(subscriptionId) and owner !in ${list(allowedSubscriptions.map((id) => id.toLowerCase()))}`,
      '| distinct id, name, resourceGroup, subscriptionId',
      '| order by id asc',
    ),
  'ACR-13': (scope) =>
    query(
      registries,
      `| where tolower(id) in ${list(scope.registries.map(({ id }) => id))}`,
      `| where ${word('publicNetworkAccess')} == 'disabled' or ${word('networkRuleSet.defaultAction')} == 'deny'`,
      `| where ${word('networkRuleBypassOptions')} !in ('', 'azureservices')`,
      show,
    ),
  'ACR-14': (scope) =>
    query(
      staged(scope),
      lastOnly(scope),
      premiumOnly,
      '| where properties.dataEndpointEnabled == false',
      show,
    ),
  'ACR-17': (scope) =>
    query(
      staged(scope),
      lastOnly(scope),
      premiumOnly,
      `| extend encryption = ${word('encryption.status')}, named = tostring(properties.encryption.keyVaultProperties.keyIdentifier)`,
      '| extend rotated = todatetime(properties.encryption.keyVaultProperties.lastKeyRotationTimestamp)',
      "| where encryption == 'disabled' or (encryption == 'enabled' and named matches regex '(?i)/keys/[^/]+/[^/]+/?$' and rotated < ago(365d))",
      show,
    ),
  'ACR-18': exportsQuery,
  'ACR-24': () => query(registries, "| where not(name matches regex '^[A-Za-z0-9]{5,50}$')", show),
  'ACR-25': namingQuery,
  'ACR-26': ({ requiredTags }) =>
    query(
      registries,
      '| extend said = parse_json(tolower(tostring(tags)))',
      requiredTags.length === 0
        ? "| where tostring(said) in ('', '{}')"
        : `| where ${requiredTags.map((tag) => `isempty(tostring(said[${quoted(tag.toLowerCase())}]))`).join(' or ')}`,
      show,
    ),
};

/** A last stage that feeds a mirror has to export; where it exports, that is a conflict and no failure. */
function exportsQuery(scope: KqlScope): Kql {
  const feeding = scope.registries.filter(({ feedsMirror }) => feedsMirror).map(({ id }) => id);
  const [end, feeds] = [quoted(last(scope)), `key in ${list(feeding)}`];
  return query(
    staged(scope),
    `| extend exports = ${word('policies.exportPolicy.status')}, tier = tolower(tostring(sku.name))`,
    `| where (exports == 'disabled' and stage != '' and (stage != ${end} or ${feeds}))`,
    `    or (exports == 'enabled' and stage == ${end} and not(${feeds}) and tier in ('', 'premium'))`,
    show,
  );
}

/** What JavaScript's patterns have beyond RE2's: looking around, naming groups, going back, its own classes. */
const beyond = /\(\?(?!:)|\\[1-9ckpPu]|\[\^?\]/;

function namingQuery({ naming }: KqlScope): Kql {
  if (naming === undefined) return { none: 'compares with posture.naming, which the policy does not have' };
  if (beyond.test(naming))
    return {
      none: 'compares with posture.naming, which uses what the patterns of Resource Graph do not have',
    };
  return query(registries, `| where not(name matches regex ${quoted(naming)})`, show);
}
