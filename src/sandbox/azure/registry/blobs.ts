// Blobs of a repository: read (whole or a range), and uploaded in one go, in chunks, or mounted from a repository that
// has them already.
import type { Answer } from '../answer.ts';
import { digestOf, isDigest } from '../content.ts';
import type { Store } from '../store.ts';
import { blobUnknown, locked, RegistryError } from './errors.ts';
import { ensureRepository, type Place } from './manifests.ts';

/** The blob, or the part of it that a Range header asks for; 416 for a range it does not have. */
export function readBlob(store: Store, place: Place, digest: string, range: string | undefined): Answer {
  if (store.links.get(place.registry, place.repository, digest) === undefined) throw blobUnknown(digest);
  const bytes = store.content.read(digest);
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest,
    'Accept-Ranges': 'bytes',
  };
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
  if (match === null) return { status: 200, headers, body: bytes };
  const from = Number(match[1]);
  const to = match[2] === '' ? bytes.length - 1 : Math.min(Number(match[2]), bytes.length - 1);
  if (from > to) {
    throw new RegistryError(416, 'RANGE_INVALID', 'invalid content range', { size: bytes.length });
  }
  const part = `bytes ${from}-${to}/${bytes.length}`;
  return { status: 206, headers: { ...headers, 'Content-Range': part }, body: bytes.subarray(from, to + 1) };
}

/** Removes the link of a repository to a blob; the bytes stay for others. */
export function deleteBlob(store: Store, place: Place, digest: string): Answer {
  if (store.links.get(place.registry, place.repository, digest) === undefined) throw blobUnknown(digest);
  store.links.remove(place.registry, place.repository, digest);
  return { status: 202, headers: { 'Docker-Content-Digest': digest } };
}

/** Starts an upload, or ends it at once: `digest` with the bytes, or `mount` of a blob that `from` holds. */
export function startUpload(
  store: Store,
  place: Place,
  start: { digest?: string; mount?: string; from?: string; bytes: Buffer; now: number },
): Answer {
  refuseLockedRepository(store, place);
  if (start.digest !== undefined) return keepBlob(store, place, start.bytes, start.digest, start.now);
  const { mount, from } = start;
  if (
    mount !== undefined &&
    from !== undefined &&
    store.links.get(place.registry, from, mount) !== undefined
  ) {
    return linkBlob(store, place, mount, start.now);
  }
  return progress(store, place, store.content.uploads.start(), 202);
}

export function uploadStatus(store: Store, place: Place, id: string): Answer {
  return progress(store, place, known(store, id), 204);
}

/** Appends a chunk; a Content-Range that does not start where the upload stands is refused with 416. */
export function appendChunk(
  store: Store,
  place: Place,
  id: string,
  chunk: { bytes: Buffer; contentRange?: string },
): Answer {
  const { uploads } = store.content;
  const start = /^(?:bytes )?(\d+)-/.exec(chunk.contentRange ?? '')?.[1];
  if (start !== undefined && Number(start) !== uploads.size(known(store, id))) {
    throw new RegistryError(416, 'BLOB_UPLOAD_INVALID', 'chunk out of order', { offset: uploads.size(id) });
  }
  uploads.append(known(store, id), chunk.bytes);
  return progress(store, place, id, 202);
}

/** Ends an upload with the last bytes; the digest must be that of all bytes together. */
export function finishUpload(
  store: Store,
  place: Place,
  id: string,
  end: { digest: string; bytes: Buffer; now: number },
): Answer {
  const { uploads } = store.content;
  uploads.append(known(store, id), end.bytes);
  return keepBlob(store, place, uploads.finish(id), end.digest, end.now);
}

export function cancelUpload(store: Store, id: string): Answer {
  store.content.uploads.finish(known(store, id));
  return { status: 204 };
}

function keepBlob(store: Store, place: Place, bytes: Buffer, digest: string, now: number): Answer {
  if (!isDigest(digest) || digestOf(bytes) !== digest) {
    throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', {
      digest,
    });
  }
  store.content.put(bytes);
  return linkBlob(store, place, digest, now);
}

function linkBlob(store: Store, place: Place, digest: string, now: number): Answer {
  ensureRepository(store, place, now);
  store.links.put(place.registry, place.repository, digest, { digest });
  const location = `/v2/${place.repository}/blobs/${digest}`;
  return { status: 201, headers: { Location: location, 'Docker-Content-Digest': digest } };
}

function progress(store: Store, place: Place, id: string, status: number): Answer {
  const last = Math.max(0, store.content.uploads.size(id) - 1);
  const location = `/v2/${place.repository}/blobs/uploads/${id}`;
  return { status, headers: { Location: location, Range: `0-${last}`, 'Docker-Upload-UUID': id } };
}

function known(store: Store, id: string): string {
  if (store.content.uploads.has(id)) return id;
  throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry', { id });
}

function refuseLockedRepository(store: Store, place: Place): void {
  if (store.repositories.get(place.registry, '', place.repository)?.flags.writeEnabled === false)
    throw locked();
}
