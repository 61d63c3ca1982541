// What of the scanner's findings a stage must not have. No findings is good news only where somebody scans.
import type { ImageFinding, Part, RegistryFacts } from './facts.ts';
import type { EvidenceItem, Outcome } from './outcome.ts';
import { isLastStage, type JudgeContext, seen } from './rule.ts';
import { counted } from './shapes.ts';

/** Critical and high on the last stage, critical before it; always only what has a fix. */
function isOpen(finding: ImageFinding, facts: RegistryFacts, context: JudgeContext): boolean {
  if (finding.healthy || !finding.fixAvailable) return false;
  const severity = finding.severity.toLowerCase();
  return severity === 'critical' || (severity === 'high' && isLastStage(facts, context));
}

/** A registry whose stage is unknown is not let off the high ones: those make it unknown. */
export function judgeFindings(
  findings: readonly ImageFinding[],
  facts: RegistryFacts,
  context: JudgeContext,
): Outcome {
  if (findings.some((finding) => isOpen(finding, facts, context))) return 'fail';
  if (findings.length === 0 && !isScanned(facts)) return 'unknown';
  const isStaged = facts.stage !== undefined && context.stages.includes(facts.stage);
  const hasHigh = findings.some((f) => !f.healthy && f.fixAvailable && f.severity.toLowerCase() === 'high');
  return hasHigh && !isStaged ? 'unknown' : 'pass';
}

const isScanned = ({ defender }: RegistryFacts): boolean =>
  defender?.read === true &&
  defender.value.tier.toLowerCase() === 'standard' &&
  defender.value.registryScanning;

const open = (
  findings: readonly ImageFinding[],
  facts: RegistryFacts,
  context: JudgeContext,
): readonly ImageFinding[] => findings.filter((finding) => isOpen(finding, facts, context));

export function findingsText(
  findings: readonly ImageFinding[],
  facts: RegistryFacts,
  context: JudgeContext,
  outcome: Outcome,
): string {
  const bad = open(findings, facts, context);
  if (bad.length > 0) {
    const images = counted(new Set(bad.map((one) => one.digest)).size, 'image');
    const severities = ['critical', 'high']
      .map((name) => [name, bad.filter((one) => one.severity.toLowerCase() === name).length] as const)
      .filter(([, number]) => number > 0)
      .map(([name, number]) => `${number} ${name}`);
    return `${severities.join(' and ')} with a fix, in ${images}.`;
  }
  if (outcome === 'unknown')
    return findings.length === 0
      ? 'No findings, and it is not known that anything is scanned; ACR-21 speaks of it.'
      : 'There are high findings, and the stage is unknown.';
  return 'Nothing with a fix is open that this stage must not have.';
}

const shown = 30;

export function findingsEvidence(
  findings: readonly ImageFinding[],
  facts: RegistryFacts,
  context: JudgeContext,
): readonly EvidenceItem[] {
  const bad = open(findings, facts, context);
  const worst = [...bad].sort((a, b) => a.severity.localeCompare(b.severity) || a.cve.localeCompare(b.cve));
  const items = worst
    .slice(0, shown)
    .map((one) => seen(facts, 'Defender', `${one.repository}@${one.digest}`, `${one.cve} ${one.severity}`));
  return bad.length === 0 ? [] : [...items, seen(facts, 'Defender', 'in all', bad.length)];
}

/** Digest -> its newest assessment, in milliseconds. Kept for each list of findings. */
export function scannedAt(findings: readonly ImageFinding[]): ReadonlyMap<string, number> {
  const before = known.get(findings);
  if (before) return before;
  const newest = new Map<string, number>();
  for (const { digest, scannedAt: at } of findings) newest.set(digest, Math.max(newest.get(digest) ?? 0, at));
  known.set(findings, newest);
  return newest;
}
const known = new WeakMap<readonly ImageFinding[], ReadonlyMap<string, number>>();

export const valueOf = <T>(part: Part<T> | undefined): T | undefined => (part?.read ? part.value : undefined);
