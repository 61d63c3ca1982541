// Collects what is known of an image before anybody votes on it: pinned by digest, with what the target holds now.
import { registriesOfStage } from '../policy/lookup.ts';
import { findRule } from '../posture/catalogue.ts';
import { compareFindings, joinFindings } from '../evidence/findings.ts';
import { matchesGlob } from '../policy/glob.ts';
import type { Evidence, Facts, Subject } from '../promotion/request.ts';
import type { GateRules } from '../promotion/terms.ts';
import { collectAttachments } from './attachments.ts';
import type { Doors } from './doors.ts';
import { judgeScan, readKnowledge } from './estate.ts';
import type { TagState } from '../ports.ts';
import { refOf } from './ways.ts';

type Promotion = Extract<Subject, { kind: 'promotion' }>;

export type Collected =
  | { readonly kind: 'facts'; readonly facts: Facts }
  /** The tag does not point at the pinned digest any more; `digest` is absent if it is gone. */
  | { readonly kind: 'moved'; readonly digest?: string }
  /** The target got another digest under the tag since the request was asked for. */
  | { readonly kind: 'taken'; readonly digest: string }
  | { readonly kind: 'refused'; readonly code: string; readonly text: string };

export interface Search {
  readonly subject: Promotion;
  /** Which gates want to be judged by what is found. */
  readonly gates: GateRules;
  /** The digest that is known already: then an error is thrown, for what cannot be read again is not worse for it. */
  readonly pinned?: string;
}

/** Throws AzureError where the registries do not answer; a missing tag or a conflict in the target is a refusal. */
export async function collectFacts(doors: Doors, search: Search): Promise<Collected> {
  const { subject, pinned } = search;
  const policy = doors.policy();
  const { repository, tag } = subject;
  const source = refOf(policy, subject.source);
  const target = refOf(policy, subject.target);
  const [sourceTag, targetTag, live] = await Promise.all([
    doors.reader.tag(source, repository, tag),
    doors.reader.tag(target, repository, tag),
    liveTag(doors, subject),
  ]);
  if (pinned !== undefined && sourceTag?.digest !== pinned)
    return { kind: 'moved', ...(sourceTag && { digest: sourceTag.digest }) };
  if (!sourceTag)
    return {
      kind: 'refused',
      code: 'tag-not-found',
      text: `${repository}:${tag} is not in ${subject.source}. See its tags with: /acr image ${repository}`,
    };
  if (pinned !== undefined && targetTag && targetTag.digest !== pinned)
    return { kind: 'taken', digest: targetTag.digest };
  if (targetTag && targetTag.digest !== sourceTag.digest)
    return {
      kind: 'refused',
      code: 'target-exists',
      text: `${subject.target} holds ${repository}:${tag} already, with another digest (${targetTag.digest}). A promoted tag is never overwritten: push a new tag and promote that.`,
    };
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
  const [scans, attached, inSourceSince, posture] = await Promise.all([
    orUnknown(doors, search, () =>
      doors.reader.scanResults(scanned.flatMap(({ digest, children }) => [digest, ...children])),
    ),
    collectAttachments(
      doors,
      search.gates,
      { registry: source, repository, image },
      liveImage && { registry: target, repository, image: liveImage },
    ),
    soakedSince(doors, search, sourceTag),
    orUnknown(doors, search, () => judgePosture(doors, search)),
  ]);
  const scan = scanOf(image, scans);
  const liveScan =
    live &&
    worst([live.digest, ...(liveImage?.children ?? [])].flatMap((digest) => scans?.get(digest) ?? []));
  const findings = compareFindings(liveScan, scan);
  const facts = {
    ...image,
    ...attached,
    ...(findings && { findings }),
    ...(scan && { scan: counted(scan) }),
    ...(inSourceSince !== undefined && { inSourceSince }),
    ...(posture && { posture }),
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
  return { kind: 'facts', facts };
}

/** What cannot be read is unknown, which an enforced gate does not accept. */
async function orUnknown<T>(
  doors: Doors,
  { pinned }: Search,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (pinned !== undefined) throw error;
    doors.log.warn('a part of the evidence could not be read', { error: String(error) });
    return undefined;
  }
}

/**
 * Since when the image is in the stage that it must soak in, in milliseconds: where it comes from, or another one that
 * holds the same digest under the tag.
 */
async function soakedSince(doors: Doors, search: Search, sourceTag: TagState): Promise<number | undefined> {
  const { subject, gates } = search;
  const stage = gates.soak?.stage ?? subject.fromStage;
  if (stage === subject.fromStage || subject.rollback) return sourceTag.updatedAt;
  const policy = doors.policy();
  const tags = await orUnknown(doors, search, () =>
    Promise.all(
      registriesOfStage(policy, stage).map(([key]) =>
        doors.reader.tag(refOf(policy, key), subject.repository, subject.tag),
      ),
    ),
  );
  const times = (tags ?? []).flatMap((each) =>
    each?.digest === sourceTag.digest && each.updatedAt !== undefined ? [each.updatedAt] : [],
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** The newest tag of the repository in the target, cosign's siblings left out: the last one promoted. */
async function liveTag(doors: Doors, subject: Promotion) {
  const tags = await doors.reader.tags(refOf(doors.policy(), subject.target), subject.repository);
  return tags.find((each) => !matchesGlob('sha256-*.*', each.tag));
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

/** Outcomes of the rules that the posture gate names, on the registry it names; nothing when it is not there. */
async function judgePosture(
  doors: Doors,
  { subject, gates: { posture: gate } }: Search,
): Promise<Evidence['posture']> {
  if (!gate || gate.mode === 'off') return undefined;
  const policy = doors.policy();
  const { registries, verdicts } = judgeScan(await doors.reader.scan(), policy, await readKnowledge(doors));
  const id = refOf(policy, gate.registry === 'target' ? subject.target : subject.source).id.toLowerCase();
  const index = registries.findIndex((facts) => facts.id === id);
  if (index < 0) return undefined;
  return Object.fromEntries(
    gate.require.map((name) => {
      const rule = findRule(name, verdicts.rules);
      return [name, rule ? verdicts.outcome(index, verdicts.rules.indexOf(rule)) : 'unknown'] as const;
    }),
  );
}
