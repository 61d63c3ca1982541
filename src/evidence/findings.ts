// Vulnerabilities of the proposed image against those of what is live: which are new, which are gone.
import type { Changes, Finding, ScanResult } from '../promotion/request.ts';

const shown = 5;
const gravest = ['critical', 'high', 'medium', 'low'] as const;

/** `undefined` where one of the lists is missing or cut off: a gap in a list would look like a change. */
export function compareFindings(
  live: ScanResult | undefined,
  proposed: ScanResult | undefined,
): Changes<Finding> | undefined {
  if (!live?.findings || !proposed?.findings) return undefined;
  const added = missing(proposed.findings, live.findings);
  const removed = missing(live.findings, proposed.findings);
  return {
    added: added.slice(0, shown),
    removed: removed.slice(0, shown),
    counts: { added: added.length, removed: removed.length },
  };
}

/** What either scan found, each at its gravest; unknown as soon as one list is missing. */
export function joinFindings(
  one: readonly Finding[] | undefined,
  other: readonly Finding[] | undefined,
): readonly Finding[] | undefined {
  if (!one || !other) return undefined;
  const found = new Map<string, Finding>();
  // The first to come stays.
  for (const each of [...one, ...other].sort(byGravity)) if (!found.has(each.id)) found.set(each.id, each);
  return [...found.values()];
}

/** The gravest first, then by id. */
const byGravity = (a: Finding, b: Finding): number =>
  gravest.indexOf(a.severity) - gravest.indexOf(b.severity) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function missing(from: readonly Finding[], other: readonly Finding[]): readonly Finding[] {
  const ids = new Set(other.map(({ id }) => id));
  return from.filter(({ id }) => !ids.has(id)).sort(byGravity);
}
