// What hangs on an image, read: the manifest of a referrer and the bytes of its layers. They are addressed by their
// content, so what was read once is kept, whatever registry it came from.
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Attachment } from '../ports.ts';
import { type DataPlane, parseJson, readScope } from './data-plane.ts';
import { AzureError, orAbsent, parseAnswer } from './errors.ts';
import { manifestTypes, maxManifestBytes } from './manifests.ts';

const manifest = z.object({
  layers: z
    .array(z.object({ mediaType: z.string(), digest: z.string(), size: z.number() }))
    .max(20)
    .default([]),
});
const digestPattern = /^sha256:[0-9a-f]{64}$/;
const maxKeptBytes = 64 * 1024 * 1024;

/** Reads an attachment of at most `limit` bytes; nothing where the registry does not have it. */
export type ReadAttachment = (
  plane: DataPlane,
  repository: string,
  digest: string,
  limit: number,
) => Promise<Attachment | undefined>;

export function createAttachments(): ReadAttachment {
  const kept = new LRUCache<string, Attachment>({
    maxSize: maxKeptBytes,
    sizeCalculation: ({ layers }) => layers.reduce((sum, { bytes }) => sum + bytes.length, 1),
  });
  return async (plane, repository, digest, limit) => {
    const known = kept.get(digest);
    if (known) return known;
    const read = await orAbsent(readAttachment(plane, repository, digest, limit));
    if (read) kept.set(digest, read);
    return read;
  };
}

async function readAttachment(
  plane: DataPlane,
  repository: string,
  digest: string,
  limit: number,
): Promise<Attachment> {
  const scope = readScope(repository);
  const what = `the attachment ${repository}@${digest}`;
  const bytes = await plane.bytes(`/v2/${repository}/manifests/${digest}`, scope, {
    digest,
    limit: maxManifestBytes,
    accept: manifestTypes,
  });
  const { layers } = parseAnswer(manifest, parseJson(bytes.toString('utf8'), what), what);
  // The path is made of the digest: text that is none would be a path of somebody's choice.
  if (layers.some((layer) => !digestPattern.test(layer.digest)))
    throw new AzureError('malformed', `A layer of ${what} has no SHA-256 digest.`, false);
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  if (!(total <= limit))
    throw new AzureError('too-large', `More than ${limit} bytes, which are not read: ${what}.`, false);
  const read = await Promise.all(
    layers.map(async (layer) => ({
      mediaType: layer.mediaType,
      bytes: await plane.bytes(`/v2/${repository}/blobs/${layer.digest}`, scope, {
        digest: layer.digest,
        limit: layer.size,
      }),
    })),
  );
  return { layers: read };
}
