// Collects what is known of an image before anybody votes on it: pinned by digest, with what the target holds now.
import { findRule } from '../posture/catalogue.ts';
import { compareFindings, joinFindings } from '../evidence/findings.ts';
import { matchesGlob } from '../policy/glob.ts';
import type { Edge } from '../policy/policy.ts';
import { judgeGates, type PostureOutcomes } from '../promotion/gates.ts';
import type { Evidence, Subject } from '../promotion/request.ts';
import { collectAttachments } from './attachments.ts';
import type { Doors } from './doors.ts';
import { judgeScan, readKnowledge } from './estate.ts';
import { refOf } from './ways.ts';

type Promotion = Extract<Subject, { kind: 'promotion' }>;

export type Collected =
  | { readonly kind: 'evidence'; readonly evidence: Evidence; readonly hash: string }
  | { readonly kind: 'refused'; readonly code: string; readonly text: string };

/** Throws AzureError where the registries do not answer; a missing tag or a conflict in the target is a refusal. */
export async function collectEvidence(doors: Doors, subject: Promotion, edge: Edge): Promise<Collected> {
  const policy = doors.policy();
  const { repository, tag } = subject;
  const source = refOf(policy, subject.source);
  const target = refOf(policy, subject.target);
  const [sourceTag, targetTag, live] = await Promise.all([
    doors.reader.tag(source, repository, tag),
    doors.reader.tag(target, repository, tag),
    liveTag(doors, subject),
  ]);
  if (!sourceTag)
    return {
      kind: 'refused',
      code: 'tag-not-found',
      text: `${repository}:${tag} is not in ${subject.source}. See its tags with: /acr image ${repository}`,
    };
  if (targetTag && targetTag.digest !== sourceTag.digest) {
    return {
      kind: 'refused',
      code: 'target-exists',
      text: `${subject.target} holds ${repository}:${tag} already, with another digest (${targetTag.digest}). A promoted tag is never overwritten: push a new tag and promote that.`,
    };
  }
  const [image, liveImage] = await Promise.all([
    doors.reader.image(source, repository, sourceTag.digest),
    live && doors.reader.image(target, repository, live.digest).catch(() => undefined),
  ]);
  if (!image)
    return {
      kind: 'refused',
      code: 'image-not-found',
      text: `The manifest ${sourceTag.digest} of ${repository}:${tag} is gone. Push it again.`,
    };
  const scanned = [image, ...(live ? [{ digest: live.digest, children: liveImage?.children ?? [] }] : [])];
  const [scans, attached] = await Promise.all([
    readScans(
      doors,
      scanned.flatMap(({ digest, children }) => [digest, ...children]),
    ),
    collectAttachments(
      doors,
      edge,
      { registry: source, repository, image },
      liveImage && { registry: target, repository, image: liveImage },
    ),
  ]);
  const now = doors.clock();
  const scan = scanOf(image, scans);
  const liveScan =
    live &&
    worst([live.digest, ...(liveImage?.children ?? [])].flatMap((digest) => scans?.get(digest) ?? []));
  const inSourceSince =
    edge.gates.soak && edge.gates.soak.stage !== subject.fromStage ? undefined : sourceTag.updatedAt;
  const findings = compareFindings(liveScan, scan);
  const evidence = {
    ...image,
    ...attached,
    ...(findings && { findings }),
    ...(scan && { scan: counted(scan) }),
    ...(inSourceSince !== undefined && { inSourceSince }),
    ...(live && {
      live: {
        tag: live.tag,
        digest: live.digest,
        ...(live.updatedAt && { updatedAt: live.updatedAt }),
        ...(liveImage && { size: liveImage.size, layers: liveImage.layers }),
        ...(liveScan && { scan: counted(liveScan) }),
      },
    }),
  };
  const gates = judgeGates(edge.gates, evidence, await posture(doors, edge, subject), now);
  const full = { ...evidence, gates };
  return {
    kind: 'evidence',
    evidence: full,
    hash: doors.ids.hash(
      JSON.stringify([full.digest, policy.hash, gates.map((gate) => [gate.gate, gate.outcome])]),
    ),
  };
}

/** The newest tag of the repository in the target, cosign's siblings left out: the last one promoted. */
async function liveTag(doors: Doors, subject: Promotion) {
  const tags = await doors.reader.tags(refOf(doors.policy(), subject.target), subject.repository);
  return tags.find((each) => !matchesGlob('sha256-*.*', each.tag));
}

/** The scanner's findings; when they cannot be read the scan is unknown, which an enforced gate does not accept. */
async function readScans(
  doors: Doors,
  digests: readonly string[],
): Promise<ReadonlyMap<string, Scan> | undefined> {
  try {
    return await doors.reader.scanResults(digests);
  } catch (error) {
    doors.log.warn('the scan results could not be read', { error: String(error) });
    return undefined;
  }
}

type Scan = NonNullable<Evidence['scan']>;

/** A scan of some of the platforms says nothing of the others: without all of them the scan is unknown. */
function scanOf(
  { digest, children, platforms }: Pick<Evidence, 'digest' | 'children' | 'platforms'>,
  scans: ReadonlyMap<string, Scan> | undefined,
): Scan | undefined {
  const own = scans?.get(digest);
  const ofChildren = children.flatMap((child) => scans?.get(child) ?? []);
  const isWhole =
    own !== undefined || (children.length > 0 && ofChildren.length >= Math.max(1, platforms.length));
  return isWhole ? worst([...(own ? [own] : []), ...ofChildren]) : undefined;
}

/** The lists are for comparing; what is kept with a request is how many. */
function counted(scan: Scan): Scan {
  const { findings: _, ...counts } = scan;
  return counts;
}

/** Of several platforms, the sum of the worst: the highest count of each severity, and the oldest scan. */
function worst(scans: readonly Scan[]): Scan | undefined {
  return scans.reduce<Scan | undefined>((found, scan) => {
    if (!found) return scan;
    const findings = joinFindings(found.findings, scan.findings);
    return {
      ...counted(found),
      ...(findings && { findings }),
      critical: Math.max(found.critical, scan.critical),
      high: Math.max(found.high, scan.high),
      medium: Math.max(found.medium, scan.medium),
      low: Math.max(found.low, scan.low),
      scannedAt: Math.min(found.scannedAt, scan.scannedAt),
    };
  }, undefined);
}

/** Outcomes of the rules that the posture gate names, on the registry it names; nothing when they cannot be judged. */
async function posture(doors: Doors, edge: Edge, subject: Promotion): Promise<PostureOutcomes | undefined> {
  const gate = edge.gates.posture;
  if (!gate || gate.mode === 'off') return undefined;
  const scan = await doors.reader.scan().catch(() => undefined);
  if (!scan) return undefined;
  const policy = doors.policy();
  const estate = judgeScan(scan, policy, await readKnowledge(doors));
  const id = refOf(policy, gate.registry === 'target' ? subject.target : subject.source).id.toLowerCase();
  const index = estate.registries.findIndex((facts) => facts.id === id);
  if (index < 0) return undefined;
  return new Map(
    gate.require.map((name) => {
      const rule = findRule(name, estate.verdicts.rules);
      return [
        name,
        rule ? estate.verdicts.outcome(index, estate.verdicts.rules.indexOf(rule)) : 'unknown',
      ] as const;
    }),
  );
}
