// What a manifest says: type, size, layers, platforms, labels. Digests never change, so what was read of one is kept.
import { z } from 'zod';
import type { ImageFacts } from '../ports.ts';
import type { Referrer } from '../promotion/request.ts';
import { attributesPath, type DataPlane, parseJson, readScope } from './data-plane.ts';
import { AzureError, orAbsent, parseAnswer } from './errors.ts';
import { type KeptManifests, keepManifests } from './kept-manifests.ts';

const descriptor = z.object({
  mediaType: z.string().default(''),
  digest: z.string(),
  size: z.number(),
  artifactType: z.string().optional(),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const manifest = z.object({
  mediaType: z.string().optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).optional(),
  manifests: z.array(descriptor).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const configBlob = z.object({
  created: z.string().optional(),
  os: z.string().optional(),
  architecture: z.string().optional(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});
const index = z.object({ manifests: z.array(descriptor).default([]) });
const tagAnswer = z.object({ tag: z.object({ digest: z.string() }) });

/** What a manifest may be, as an Accept header. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const maxReferrers = 200;
/** What registries take at most. */
export const maxManifestBytes = 4 * 1024 * 1024;
const siblingKinds = ['sig', 'att', 'sbom'] as const;

/** What a digest says for good. `largest`: bytes of its largest platform. */
export interface ImageDetails extends Omit<ImageFacts, 'referrers'> {
  readonly largest: number;
}

export interface Manifests {
  image(plane: DataPlane, repository: string, digest: string): Promise<ImageFacts | undefined>;
  /** What the digest says, from memory where it is known: whether the registry still has it is not asked. */
  details(plane: DataPlane, repository: string, digest: string): Promise<ImageDetails | undefined>;
  /** Artifacts that point at the digest, and cosign's tags beside it. */
  referrers(plane: DataPlane, repository: string, digest: string): Promise<readonly Referrer[]>;
  /** Stores what was read, so that a restart does not read it again. */
  flush(): Promise<void>;
}

export function createManifests(kept: KeptManifests = keepManifests()): Manifests {
  /** What a digest says never changes, but whether this registry has it does: that is asked each time. */
  async function facts(plane: DataPlane, repository: string, digest: string) {
    const known = await kept.get(digest);
    if (known) return (await orAbsent(readManifest(plane, repository, digest))) && known;
    return details(plane, repository, digest);
  }
  async function details(plane: DataPlane, repository: string, digest: string) {
    const known = await kept.get(digest);
    if (known) return known;
    const read = await orAbsent(readImage(plane, repository, digest));
    if (read) kept.put(read);
    return read;
  }
  return {
    image: async (plane, repository, digest) => {
      const [found, referrers] = await Promise.all([
        facts(plane, repository, digest),
        readReferrers(plane, repository, digest),
      ]);
      if (!found) return undefined;
      const { largest: _, ...image } = found;
      // What hangs on one platform alone goes with the image as well, and is locked with it.
      const ofChildren = await Promise.all(
        found.children.map((child) => readTrail(plane, repository, child)),
      );
      const known = new Set(referrers.map((referrer) => referrer.digest));
      const more = ofChildren.flatMap((trail, i) =>
        trail.map((each) => ({ ...each, subject: each.subject ?? found.children[i] ?? '' })),
      );
      return { ...image, referrers: [...referrers, ...more.filter((each) => !known.has(each.digest))] };
    },
    details,
    referrers: readReferrers,
    flush: () => kept.flush(),
  };
}

const readManifest = async (plane: DataPlane, repository: string, digest: string) => {
  const what = `the manifest ${repository}@${digest}`;
  const bytes = await plane.bytes(`/v2/${repository}/manifests/${digest}`, readScope(repository), {
    digest,
    limit: maxManifestBytes,
    accept: manifestTypes,
  });
  return {
    ...parseAnswer(manifest, parseJson(bytes.toString('utf8'), what), what),
    manifestSize: bytes.length,
  };
};

/** An index counts all its images in size, and the largest of them in layers. */
async function readImage(plane: DataPlane, repository: string, digest: string): Promise<ImageDetails> {
  const root = await readManifest(plane, repository, digest);
  const children = root.manifests ?? [];
  const images =
    children.length > 0
      ? await Promise.all(children.map((child) => readManifest(plane, repository, child.digest)))
      : [root];
  const real = images.filter((_, i) => children[i]?.platform?.os !== 'unknown');
  const config = real[0]?.config ? await readConfig(plane, repository, real[0].config.digest) : undefined;
  const created = config?.created ? Date.parse(config.created) : Number.NaN;
  const platforms = children.flatMap(({ platform }) =>
    platform && platform.os !== 'unknown' ? [`${platform.os}/${platform.architecture}`] : [],
  );
  return {
    digest,
    mediaType:
      root.mediaType ??
      (children.length > 0
        ? 'application/vnd.oci.image.index.v1+json'
        : 'application/vnd.oci.image.manifest.v1+json'),
    manifestSize: root.manifestSize,
    size: images.reduce((sum, image) => sum + bytesOf(image), 0),
    largest: Math.max(0, ...real.map(bytesOf)),
    layers: Math.max(0, ...real.map((image) => image.layers?.length ?? 0)),
    platforms:
      platforms.length > 0
        ? platforms
        : config?.os
          ? [`${config.os}/${config.architecture ?? 'unknown'}`]
          : [],
    children: children.map((child) => child.digest),
    labels: { ...config?.config?.Labels, ...root.annotations },
    ...(Number.isFinite(created) && { createdAt: created }),
  };
}

const bytesOf = (image: z.output<typeof manifest>): number =>
  (image.layers ?? []).reduce((bytes, layer) => bytes + layer.size, image.config?.size ?? 0);

/** The config blob of an image; of an artifact whose config is something else, nothing. */
async function readConfig(
  plane: DataPlane,
  repository: string,
  digest: string,
): Promise<z.output<typeof configBlob> | undefined> {
  const body = await orAbsent(
    plane.json(`/v2/${repository}/blobs/${digest}`, readScope(repository), { accept: '*/*' }),
  );
  const parsed = configBlob.safeParse(body);
  return parsed.success ? parsed.data : undefined;
}

/** Artifacts whose subject is the digest, what points at those in turn, and cosign's tag siblings. */
async function readReferrers(
  plane: DataPlane,
  repository: string,
  digest: string,
): Promise<readonly Referrer[]> {
  const [trail, ...siblings] = await Promise.all([
    readTrail(plane, repository, digest),
    ...siblingKinds.map((kind) => readSibling(plane, repository, digest, kind)),
  ]);
  return [...trail, ...siblings.filter((sibling) => sibling !== undefined)];
}

/** Artifacts whose subject is the digest, and what points at those in turn. */
async function readTrail(plane: DataPlane, repository: string, digest: string): Promise<readonly Referrer[]> {
  const found = new Map<string, Referrer>();
  const queue = [digest];
  for (let subject = queue.shift(); subject !== undefined; subject = queue.shift()) {
    const items = await orAbsent(
      plane.list(
        `/v2/${repository}/referrers/${subject}`,
        readScope(repository),
        (body) => parseAnswer(index, body, `what is attached to ${repository}@${digest}`).manifests,
      ),
    );
    for (const item of (items ?? []) as readonly z.output<typeof descriptor>[]) {
      if (found.has(item.digest)) continue;
      found.set(item.digest, {
        digest: item.digest,
        artifactType: item.artifactType ?? item.mediaType,
        size: item.size,
        ...(subject !== digest && { subject }),
      });
      queue.push(item.digest);
    }
    // Left out, they would be neither copied nor locked, and nobody would know.
    if (found.size > maxReferrers)
      throw new AzureError(
        'too-many-referrers',
        `More than ${maxReferrers} artifacts are attached to ${repository}@${digest}. Remove old ones.`,
        false,
      );
  }
  return [...found.values()];
}

async function readSibling(
  plane: DataPlane,
  repository: string,
  digest: string,
  kind: string,
): Promise<Referrer | undefined> {
  const tag = `${digest.replace(':', '-')}.${kind}`;
  const answer = await orAbsent(
    plane.json(attributesPath(repository, `/_tags/${tag}`), readScope(repository)),
  );
  if (!answer) return undefined;
  const sibling = parseAnswer(tagAnswer, answer, `the tag ${repository}:${tag}`).tag.digest;
  const body = await readManifest(plane, repository, sibling);
  const size = (body.layers ?? []).reduce((sum, layer) => sum + layer.size, 0);
  return { digest: sibling, artifactType: `application/vnd.dev.cosign.${kind}`, size, tag };
}
