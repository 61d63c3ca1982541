// Locks an image with all that belongs to it. What hangs on the image first, the tag last: a locked tag means that
// everything under it is locked.
import type { RegistryRef } from '../ports.ts';
import type { Referrer } from '../promotion/request.ts';
import type { Doors } from './doors.ts';

export interface Tree {
  readonly digest: string;
  readonly children: readonly string[];
  readonly referrers: readonly Referrer[];
}

/** The image, its platforms and everything attached: a child can be deleted under a locked index. */
export const digestsOf = ({ digest, children, referrers }: Tree): readonly string[] => [
  ...new Set([...children, ...referrers.map((referrer) => referrer.digest), digest]),
];

/** The tags, and those of what is attached. */
export const tagsOf = (tags: readonly string[], { referrers }: Tree): readonly string[] => [
  ...tags,
  ...referrers.flatMap((referrer) => referrer.tag ?? []),
];

/** Safe to repeat. Throws AzureError where the registry refuses. */
export async function lockTree(
  { writer }: Pick<Doors, 'writer'>,
  place: { readonly identity: string; readonly registry: RegistryRef; readonly repository: string },
  tags: readonly string[],
  tree: Tree,
): Promise<void> {
  const { identity, registry, repository } = place;
  await Promise.all(
    digestsOf(tree).map((digest) => writer.lockManifest(identity, registry, repository, digest)),
  );
  for (const tag of tagsOf(tags, tree)) await writer.lockTag(identity, registry, repository, tag);
}
