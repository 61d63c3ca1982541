// Every rule, in the order it is shown. A new rule is a file under rules/ and a line here.
import type { Rule } from './rule.ts';
import { replicaRegions } from './rules/acr-01-replica-regions.ts';
import { softDeleteDays } from './rules/acr-02-soft-delete-days.ts';
import { diagnosticCategories } from './rules/acr-03-diagnostic-categories.ts';
import { armAudience } from './rules/acr-04-arm-audience.ts';
import { repositoryTokens } from './rules/acr-05-tokens.ts';
import { registryIdentity } from './rules/acr-06-identity.ts';
import { cacheRules } from './rules/acr-07-cache-rules.ts';
import { publicNetwork } from './rules/acr-08-public-network.ts';
import { defaultAction } from './rules/acr-09-default-action.ts';
import { privateEndpoint } from './rules/acr-10-private-endpoint.ts';
import { serviceEndpoints } from './rules/acr-11-service-endpoints.ts';
import { endpointSubscriptions } from './rules/acr-12-endpoint-subscriptions.ts';
import { trustedServices } from './rules/acr-13-trusted-services.ts';
import { dataEndpoints } from './rules/acr-14-data-endpoints.ts';
import { dnsZones } from './rules/acr-15-dns-zones.ts';
import { webhooks } from './rules/acr-16-webhooks.ts';
import { customerKey } from './rules/acr-17-customer-key.ts';
import { exportPolicy } from './rules/acr-18-export-policy.ts';
import { quarantine } from './rules/acr-19-quarantine.ts';
import { contentTrust } from './rules/acr-20-content-trust.ts';
import { defenderPlan } from './rules/acr-21-defender-plan.ts';
import { registryFindings } from './rules/acr-22-registry-findings.ts';
import { runningFindings } from './rules/acr-23-running-findings.ts';
import { validName } from './rules/acr-24-valid-name.ts';
import { naming } from './rules/acr-25-naming.ts';
import { requiredTags } from './rules/acr-26-required-tags.ts';
import { sla } from './rules/acr-27-sla.ts';
import { replicaZones } from './rules/acr-28-replica-zones.ts';
import { geoUsage } from './rules/acr-29-geo-usage.ts';
import { staleParts } from './rules/acr-30-stale-parts.ts';
import { premiumTier } from './rules/cr-1-premium-tier.ts';
import { diagnostics } from './rules/cr-10-diagnostics.ts';
import { alerts } from './rules/cr-11-alerts.ts';
import { softDelete } from './rules/cr-12-soft-delete.ts';
import { zoneRedundancy } from './rules/cr-2-zone-redundancy.ts';
import { geoReplication } from './rules/cr-3-geo-replication.ts';
import { pullPerformance } from './rules/cr-4-pull-performance.ts';
import { namespaces } from './rules/cr-5-namespaces.ts';
import { dedicatedGroup } from './rules/cr-6-dedicated-group.ts';
import { registrySize } from './rules/cr-7-registry-size.ts';
import { anonymousPull } from './rules/cr-8-anonymous-pull.ts';
import { managedIdentity } from './rules/cr-9-managed-identity.ts';
import { writers } from './rules/ten-01-writers.ts';
import { readers } from './rules/ten-02-readers.ts';
import { lockedTags } from './rules/ten-03-locked-tags.ts';
import { productionOnly } from './rules/ten-04-production-only.ts';
import { oneStage } from './rules/ten-05-one-stage.ts';
import { teamRegistries } from './rules/ten-06-team-registries.ts';
import { throughTheChain } from './rules/ten-07-through-the-chain.ts';
import { baseImages } from './rules/ten-08-base-images.ts';
import { scanCoverage } from './rules/ten-09-scan-coverage.ts';
import { labels } from './rules/ten-10-labels.ts';
import { throughput } from './rules/ten-11-throughput.ts';
import { leastPrivilege } from './rules/ten-12-least-privilege.ts';

export const rules: readonly Rule[] = [
  premiumTier,
  zoneRedundancy,
  geoReplication,
  pullPerformance,
  namespaces,
  dedicatedGroup,
  registrySize,
  anonymousPull,
  managedIdentity,
  diagnostics,
  alerts,
  softDelete,
  replicaRegions,
  softDeleteDays,
  diagnosticCategories,
  armAudience,
  repositoryTokens,
  registryIdentity,
  cacheRules,
  publicNetwork,
  defaultAction,
  privateEndpoint,
  serviceEndpoints,
  endpointSubscriptions,
  trustedServices,
  dataEndpoints,
  dnsZones,
  webhooks,
  customerKey,
  exportPolicy,
  quarantine,
  contentTrust,
  defenderPlan,
  registryFindings,
  runningFindings,
  validName,
  naming,
  requiredTags,
  sla,
  replicaZones,
  geoUsage,
  staleParts,
  writers,
  readers,
  lockedTags,
  productionOnly,
  oneStage,
  teamRegistries,
  throughTheChain,
  baseImages,
  scanCoverage,
  labels,
  throughput,
  leastPrivilege,
];

/** By id, in any case: `cr-3` finds CR-3. `among`: the rules of a policy, which may have its own. */
export const findRule = (id: string, among: readonly Rule[] = rules): Rule | undefined =>
  among.find((rule) => rule.id.toLowerCase() === id.toLowerCase());
