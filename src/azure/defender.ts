// What Defender for Containers says: its plan by subscription, and its findings by registry. Two generations of
// recommendations stand side by side, so findings are chosen by what they assess and counted once a (digest, CVE).
import { z } from 'zod';
import type { DefenderPlan, ImageFinding, Part } from '../posture/facts.ts';
import { byKey, type Note, mapped, parsedPages, read, unread, whole } from './parts.ts';
import type { RegistryBase } from './registry-row.ts';
import type { ResourceGraph, Row } from './resource-graph.ts';
import { lower, moment, type Parsed, parseRows } from './row-schema.ts';

const query =
  `securityresources | where (type =~ 'microsoft.security/pricings' and name =~ 'Containers')` +
  ` or (type =~ 'microsoft.security/assessments/subassessments' and properties.additionalData.assessedResourceType =~ 'AzureContainerRegistryVulnerability')` +
  ` | extend digest = tostring(properties.additionalData.artifactDetails.digest), repository = tostring(properties.additionalData.artifactDetails.repositoryName),` +
  ` host = tostring(properties.additionalData.artifactDetails.registryHost), cve = tostring(properties.id),` +
  ` severity = tostring(properties.additionalData.vulnerabilityDetails.severity), fixed = tostring(properties.additionalData.softwareDetails.fixedVersion),` +
  ` status = tostring(properties.status.code), scannedAt = tostring(properties.timeGenerated),` +
  ` tier = tostring(properties.pricingTier), extensions = properties.extensions` +
  ' | project id, type, subscriptionId, digest, repository, host, cve, severity, fixed, status, scannedAt, tier, extensions | order by id asc';

const planRow = z.object({
  subscriptionId: lower,
  tier: z.string().min(1),
  extensions: z
    .array(z.object({ name: z.string(), isEnabled: z.union([z.string(), z.boolean()]).transform(String) }))
    .nullish(),
});
const findingRow = z.object({
  id: lower,
  digest: z.string().min(1),
  repository: z.string(),
  host: lower,
  cve: z.string().min(1),
  severity: z.string(),
  fixed: z.string(),
  status: z.string().min(1),
  scannedAt: moment,
});

interface Found extends ImageFinding {
  readonly host: string;
  /** What was assessed: a registry, or the cluster that runs the image. */
  readonly resource: string;
}

type Plan = DefenderPlan & { readonly subscription: string };
type SecurityPages = Part<readonly { readonly plans: Parsed<Plan>; readonly findings: Parsed<Found> }[]>;

export function readSecurity(graph: ResourceGraph): Promise<SecurityPages> {
  const shared = createShared();
  return parsedPages(graph.pages(query), (rows) => ({
    plans: parsePlans(rows.filter(isPlan)),
    findings: parseFindings(
      rows.filter((row) => !isPlan(row)),
      shared,
    ),
  }));
}

const isPlan = (row: Row): boolean => String(row['type']).toLowerCase() === 'microsoft.security/pricings';

/** One copy of each text: an estate's million findings name the same registries, digests and CVEs over and over. */
function createShared(): (text: string) => string {
  const kept = new Map<string, string>();
  return (text) => {
    const known = kept.get(text);
    if (known === undefined) kept.set(text, text);
    return known ?? text;
  };
}

export interface SecurityParts {
  readonly defender: Part<DefenderPlan>;
  readonly registryFindings: Part<readonly ImageFinding[]>;
  readonly runningFindings: Part<readonly ImageFinding[]>;
}

/** The parts of each registry; a running image belongs to the registry whose host it was pulled from. */
export function securityOf(pages: SecurityPages, note: Note): (registry: RegistryBase) => SecurityParts {
  const plans = whole(
    mapped(pages, (all) => all.map((page) => page.plans)),
    (n) => note('Defender plans', n),
  );
  const found = whole(
    mapped(pages, (all) => all.map((page) => page.findings)),
    (n) => note('image findings', n),
  );
  const planOf = byKey(plans, (plan) => plan.subscription);
  const isRegistry = (finding: Found) =>
    finding.resource.includes('/microsoft.containerregistry/registries/');
  const inRegistry = byKey(
    mapped(found, (all) => all.filter(isRegistry)),
    (finding) => finding.resource,
  );
  const running = byKey(
    mapped(found, (all) => all.filter((finding) => !isRegistry(finding))),
    (finding) => finding.host,
  );
  return (registry) => ({
    defender: planPart(planOf(registry.subscription.toLowerCase())),
    registryFindings: mapped(inRegistry(registry.id), once),
    runningFindings: mapped(all(hostsOf(registry).map((host) => running(host))), once),
  });
}

/** Nothing was said of a plan: Defender was never looked at there, or the reader may not see it. */
const planPart = (plans: Part<readonly DefenderPlan[]>): Part<DefenderPlan> => {
  if (!plans.read) return plans;
  const [plan] = plans.value;
  return plan
    ? read({ tier: plan.tier, registryScanning: plan.registryScanning })
    : unread(
        "Resource Graph shows no Defender plan of the subscription: is the bot's identity Security Reader there?",
      );
};

/** A registry's host is its name and the cloud's suffix, whatever a private link makes of the login server. */
const hostsOf = ({ name, loginServer }: RegistryBase): readonly string[] => [
  ...new Set([
    ...['io', 'cn', 'us'].map((suffix) => `${name.toLowerCase()}.azurecr.${suffix}`),
    ...(loginServer ? [loginServer.toLowerCase()] : []),
  ]),
];

const all = <T>(parts: readonly Part<readonly T[]>[]): Part<readonly T[]> =>
  parts.find((each) => !each.read) ?? read(parts.flatMap((each) => (each.read ? each.value : [])));

const severities = ['low', 'medium', 'high', 'critical'];
const rank = (severity: string): number => severities.indexOf(severity.toLowerCase());

/** One finding a repository, digest and CVE: the worst of what the generations say. */
function once(findings: readonly Found[]): readonly ImageFinding[] {
  const kept = new Map<string, ImageFinding>();
  for (const { host: _, resource: __, ...finding } of findings) {
    const key = `${finding.repository}@${finding.digest} ${finding.cve}`;
    const before = kept.get(key);
    kept.set(key, before ? worseOf(before, finding) : finding);
  }
  return [...kept.values()];
}

const worseOf = (a: ImageFinding, b: ImageFinding): ImageFinding => ({
  ...a,
  severity: rank(b.severity) > rank(a.severity) ? b.severity : a.severity,
  fixAvailable: a.fixAvailable || b.fixAvailable,
  healthy: a.healthy && b.healthy,
  scannedAt: Math.max(a.scannedAt, b.scannedAt),
});

const parsePlans = (rows: readonly Row[]): Parsed<Plan> =>
  parseRows(rows, planRow, ({ subscriptionId, tier, extensions }) => ({
    subscription: subscriptionId,
    tier,
    registryScanning: (extensions ?? []).some(
      ({ name, isEnabled }) =>
        name === 'ContainerRegistriesVulnerabilityAssessments' && isEnabled.toLowerCase() === 'true',
    ),
  }));

const parseFindings = (rows: readonly Row[], shared: (text: string) => string): Parsed<Found> =>
  parseRows(rows, findingRow, (row) => ({
    digest: shared(row.digest),
    repository: shared(row.repository),
    cve: shared(row.cve),
    severity: shared(row.severity),
    fixAvailable: row.fixed !== '',
    healthy: row.status.toLowerCase() !== 'unhealthy',
    scannedAt: row.scannedAt,
    host: shared(row.host),
    resource: shared(row.id.split('/providers/microsoft.security/')[0] ?? ''),
  }));
