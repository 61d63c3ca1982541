// Queries over what Defender for Containers says: its plan and its findings. Two generations of recommendations stand side by
// side there, so findings are put together by image and CVE, the worst of both.
import {
  laterOnly,
  type Kql,
  type KqlScope,
  last,
  type Queries,
  query,
  quoted,
  registries,
  staged,
} from './language.ts';

export const defenderQueries: Queries = {
  'ACR-21': () =>
    query(
      registries,
      '| project id, name, resourceGroup, subscriptionId',
      '| join kind=inner (securityresources',
      "| where type =~ 'microsoft.security/pricings' and name =~ 'Containers'",
      '| extend tier = tolower(tostring(properties.pricingTier))',
      '| mv-expand extension = iff(array_length(properties.extensions) > 0, properties.extensions, dynamic([""])) limit 400',
      "| extend scans = tostring(extension.name) == 'ContainerRegistriesVulnerabilityAssessments' and tostring(extension.isEnabled) =~ 'true'",
      '| summarize scanning = countif(scans) by subscriptionId, tier) on subscriptionId',
      "| where tier != 'standard' or scanning == 0",
      '| project id, name, resourceGroup, subscriptionId\n| order by id asc',
    ),
  'ACR-22': (scope) => findingsQuery(scope, ['| extend place = key'], isOfRegistry('contains'), 'resource'),
  'ACR-23': (scope) =>
    findingsQuery(
      scope,
      [
        "| extend hosts = pack_array(strcat(tolower(name), '.azurecr.io'), strcat(tolower(name), '.azurecr.cn'), strcat(tolower(name), '.azurecr.us'), tolower(tostring(properties.loginServer)))",
        '| mv-expand place = hosts to typeof(string)',
      ],
      isOfRegistry('!contains'),
      'tolower(tostring(properties.additionalData.artifactDetails.registryHost))',
    ),
};

const isOfRegistry = (contains: 'contains' | '!contains'): string =>
  `| where resource ${contains} '/microsoft.containerregistry/registries/'`;

/** `places`: lines that give a registry its `place`, where the findings' `at` says they are. */
function findingsQuery(scope: KqlScope, places: readonly string[], only: string, at: string): Kql {
  return query(
    staged(scope),
    laterOnly(scope),
    ...places,
    '| project id, name, resourceGroup, subscriptionId, stage, place',
    '| join kind=inner (securityresources',
    "| where type =~ 'microsoft.security/assessments/subassessments' and properties.additionalData.assessedResourceType =~ 'AzureContainerRegistryVulnerability'",
    "| extend resource = substring(tolower(id), 0, indexof(tolower(id), '/providers/microsoft.security/'))",
    only,
    `| extend place = ${at}, severity = tolower(tostring(properties.additionalData.vulnerabilityDetails.severity))`,
    "| extend isFixed = isnotempty(tostring(properties.additionalData.softwareDetails.fixedVersion)), isOpen = tostring(properties.status.code) =~ 'unhealthy'",
    '| extend repository = tostring(properties.additionalData.artifactDetails.repositoryName), digest = tostring(properties.additionalData.artifactDetails.digest), cve = tostring(properties.id)',
    '| project place, repository, digest, cve, severity, isFixed, isOpen) on place',
    "| summarize critical = countif(severity == 'critical'), high = countif(severity == 'high'), fixes = countif(isFixed), open = countif(isOpen) by id, name, resourceGroup, subscriptionId, stage, repository, digest, cve",
    `| where fixes > 0 and open > 0 and (critical > 0 or (high > 0 and stage == ${quoted(last(scope))}))`,
    '| distinct id, name, resourceGroup, subscriptionId\n| order by id asc',
  );
}
