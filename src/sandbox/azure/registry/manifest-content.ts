// What a manifest says of itself: its kind, what it needs to be there, and what it refers to.
import { z } from 'zod';
import type { Content } from '../content.ts';
import { RegistryError } from './errors.ts';

export const mediaTypes = {
  ociImage: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  dockerImage: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
} as const;

const platform = z.looseObject({ architecture: z.string(), os: z.string() });
const descriptor = z.looseObject({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
  platform: platform.optional(),
});
const manifest = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).optional(),
  manifests: z.array(descriptor).optional(),
  subject: descriptor.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

export type Descriptor = z.infer<typeof descriptor>;

/** A manifest, read. `blobs` are config and layers; `children` the manifests of an index. */
export interface ManifestContent {
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config?: Descriptor;
  readonly blobs: readonly Descriptor[];
  readonly children: readonly Descriptor[];
  readonly subject?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Reads manifest bytes; throws MANIFEST_INVALID (400) for anything that is none of the known media type. */
export function readManifest(bytes: Buffer, contentType: string | undefined): ManifestContent {
  const parsed = manifest.safeParse(parsedJson(bytes));
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const { data } = parsed;
  const mediaType = data.mediaType ?? contentType ?? mediaTypes.ociImage;
  if (!Object.values<string>(mediaTypes).includes(mediaType)) throw invalid(`media type ${mediaType}`);
  if (contentType !== undefined && data.mediaType !== undefined && contentType !== data.mediaType) {
    throw invalid(`Content-Type is ${contentType}, the manifest says ${data.mediaType}`);
  }
  const artifactType = data.artifactType ?? data.config?.mediaType;
  return {
    mediaType,
    blobs: [...(data.config === undefined ? [] : [data.config]), ...(data.layers ?? [])],
    children: data.manifests ?? [],
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(data.config === undefined ? {} : { config: data.config }),
    ...(data.subject === undefined ? {} : { subject: data.subject.digest }),
    ...(data.annotations === undefined ? {} : { annotations: data.annotations }),
  };
}

/** Operating system and architecture that the config blob of an image names. */
export function platformOf(
  content: Content,
  config: Descriptor | undefined,
): { architecture?: string; os?: string } {
  if (config === undefined || !content.has(config.digest)) return {};
  const parsed = platform.safeParse(parsedJson(content.read(config.digest)));
  return parsed.success ? { architecture: parsed.data.architecture, os: parsed.data.os } : {};
}

function parsedJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

const invalid = (why: string): RegistryError =>
  new RegistryError(400, 'MANIFEST_INVALID', 'manifest invalid', { reason: why });
