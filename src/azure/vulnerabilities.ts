// Defender's findings by digest, from Resource Graph. Two generations of recommendations stand side by side there, so
// rows are chosen by the resource they assess and counted once a (digest, CVE).
import { z } from 'zod';
import type { ScanResult } from '../promotion/request.ts';
import type { ResourceGraph } from './resource-graph.ts';

const row = z.object({
  digest: z.string(),
  cve: z.string(),
  severity: z.string(),
  status: z.string(),
  scannedAt: z.string().transform((text) => Date.parse(text)),
});
const digestPattern = /^sha256:[0-9a-f]{64}$/;

export async function readScanResults(
  graph: ResourceGraph,
  digests: readonly string[],
): Promise<ReadonlyMap<string, ScanResult>> {
  const wanted = [...new Set(digests)].filter((digest) => digestPattern.test(digest));
  if (wanted.length === 0) return new Map();
  const rows = await graph.rows(
    `securityresources | where type =~ 'microsoft.security/assessments/subassessments'` +
      ` | where properties.additionalData.assessedResourceType =~ 'AzureContainerRegistryVulnerability'` +
      ` | extend digest = tostring(properties.additionalData.artifactDetails.digest), cve = tostring(properties.id),` +
      ` severity = tostring(properties.additionalData.vulnerabilityDetails.severity), status = tostring(properties.status.code),` +
      ` scannedAt = tostring(properties.timeGenerated)` +
      ` | where digest in (${wanted.map((digest) => `'${digest}'`).join(', ')})` +
      ' | project id, digest, cve, severity, status, scannedAt | order by id asc',
  );
  const results = new Map<string, ScanResult>();
  const counted = new Set<string>();
  for (const raw of rows) {
    const parsed = row.safeParse(raw);
    if (!parsed.success || !Number.isFinite(parsed.data.scannedAt)) continue;
    const { digest, cve, severity, status, scannedAt } = parsed.data;
    const before = results.get(digest) ?? {
      critical: 0,
      high: 0,
      medium: 0,
      low: 0,
      scanner: 'Defender',
      scannedAt: 0,
    };
    const counts = status.toLowerCase() === 'unhealthy' && !counted.has(`${digest} ${cve}`);
    counted.add(`${digest} ${cve}`);
    const level = counts ? severity.toLowerCase() : '';
    results.set(digest, {
      ...before,
      ...((level === 'critical' || level === 'high' || level === 'medium' || level === 'low') && {
        [level]: before[level] + 1,
      }),
      scannedAt: Math.max(before.scannedAt, scannedAt),
    });
  }
  return results;
}
