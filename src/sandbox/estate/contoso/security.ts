// What Defender says: its plans by subscription, and findings by digest for what has been scanned. An image that is not
// listed here was never scanned.
import type { Row } from '../../azure/tables.ts';
import { tenantId } from '../../cast.ts';
import { releases } from './images.ts';
import {
  clusterId,
  type ClusterName,
  groupId,
  guid,
  places,
  registryId,
  type RegistryName,
  type Subscription,
  subscriptions,
} from './places.ts';

interface Finding {
  readonly cve: string;
  readonly severity: 'Critical' | 'High' | 'Medium' | 'Low';
  readonly software: string;
  readonly version: string;
  readonly fixed: string;
}

const registryAssessment = 'c0b7cfc6-3172-465a-b378-53c7ff2cc0d5';
const runningAssessment = 'c609cf0f-71ab-41e9-a3c6-9a1f7fe1b8d5';

const minor: readonly Finding[] = [
  { cve: 'CVE-2025-40012', severity: 'Low', software: 'zlib', version: '1.3.0', fixed: '1.3.1' },
  { cve: 'CVE-2025-31190', severity: 'Medium', software: 'busybox', version: '1.36.1', fixed: '' },
];
const grave: readonly Finding[] = [
  { cve: 'CVE-2026-10101', severity: 'Critical', software: 'openssl', version: '3.0.8', fixed: '3.0.15' },
  { cve: 'CVE-2026-10777', severity: 'Critical', software: 'glibc', version: '2.36', fixed: '2.36-9' },
  { cve: 'CVE-2026-11202', severity: 'High', software: 'curl', version: '8.1.0', fixed: '8.11.0' },
];

const findings: Readonly<Record<string, readonly Finding[]>> = {
  // What a promotion of shop/web mends, and what it brings.
  'shop/web:v1.4.0': [
    ...minor,
    { cve: 'CVE-2026-10420', severity: 'Medium', software: 'openssl', version: '3.0.13', fixed: '3.0.15' },
  ],
  'shop/web:v1.4.2': [
    ...minor,
    { cve: 'CVE-2026-12008', severity: 'Low', software: 'helmet', version: '8.0.0', fixed: '' },
  ],
  'pay/api:v2.1.0': [...grave, ...minor],
  'shop/checkout:v3.1.0': [grave[2], ...minor].flatMap((one) => one ?? []),
};
/** Neither of these has ever been scanned. */
const neverScanned = new Set(['shop/hotfix:v1.0.1', 'debugbox:latest']);
/** Scans that are too old to count. */
const staleScans: Readonly<Record<string, string>> = { 'data/report:v1.0.0': '41d' };

export function securityRows(): readonly Row[] {
  const scanned = (['contosouat', 'contosoprod', 'contosoprodus'] as const).flatMap((registry) =>
    releases.filter((release) => registry in release.way).flatMap((release) => scanRows(registry, release)),
  );
  return [
    pricing('prod', 'Standard'),
    pricing('prodUs', 'Standard'),
    pricing('nonprod', 'Standard'),
    pricing('legacy', 'Free'),
    ...scanned,
    ...running('aks-prod', 'contosoprod', 'shop/web', 'v1.4.0'),
    ...running('aks-prod', 'contosoprod', 'pay/api', 'v2.0.3'),
    ...running('aks-prod-us', 'contosoprodus', 'data/etl', 'v0.6.0'),
  ];
}

interface Scanned {
  readonly repository: string;
  readonly tag: string;
  readonly platforms?: readonly string[] | undefined;
}

/** Findings stand on the digest of the tag, and for an index on each platform's digest as well. */
function scanRows(registry: RegistryName, image: Scanned): readonly Row[] {
  const name = `${image.repository}:${image.tag}`;
  if (neverScanned.has(name)) return [];
  const age = staleScans[name] ?? '20h';
  const platforms = image.platforms ?? [];
  const references = ['', ...(platforms.length > 1 ? platforms.map((platform) => `@${platform}`) : [])];
  return references.flatMap((suffix) =>
    (findings[name] ?? minor).map((finding) => {
      const where = { registry, repository: image.repository, tag: image.tag, suffix, age };
      return findingRow(
        `${registryId(registry)}/providers/Microsoft.Security/assessments/${registryAssessment}`,
        finding,
        where,
      );
    }),
  );
}

function running(
  cluster: ClusterName,
  registry: RegistryName,
  repository: string,
  tag: string,
): readonly Row[] {
  const where = { registry, repository, tag, suffix: '', age: '6h' };
  const assessment = `${clusterId(cluster)}/providers/Microsoft.Security/assessments/${runningAssessment}`;
  const details = {
    clusterDetails: { clusterName: cluster, clusterResourceId: clusterId(cluster) },
    kubernetesDetails: {
      namespace: repository.split('/')[0],
      workloadKind: 'Deployment',
      workloadName: repository.split('/')[1],
    },
  };
  return minor.slice(0, 1).map((finding) => findingRow(assessment, finding, where, details));
}

interface Where {
  readonly registry: RegistryName;
  readonly repository: string;
  readonly tag: string;
  readonly suffix: string;
  readonly age: string;
}

function findingRow(assessment: string, finding: Finding, where: Where, more: Row = {}): Row {
  const reference = `${where.registry}/${where.repository}:${where.tag}${where.suffix}`;
  const name = guid(`finding ${assessment} ${reference} ${finding.cve}`);
  const place = places[where.registry];
  return {
    id: `${assessment}/subassessments/${name}`,
    name,
    type: 'microsoft.security/assessments/subassessments',
    tenantId,
    resourceGroup: place.group,
    subscriptionId: subscriptions[place.subscription],
    properties: {
      id: finding.cve,
      displayName: `${finding.cve} in ${finding.software}`,
      category: 'Vulnerability',
      description: `${finding.software} ${finding.version} is affected by ${finding.cve}.`,
      remediation:
        finding.fixed === '' ? 'No fix is available.' : `Update ${finding.software} to ${finding.fixed}.`,
      timeGenerated: `\${ago:${where.age}}`,
      status: { code: 'Unhealthy', severity: finding.severity === 'Critical' ? 'High' : finding.severity },
      resourceDetails: { source: 'Azure', id: assessment.split('/providers/Microsoft.Security')[0] },
      additionalData: { ...scanData(finding, where, reference), ...more },
    },
  };
}

function scanData(finding: Finding, where: Where, reference: string): Row {
  return {
    assessedResourceType: 'AzureContainerRegistryVulnerability',
    artifactDetails: {
      artifactType: 'ContainerImage',
      digest: `\${digest:${reference}}`,
      registryHost: `${where.registry}.azurecr.io`,
      repositoryName: where.repository,
      tags: where.suffix === '' ? [where.tag] : [],
      lastPushedToRegistryUTC: `\${ago:${where.age}}`,
    },
    vulnerabilityDetails: {
      cveId: finding.cve,
      severity: finding.severity,
      publishedDate: '${ago:60d}',
      lastModifiedDate: '${ago:30d}',
      cvss: { '3.0': { base: finding.severity === 'Critical' ? 9.8 : 5.3 } },
    },
    softwareDetails: {
      packageName: finding.software,
      version: finding.version,
      fixedVersion: finding.fixed,
      osDetails: { osPlatform: 'Linux', osVersion: 'Debian 12' },
    },
  };
}

function pricing(subscription: Subscription, tier: 'Standard' | 'Free'): Row {
  const id = subscriptions[subscription];
  return {
    id: `/subscriptions/${id}/providers/Microsoft.Security/pricings/Containers`,
    name: 'Containers',
    type: 'microsoft.security/pricings',
    tenantId,
    resourceGroup: '',
    subscriptionId: id,
    properties: {
      pricingTier: tier,
      extensions: [
        {
          name: 'ContainerRegistriesVulnerabilityAssessments',
          // The plan is on there, the registry part of it is not.
          isEnabled: tier === 'Standard' && subscription !== 'nonprod' ? 'True' : 'False',
        },
      ],
    },
  };
}

/** Changes of the last days, as Resource Graph keeps them for two weeks. */
export function changeRows(): readonly Row[] {
  return [
    change('contosoprodus', '2d', 'user us developer', {
      'properties.publicNetworkAccess': ['Disabled', 'Enabled'],
    }),
    change('devdata', '5d', 'user data lead', { 'properties.adminUserEnabled': ['false', 'true'] }),
    change('contosouat', '9d', 'user platform engineer', {
      'sku.name': ['Standard', 'Premium'],
      'sku.tier': ['Standard', 'Premium'],
    }),
    change('legacyhub', '1d', 'old deployment script', { 'tags.createdBy': ['', 'migration-2019'] }),
  ];
}

function change(
  registry: RegistryName,
  age: string,
  by: string,
  changes: Readonly<Record<string, readonly [string, string]>>,
): Row {
  const place = places[registry];
  const name = guid(`change ${registry} ${age}`);
  return {
    id: `${registryId(registry)}/providers/Microsoft.Resources/changes/${name}`,
    name,
    type: 'microsoft.resources/changes',
    tenantId,
    resourceGroup: place.group,
    subscriptionId: subscriptions[place.subscription],
    properties: {
      targetResourceId: registryId(registry),
      targetResourceType: 'microsoft.containerregistry/registries',
      changeType: 'Update',
      changeAttributes: {
        timestamp: `\${ago:${age}}`,
        changedBy: guid(by),
        changedByType: by.startsWith('user') ? 'User' : 'Application',
        clientType: 'Azure Portal',
        operation: 'microsoft.containerregistry/registries/write',
        correlationId: guid(`correlation ${registry}`),
        changesCount: Object.keys(changes).length,
        resourceGroup: groupId(place.subscription, place.group),
      },
      changes: Object.fromEntries(
        Object.entries(changes).map(([path, [previousValue, newValue]]) => [
          path,
          { previousValue, newValue, propertyChangeType: 'Update', changeCategory: 'User' },
        ]),
      ),
    },
  };
}
