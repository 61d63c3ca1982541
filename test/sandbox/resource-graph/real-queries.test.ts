// Queries as people write them for container registries, in the manner of the published resiliency queries.
import { expect, test } from 'vitest';
import { rowsOf } from './estate.ts';

test('registries that are not Premium', async () => {
  const rows = await rowsOf(`
    // registries below the tier that production needs
    Resources
    | where type =~ "Microsoft.ContainerRegistry/registries"
    | where sku.name !~ "Premium"
    | project recommendationId = "CR-1", name, id, tags, param1 = strcat("SkuName: ", tostring(sku.name))
    | order by id asc`);

  expect(rows.map((row) => [row['name'], row['param1']])).toEqual([
    ['paystaging', 'SkuName: Standard'],
    ['shopdev', 'SkuName: Basic'],
  ]);
});

test('replications outside of the home region, by the parent in their id', async () => {
  const rows = await rowsOf(`
    resources
    | where type =~ 'microsoft.containerregistry/registries'
    | project id = tolower(id), name, home = location
    | join kind=leftouter (
        resources
        | where type =~ 'microsoft.containerregistry/registries/replications'
        | extend parent = tostring(split(tolower(id), '/replications/')[0])
        | project parent, region = location
      ) on $left.id == $right.parent
    | summarize replicas = countif(isnotempty(region) and region != home) by name
    | order by name asc`);

  expect(rows).toEqual([
    { name: 'paystaging', replicas: 0 },
    { name: 'shopdev', replicas: 0 },
    { name: 'shopprod', replicas: 1 },
  ]);
});

test('private endpoints by their state, registries without any included', async () => {
  const rows = await rowsOf(`
    resources
    | where type =~ 'microsoft.containerregistry/registries'
    | extend connections = iff(array_length(properties.privateEndpointConnections) > 0, properties.privateEndpointConnections, dynamic([null]))
    | mv-expand connection = connections
    | extend status = tostring(connection.properties.privateLinkServiceConnectionState.status)
    | summarize approved = countif(status == 'Approved'), other = countif(status !in ('', 'Approved')) by name, id
    | project-away id
    | order by name asc`);

  expect(rows).toEqual([
    { name: 'paystaging', approved: 0, other: 0 },
    { name: 'shopdev', approved: 0, other: 0 },
    { name: 'shopprod', approved: 1, other: 1 },
  ]);
});

test('findings of images by digest and severity', async () => {
  const rows = await rowsOf(`
    securityresources
    | where type =~ 'microsoft.security/assessments/subassessments'
        and properties.additionalData.assessedResourceType == 'AzureContainerRegistryVulnerability'
    | extend digest = tostring(properties.additionalData.artifactDetails.digest),
             severity = tostring(properties.additionalData.vulnerabilityDetails.severity),
             cve = tostring(properties.id)
    | where properties.status.code == 'Unhealthy'
    | summarize high = dcountif(cve, severity in~ ('high', 'critical')), cves = make_set(cve) by digest
    | order by digest asc`);

  expect(rows).toEqual([
    { digest: 'sha256:aa', high: 1, cves: ['CVE-1', 'CVE-2'] },
    { digest: 'sha256:bb', high: 1, cves: ['CVE-1b'] },
  ]);
});

test('registries made in the last week, by a let', async () => {
  const rows = await rowsOf(`
    let since = ago(7d);
    let registries = resources | where type =~ 'microsoft.containerregistry/registries';
    registries
    | extend created = todatetime(properties.creationDate)
    | where created > since
    | project name, days = datetime_diff('day', now(), created), week = bin(created, 7d)`);

  expect(rows).toEqual([{ name: 'shopprod', days: 2, week: '2026-11-16T00:00:00.0000000Z' }]);
});

test('retention and admin user, where a missing policy is not a pass', async () => {
  const rows = await rowsOf(`
    where type =~ 'microsoft.containerregistry/registries'
    | extend status = tostring(properties.policies.retentionPolicy.status)
    | extend verdict = case(isempty(status), 'unknown', status =~ 'enabled', 'pass', 'fail'), admin = tobool(properties.adminUserEnabled)
    | project name, verdict, admin
    | order by name asc`);

  expect(rows).toEqual([
    { name: 'paystaging', verdict: 'unknown', admin: false },
    { name: 'shopdev', verdict: 'unknown', admin: true },
    { name: 'shopprod', verdict: 'pass', admin: false },
  ]);
});
