// Defender's findings by digest, from Resource Graph. Two generations of recommendations stand side by side there, so
// rows are chosen by the resource they assess and counted once a (digest, CVE).
import { z } from 'zod';
import type { Finding, ScanResult } from '../promotion/request.ts';
import { parseAnswer } from './errors.ts';
import { allRows, type ResourceGraph, type Row } from './resource-graph.ts';

const row = z.object({
  digest: z.string(),
  cve: z.string(),
  severity: z.string(),
  status: z.string(),
  scannedAt: z
    .string()
    .transform((text) => Date.parse(text))
    .pipe(z.number()),
});
const digestPattern = /^sha256:[0-9a-f]{64}$/;

export async function readScanResults(
  graph: ResourceGraph,
  digests: readonly string[],
): Promise<ReadonlyMap<string, ScanResult>> {
  const wanted = [...new Set(digests)].filter((digest) => digestPattern.test(digest));
  if (wanted.length === 0) return new Map();
  const rows = await allRows(
    graph,
    `securityresources | where type =~ 'microsoft.security/assessments/subassessments'` +
      ` | where properties.additionalData.assessedResourceType =~ 'AzureContainerRegistryVulnerability'` +
      ` | extend digest = tostring(properties.additionalData.artifactDetails.digest), cve = tostring(properties.id),` +
      ` severity = tostring(properties.additionalData.vulnerabilityDetails.severity), status = tostring(properties.status.code),` +
      ` scannedAt = tostring(properties.timeGenerated)` +
      ` | where digest in (${wanted.map((digest) => `'${digest}'`).join(', ')})` +
      ' | project id, digest, cve, severity, status, scannedAt | order by id asc',
  );
  return countFindings(rows);
}

const levels = ['low', 'medium', 'high', 'critical'] as const;
/** Of one digest. An image with more has other troubles, and a list that is cut off would compare wrongly. */
const maxFindings = 5000;

/** Throws where a row cannot be read: it might be the one that is critical. */
function countFindings(rows: readonly Row[]): ReadonlyMap<string, ScanResult> {
  const scannedAt = new Map<string, number>();
  /** Index in `levels` of the worst that is open of each CVE, by digest. */
  const open = new Map<string, Map<string, number>>();
  for (const raw of rows) {
    const { digest, cve, severity, status, scannedAt: at } = parseAnswer(row, raw, 'a finding of a scan');
    scannedAt.set(digest, Math.max(scannedAt.get(digest) ?? 0, at));
    const level = levels.findIndex((name) => name === severity.toLowerCase());
    if (status.toLowerCase() !== 'unhealthy' || level < 0) continue;
    const found = open.get(digest) ?? new Map<string, number>();
    open.set(digest, found.set(cve, Math.max(found.get(cve) ?? 0, level)));
  }
  return new Map(
    [...scannedAt].map(([digest, at]) => {
      const found = [...(open.get(digest)?.values() ?? [])];
      const count = (name: (typeof levels)[number]) => found.filter((level) => levels[level] === name).length;
      const counts = {
        critical: count('critical'),
        high: count('high'),
        medium: count('medium'),
        low: count('low'),
      };
      const findings = listFindings(open.get(digest));
      return [digest, { ...counts, scanner: 'Defender', scannedAt: at, ...(findings && { findings }) }];
    }),
  );
}

/** The gravest first. */
const listFindings = (found: ReadonlyMap<string, number> = new Map()): readonly Finding[] | undefined =>
  found.size > maxFindings
    ? undefined
    : [...found]
        .sort(([, a], [, b]) => b - a)
        .flatMap(([id, level]) => ({ id, severity: levels[level] ?? 'low' }));
