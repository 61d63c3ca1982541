// Whether a push to production is known to be right: imported by a promotion, copied by a mirror, or built by the CI while
// nobody else can write there. What cannot be read explains nothing.
import { matchesGlob } from '../policy/glob.ts';
import { registriesOfStage, repositoryRule } from '../policy/lookup.ts';
import type { RegistryEvent } from '../ports.ts';
import type { Request } from '../promotion/request.ts';
import type { Doors } from './doors.ts';
import { judgeScan } from './estate.ts';
import { lockTree } from './lock-tree.ts';
import { refOf } from './ways.ts';

/** Why nothing explains it, in a sentence; nothing where it is explained. */
export async function explainPush(
  doors: Doors,
  registry: string,
  event: RegistryEvent,
): Promise<string | undefined> {
  const { repository } = event;
  const requests = await doors.ledger.requests({
    states: ['importing', 'locking', 'promoted', 'failed', 'quarantined'],
    repository,
    limit: Number.MAX_SAFE_INTEGER,
  });
  if (requests.some((request) => isImportOf(request, registry, event))) return undefined;
  if (await isMirrored(doors, registry, event)) return undefined;
  return repositoryRule(doors.policy(), repository)?.origin === 'ci'
    ? acceptFromCi(doors, registry, event)
    : 'No promotion brought it here: somebody pushed it past the approvals.';
}

/** A promotion imports its image under its tag, and all that belongs to it untagged or under a tag of cosign's. */
function isImportOf(
  { subject, evidence }: Request,
  registry: string,
  { tag, digest }: RegistryEvent,
): boolean {
  if (subject.kind !== 'promotion' || subject.target !== registry || subject.rollback) return false;
  if (!evidence || digest === undefined) return false;
  if (digest === evidence.digest) return tag === undefined || tag === subject.tag;
  const referrer = evidence.referrers.find((each) => each.digest === digest);
  if (referrer) return tag === undefined || tag === referrer.tag;
  return tag === undefined && evidence.children.includes(digest);
}

async function isMirrored(doors: Doors, registry: string, event: RegistryEvent): Promise<boolean> {
  const policy = doors.policy();
  const { repository, tag, digest } = event;
  if (digest === undefined) return false;
  for (const mirror of policy.mirrors) {
    if (mirror.to.stage !== policy.registries[registry]?.stage) continue;
    if (!mirror.repositories.some((pattern) => matchesGlob(pattern, repository))) continue;
    for (const [key] of registriesOfStage(policy, mirror.from)) {
      const source = refOf(policy, key);
      const isThere =
        tag === undefined
          ? (await doors.reader.image(source, repository, digest)) !== undefined
          : (await doors.reader.tag(source, repository, tag))?.digest === digest;
      if (isThere) return true;
    }
  }
  return false;
}

/** The CI's own push is locked here as a promotion would be; TEN-01 says whether it can have been anybody else. */
async function acceptFromCi(
  doors: Doors,
  registry: string,
  event: RegistryEvent,
): Promise<string | undefined> {
  const policy = doors.policy();
  const ref = refOf(policy, registry);
  const { registries, verdicts } = judgeScan(await doors.reader.scan(), policy);
  const index = registries.findIndex((facts) => facts.id === ref.id.toLowerCase());
  const outcome =
    index < 0
      ? 'unknown'
      : verdicts.outcome(
          index,
          verdicts.rules.findIndex((rule) => rule.id === 'TEN-01'),
        );
  if (outcome !== 'pass')
    return `It is a repository of the CI, but whether only the CI can push here is not sure: TEN-01 is ${outcome}.`;
  return lockFromCi(doors, registry, event);
}

async function lockFromCi(
  doors: Doors,
  registry: string,
  { repository, tag, digest }: RegistryEvent,
): Promise<string | undefined> {
  const policy = doors.policy();
  const ref = refOf(policy, registry);
  const edge = policy.edges.find((each) => each.to === policy.registries[registry]?.stage && each.lock);
  if (tag === undefined || digest === undefined) return undefined;
  if (!edge) return 'The CI pushed it, and no edge into this stage has an identity that locks it.';
  const [state, image] = await Promise.all([
    doors.reader.tag(ref, repository, tag),
    doors.reader.image(ref, repository, digest),
  ]);
  // Moved since, or gone: that has an event of its own.
  if (state?.digest !== digest || !image) return undefined;
  try {
    await lockTree(doors, { identity: edge.identity, registry: ref, repository }, [tag], image);
    return undefined;
  } catch (error) {
    if ((error as { retry?: boolean }).retry !== false) throw error;
    return `The CI pushed it, and it could not be locked: ${(error as Error).message}`;
  }
}
