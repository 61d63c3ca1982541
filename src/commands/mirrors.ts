// Mirrors: base images (or what else the policy names) go from one stage's registries to another's without approval, by
// digest, never over a tag that is there. What is in both ends is compared first, so that a run may be repeated.
import { matchesGlob } from '../policy/glob.ts';
import { registriesOfStage } from '../policy/lookup.ts';
import type { Policy } from '../policy/policy.ts';
import type { Lease, RegistryRef, TagState } from '../ports.ts';
import { product } from './decisions.ts';
import type { Doors } from './doors.ts';
import { refOf } from './ways.ts';

export type Mirror = Policy['mirrors'][number];

export type CopyState = 'same' | 'missing' | 'other' | 'unread';

/** One tag of one repository in one registry that it is mirrored to. */
export interface Copy {
  readonly mirror: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly source: string;
  readonly target: string;
  /** `other`: the target holds another digest under the tag, which is never overwritten. */
  readonly state: CopyState;
}

/** How both ends of a mirror compare, for the newest tags of each repository. Throws where the source cannot be read. */
export async function compareMirror(doors: Doors, mirror: Mirror): Promise<readonly Copy[]> {
  const policy = doors.policy();
  const targets = registriesOfStage(policy, mirror.to.stage).map(([key]) => refOf(policy, key));
  const copies: Copy[] = [];
  for (const [key] of registriesOfStage(policy, mirror.from)) {
    const source = refOf(policy, key);
    const held = await doors.reader.repositories(source);
    for (const repository of held.filter((name) => isMirrored(mirror, name))) {
      const tags = (await doors.reader.tags(source, repository)).filter((each) => !isSibling(each));
      for (const each of tags.slice(0, policy.posture.inUseTags))
        copies.push(
          ...(await Promise.all(
            targets.map((target) => compareTag(doors, mirror, { source, target, repository, tag: each })),
          )),
        );
    }
  }
  return copies;
}

const isMirrored = (mirror: Mirror, repository: string): boolean =>
  mirror.repositories.some((pattern) => matchesGlob(pattern, repository));

/** A tag that cosign hangs on an image: it goes with the image. */
const isSibling = ({ tag }: TagState): boolean => matchesGlob('sha256-*.*', tag);

interface Pair {
  readonly source: RegistryRef;
  readonly target: RegistryRef;
  readonly repository: string;
  readonly tag: TagState;
}

async function compareTag(doors: Doors, mirror: Mirror, pair: Pair): Promise<Copy> {
  const { source, target, repository, tag } = pair;
  const about = { mirror: mirror.name, repository, tag: tag.tag, digest: tag.digest };
  const ends = { source: source.key, target: target.key };
  try {
    const there = await doors.reader.tag(target, repository, tag.tag);
    const state = !there ? 'missing' : there.digest === tag.digest ? 'same' : 'other';
    return { ...about, ...ends, state };
  } catch (error) {
    doors.log.warn('a mirrored tag could not be read', { target: target.key, error: String(error) });
    return { ...about, ...ends, state: 'unread' };
  }
}

/** The job `mirror`: copies what is missing. Tried again as a whole until everything that can be copied is there. */
export async function runMirror(lease: Lease, doors: Doors): Promise<void> {
  const name = String(lease.payload['name']);
  const mirror = doors.policy().mirrors.find((each) => each.name === name);
  if (!mirror) return;
  const missing = (await compareMirror(doors, mirror)).filter((copy) => copy.state === 'missing');
  const problems: string[] = [];
  for (const copy of missing)
    await copyOne(doors, mirror, copy).catch((error: unknown) =>
      problems.push(String((error as Error).message)),
    );
  await doors.ledger.audit({
    at: doors.clock(),
    actor: product,
    action: problems.length === 0 ? 'mirror-done' : 'mirror-troubled',
    subject: mirrorSubject(name),
    facts: { copied: missing.length - problems.length, problems: problems.slice(0, 5) },
  });
  if (problems.length > 0)
    throw new Error(`${problems.length} copies of the mirror '${name}' failed: ${problems[0]}`);
}

export const mirrorSubject = (name: string): string => `mirror:${name}`;

/** The image by digest, then what hangs on it; the target is read back, for an import that Azure calls done is no proof. */
async function copyOne(doors: Doors, mirror: Mirror, copy: Copy): Promise<void> {
  const policy = doors.policy();
  const [source, target] = [refOf(policy, copy.source), refOf(policy, copy.target)];
  const { repository, digest, tag } = copy;
  const image = await doors.reader.image(source, repository, digest);
  const order = { identity: mirror.identity, source, target, repository };
  await doors.writer.importImage({ ...order, digest, tag });
  for (const referrer of image?.referrers ?? [])
    await doors.writer.importImage({
      ...order,
      digest: referrer.digest,
      ...(referrer.tag !== undefined && { tag: referrer.tag }),
    });
  const there = await doors.reader.tag(target, repository, tag);
  await doors.ledger.audit({
    at: doors.clock(),
    actor: product,
    action: there?.digest === digest ? 'mirrored' : 'mirror-failed',
    subject: `${copy.target}/${repository}:${tag}`,
    facts: { mirror: mirror.name, digest, found: there?.digest ?? 'nothing' },
  });
  if (there?.digest !== digest)
    throw new Error(
      `${copy.target} holds ${there?.digest ?? 'nothing'} as ${repository}:${tag}, not ${digest}`,
    );
}

/** When each mirror of the policy runs. */
export const mirrorRuns = ({ mirrors, timezone }: Policy) =>
  mirrors.map(({ name, schedule }) => ({ kind: 'mirror' as const, name, cron: schedule, timezone }));
