// What one repository holds, as posture wants it: its tags with what they are locked by, what the newest of them weigh
// and say, and the bytes that no tag leads to.
import { z } from 'zod';
import type { RepositoryContent, TagContent } from '../posture/facts.ts';
import { attributesPath, type DataPlane, readScope } from './data-plane.ts';
import { parseAnswer } from './errors.ts';
import type { Manifests } from './manifests.ts';
import { inPool } from './pool.ts';
import { defined, moment } from './row-schema.ts';

const flags = z.object({ deleteEnabled: z.boolean(), writeEnabled: z.boolean() });
const tagItem = z.object({
  name: z.string(),
  digest: z.string(),
  lastUpdateTime: moment,
  changeableAttributes: flags,
});
const manifestItem = z.object({
  digest: z.string(),
  imageSize: z.number().default(0),
  tags: z.array(z.string()).nullish(),
  mediaType: z.string().nullish(),
  os: z.string().nullish(),
  configMediaType: z.string().nullish(),
  references: z.array(z.object({ digest: z.string() })).nullish(),
  changeableAttributes: flags,
});
const tagPage = z.object({ tags: z.array(tagItem).nullish() });
const manifestPage = z.object({ manifests: z.array(manifestItem).nullish() });
type Tag = z.output<typeof tagItem>;
type Manifest = z.output<typeof manifestItem>;

export interface WalkedRepository {
  readonly content: RepositoryContent;
  readonly untaggedBytes: number;
  readonly totalBytes: number;
  /** When it was read, in milliseconds. */
  readonly at: number;
}

export interface RepositoryOptions {
  /** Newest tags that count as in use. */
  readonly inUseTags: number;
  readonly now: number;
}

const tagsAtOnce = 4;

/** Costs a request for the tags, one for the manifests, and some for each digest in use that was never read before. */
export async function readRepositoryContent(
  plane: DataPlane,
  manifests: Manifests,
  name: string,
  options: RepositoryOptions,
): Promise<WalkedRepository> {
  const scope = readScope(name);
  const [tags, items] = await Promise.all([
    plane.list(
      attributesPath(name, '/_tags?orderby=timedesc&n=100'),
      scope,
      (body) => parseAnswer(tagPage, body, `the tags of ${name}`).tags ?? [],
    ) as Promise<readonly Tag[]>,
    plane.list(
      attributesPath(name, '/_manifests?n=100'),
      scope,
      (body) => parseAnswer(manifestPage, body, `the manifests of ${name}`).manifests ?? [],
    ) as Promise<readonly Manifest[]>,
  ]);
  const children = new Map(
    await inPool(
      tagsAtOnce,
      items.filter((item) => item.tags?.length),
      async (item) => [item.digest, await childrenOf(plane, manifests, name, item)] as const,
    ),
  );
  const known: Known = {
    children,
    manifests: new Map(items.map((item) => [item.digest, item])),
    tags: new Map(tags.map((tag) => [tag.name, tag])),
  };
  const inUse = new Set(tags.filter((tag) => !isSibling(tag.name)).slice(0, options.inUseTags));
  const read = await inPool(tagsAtOnce, tags, async (tag): Promise<TagContent> => {
    const details = inUse.has(tag)
      ? await manifests.details(plane, name, tag.digest).catch(() => undefined)
      : undefined;
    return {
      tag: tag.name,
      digest: tag.digest,
      updatedAt: tag.lastUpdateTime,
      inUse: inUse.has(tag),
      ...defined({ locked: await isLocked(plane, manifests, name, tag, known) }),
      ...(details && { size: details.largest, layers: details.layers, labels: details.labels }),
    };
  });
  return {
    content: { name, tags: read },
    ...bytesOf(items, new Set([...children.values()].flatMap((each) => each ?? []))),
    at: options.now,
  };
}

/**
 * Digests of an index's images. Lists are not documented to show them, and an image that is overlooked would pass for
 * locked: so an index without any is read itself, once for good.
 */
async function childrenOf(
  plane: DataPlane,
  manifests: Manifests,
  repository: string,
  item: Manifest,
): Promise<readonly string[] | undefined> {
  if (item.references?.length) return item.references.map(({ digest }) => digest);
  if (item.mediaType ? !isIndexType(item.mediaType) : item.os) return [];
  return (await manifests.details(plane, repository, item.digest))?.children;
}

const isIndexType = (mediaType: string): boolean => /image\.index|manifest\.list/.test(mediaType);

interface Known {
  /** By digest of what has a tag; `undefined` where they could not be read. */
  readonly children: ReadonlyMap<string, readonly string[] | undefined>;
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly tags: ReadonlyMap<string, Tag>;
}

/** Cosign keeps signatures in tags of their own beside the image. */
const isSibling = (tag: string): boolean => /^sha256-[0-9a-f]{64}\.(sig|att|sbom)$/.test(tag);

/**
 * Whether tag, manifest, children and referrers can neither be moved nor deleted; nothing where a flag could not be
 * read. Referrers cost requests, so they are only asked for when all the rest is locked.
 */
async function isLocked(
  plane: DataPlane,
  manifests: Manifests,
  repository: string,
  tag: Tag,
  known: Known,
): Promise<boolean | undefined> {
  const children = known.children.get(tag.digest);
  const own = allLocked([
    tag,
    ...[tag.digest, ...(children ?? [])].map(manifestOf(known)),
    ...(children ? [] : [undefined]),
  ]);
  if (own !== true || isSibling(tag.name)) return own;
  const referrers = await manifests.referrers(plane, repository, tag.digest).catch(() => undefined);
  if (!referrers) return undefined;
  return allLocked(
    referrers.flatMap((each) => [
      manifestOf(known)(each.digest),
      ...(each.tag === undefined ? [] : [known.tags.get(each.tag)]),
    ]),
  );
}

type Flagged = { readonly changeableAttributes: z.output<typeof flags> };
const manifestOf = (known: Known) => (digest: string) => known.manifests.get(digest);

/** One that is open decides; else one that is unknown does. */
function allLocked(items: readonly (Flagged | undefined)[]): boolean | undefined {
  const states = items.map(
    (item) => item && !item.changeableAttributes.deleteEnabled && !item.changeableAttributes.writeEnabled,
  );
  if (states.includes(false)) return false;
  return states.includes(undefined) ? undefined : true;
}

/** Signatures and SBOMs have no tag either, and are no waste: only images and indexes may be left over. */
const isImage = (item: Manifest): boolean =>
  Boolean(item.os || item.references?.length) ||
  /container\.image|image\.config/.test(item.configMediaType ?? '');

/** Bytes of all manifests, and of images that neither have a tag nor belong to a tagged index; shared layers count each time. */
function bytesOf(
  items: readonly Manifest[],
  children: ReadonlySet<string>,
): { untaggedBytes: number; totalBytes: number } {
  const sum = (chosen: readonly Manifest[]): number =>
    chosen.reduce((bytes, item) => bytes + item.imageSize, 0);
  const untagged = items.filter((item) => !item.tags?.length && !children.has(item.digest) && isImage(item));
  return { untaggedBytes: sum(untagged), totalBytes: sum(items) };
}
