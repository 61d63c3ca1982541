// image: where an image is along the stages, and the button that asks for the next one.
import { imageCard, type ImagePlace } from '../cards/image-card.ts';
import { matchesGlob } from '../policy/glob.ts';
import { groupsOf, ownersOf } from '../policy/lookup.ts';
import { attachmentKind } from '../promotion/attachment-kind.ts';
import { parseImageReference } from '../promotion/image-reference.ts';
import { refuse } from './refuse.ts';
import type { Doors } from './doors.ts';
import type { Verb } from './verb.ts';
import { mayAsk, refOf } from './ways.ts';

export const image: Verb = {
  name: 'image',
  words: 1,
  usage: 'image IMAGE',
  summary: 'Where an image is along the stages: digest, locks, size, vulnerabilities, signature.',
  examples: ['image shop/web:v1.4.2', 'image shop/web'],
  access: 'mapped',
  writes: false,
  run: async (call, doors) => {
    const [written] = call.arguments.positional;
    if (!written) return refuse('missing-argument', 'Which image? For example: /acr image shop/web:v1.4.2');
    const reference = parseImageReference(written);
    if ('problem' in reference) return refuse('malformed-image', reference.problem);
    if (reference.digest)
      return refuse('malformed-image', `Name a tag instead of a digest, or none for the newest one.`);
    const { repository } = reference;
    const places = await Promise.all(
      registriesOf(doors, repository).map((key) => placeOf(doors, key, repository, reference.tag)),
    );
    const tag = reference.tag ?? places.findLast((place) => place.found)?.found?.tag;
    if (!places.some((place) => place.found || place.problem)) {
      return refuse(
        'unknown-image',
        `No registry of the policy holds ${repository}${reference.tag ? `:${reference.tag}` : ''}. See what there is with: /acr registries`,
      );
    }
    const next = tag === undefined ? undefined : nextWay(doors, call.person ?? '', repository, places);
    return {
      kind: 'card',
      card: imageCard(tag ? `${repository}:${tag}` : repository, places, next),
      visibility: call.clicked ? 'private' : 'public',
    };
  },
};

/** Registries of the policy in the order of the stages; of a stage with team registries, the owners' ones. */
function registriesOf(doors: Doors, repository: string): readonly string[] {
  const policy = doors.policy();
  const owners = ownersOf(policy, repository);
  return policy.stages.flatMap((stage) => {
    const keys = Object.entries(policy.registries).filter(([, registry]) => registry.stage === stage);
    const own = keys.filter(([, registry]) => !registry.team || owners.includes(registry.team));
    return (own.length > 0 ? own : keys).map(([key]) => key);
  });
}

async function placeOf(
  doors: Doors,
  key: string,
  repository: string,
  tag: string | undefined,
): Promise<ImagePlace> {
  const policy = doors.policy();
  const stage = policy.registries[key]?.stage ?? '';
  const registry = refOf(policy, key);
  try {
    const found = tag
      ? await doors.reader.tag(registry, repository, tag)
      : (await doors.reader.tags(registry, repository)).find((each) => !matchesGlob('sha256-*.*', each.tag));
    if (!found) return { stage, registry: key };
    const [facts, lock, scans] = await Promise.all([
      doors.reader.image(registry, repository, found.digest),
      doors.reader.manifestLock(registry, repository, found.digest),
      doors.reader.scanResults([found.digest]).catch(() => undefined),
    ]);
    const scan = scans?.get(found.digest);
    const flags = [found, lock];
    return {
      stage,
      registry: key,
      found: {
        tag: found.tag,
        digest: found.digest,
        locked: flags.every((flag) => flag !== undefined && !flag.deleteEnabled && !flag.writeEnabled),
        signed:
          facts?.referrers.some((referrer) => /notation|cosign/.test(attachmentKind(referrer))) ?? false,
        ...(found.updatedAt !== undefined && { updatedAt: found.updatedAt }),
        ...(facts && { size: facts.size, layers: facts.layers }),
        ...(scan && { scan }),
      },
    };
  } catch (error) {
    return { stage, registry: key, problem: (error as Error).message };
  }
}

/** The first edge out of the last stage that holds it, if this person may ask on it. */
function nextWay(doors: Doors, person: string, repository: string, places: readonly ImagePlace[]) {
  const policy = doors.policy();
  const last = places.findLast((place) => place.found)?.stage;
  const edge = policy.edges.find((each) => each.from === last);
  if (!edge || groupsOf(policy, person).length === 0 || !mayAsk(policy, edge, repository, person))
    return undefined;
  return { from: edge.from, to: edge.to };
}
