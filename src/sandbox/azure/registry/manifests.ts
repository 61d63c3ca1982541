// Manifests and tags: kept, found, moved and deleted, with the locks of ACR in the way. A tag's flags guard the tag and
// a manifest's flags the manifest: neither guards the other, and an index guards none of its children.
import { digestOf, isDigest } from '../content.ts';
import { type ManifestRecord, type Store, type TagRecord, unlocked } from '../store.ts';
import { locked, manifestUnknown, nameUnknown, RegistryError, tagUnknown } from './errors.ts';
import { type ManifestContent, platformOf, readManifest } from './manifest-content.ts';

/** Where in a stand-in: a registry's name in lower case, and a repository. */
export interface Place {
  readonly registry: string;
  readonly repository: string;
}

/** The manifest that a tag or digest names; throws MANIFEST_UNKNOWN. Reading may be locked too. */
export function findManifest(store: Store, place: Place, reference: string): ManifestRecord {
  const { registry, repository } = place;
  const tag = isDigest(reference) ? undefined : store.tags.get(registry, repository, reference);
  const record = store.manifests.get(registry, repository, tag?.digest ?? reference);
  if (record === undefined) throw manifestUnknown(reference);
  const repositoryFlags = store.repositories.get(registry, '', repository)?.flags;
  const isReadable = [tag?.flags, record.flags, repositoryFlags].every(
    (flags) => flags?.readEnabled !== false,
  );
  if (!isReadable) throw locked();
  return record;
}

/** Accepts a pushed manifest under a tag or its digest: everything it needs is there, nothing it changes is locked. */
export function pushManifest(
  store: Store,
  place: Place,
  push: { reference: string; contentType: string | undefined; bytes: Buffer; now: number },
): ManifestRecord {
  const content = readManifest(push.bytes, push.contentType);
  const digest = digestOf(push.bytes);
  if (push.reference.includes(':') && push.reference !== digest) {
    throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', {
      digest,
    });
  }
  refuseMissing(store, place, content);
  refuseLocked(store, place, push.reference, digest);
  return store.transaction(() => {
    const record = keepManifest(store, place, push.bytes, push.now, content);
    if (!isDigest(push.reference)) moveTag(store, place, push.reference, digest, push.now);
    return record;
  });
}

/** Keeps a manifest and links its blobs, without asking for locks: for imports, seeding and `pushManifest`. */
export function keepManifest(
  store: Store,
  place: Place,
  bytes: Buffer,
  now: number,
  content: ManifestContent = readManifest(bytes, undefined),
): ManifestRecord {
  const { registry, repository } = place;
  ensureRepository(store, place, now);
  const digest = store.content.put(bytes);
  const before = store.manifests.get(registry, repository, digest);
  const size = content.blobs.reduce((sum, blob) => sum + blob.size, 0);
  const record: ManifestRecord = {
    ...place,
    ...platformOf(store.content, content.config),
    digest,
    mediaType: content.mediaType,
    size: bytes.length,
    imageSize: content.blobs.length === 0 ? bytes.length : size,
    children: content.children.map((child) => child.digest),
    blobs: content.blobs.map((blob) => blob.digest),
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    flags: before?.flags ?? unlocked,
    ...(content.subject === undefined ? {} : { subject: content.subject }),
    ...(content.artifactType === undefined ? {} : { artifactType: content.artifactType }),
    ...(content.annotations === undefined ? {} : { annotations: content.annotations }),
  };
  store.manifests.put(registry, repository, digest, record);
  for (const blob of record.blobs) store.links.put(registry, repository, blob, { digest: blob });
  return record;
}

/** Points a tag at a digest, whatever it pointed at before; its flags stay. */
export function moveTag(store: Store, place: Place, name: string, digest: string, now: number): TagRecord {
  if (!/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/.test(name)) {
    throw new RegistryError(400, 'TAG_INVALID', 'manifest tag did not match URI', { tag: name });
  }
  const before = store.tags.get(place.registry, place.repository, name);
  const record: TagRecord = {
    ...place,
    name,
    digest,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    flags: before?.flags ?? unlocked,
  };
  store.tags.put(place.registry, place.repository, name, record);
  return record;
}

/** Removes a tag alone; its manifest stays. Throws TAG_UNKNOWN, or 405 where it is locked. */
export function deleteTag(store: Store, place: Place, name: string): void {
  const tag = store.tags.get(place.registry, place.repository, name);
  if (tag === undefined) throw tagUnknown(name);
  if (!tag.flags.deleteEnabled || !isRepositoryOpen(store, place, 'deleteEnabled')) throw locked();
  store.tags.remove(place.registry, place.repository, name);
}

/** Removes a manifest with the tags on it and what refers to it; locked tags on it do not save it, its own flag does. */
export function deleteManifest(store: Store, place: Place, digest: string): void {
  const { registry, repository } = place;
  const record = store.manifests.get(registry, repository, digest);
  if (record === undefined) throw manifestUnknown(digest);
  if (!record.flags.deleteEnabled || !isRepositoryOpen(store, place, 'deleteEnabled')) throw locked();
  store.transaction(() => {
    for (const tag of tagsOn(store, place, digest)) store.tags.remove(registry, repository, tag.name);
    store.manifests.remove(registry, repository, digest);
    for (const referrer of referrersOf(store, place, digest)) {
      if (referrer.flags.deleteEnabled) deleteManifest(store, place, referrer.digest);
    }
  });
}

/** Removes a repository with all in it; one locked tag or manifest keeps everything. */
export function deleteRepository(
  store: Store,
  place: Place,
): { manifestsDeleted: string[]; tagsDeleted: string[] } {
  const { registry, repository } = place;
  if (store.repositories.get(registry, '', repository) === undefined) throw nameUnknown(repository);
  const tags = store.tags.list(registry, repository);
  const manifests = store.manifests.list(registry, repository);
  const isFree = [...tags, ...manifests].every((item) => item.flags.deleteEnabled);
  if (!isFree || !isRepositoryOpen(store, place, 'deleteEnabled')) throw locked();
  store.transaction(() => {
    for (const tag of tags) store.tags.remove(registry, repository, tag.name);
    for (const record of manifests) store.manifests.remove(registry, repository, record.digest);
    for (const link of store.links.list(registry, repository)) {
      store.links.remove(registry, repository, link.digest);
    }
    store.repositories.remove(registry, '', repository);
  });
  return { manifestsDeleted: manifests.map((one) => one.digest), tagsDeleted: tags.map((tag) => tag.name) };
}

export function tagsOn(store: Store, place: Place, digest: string): readonly TagRecord[] {
  return store.tags.list(place.registry, place.repository).filter((tag) => tag.digest === digest);
}

export function referrersOf(store: Store, place: Place, digest: string): readonly ManifestRecord[] {
  return store.manifests.list(place.registry, place.repository).filter((record) => record.subject === digest);
}

export function ensureRepository(store: Store, place: Place, now: number): void {
  const before = store.repositories.get(place.registry, '', place.repository);
  store.repositories.put(place.registry, '', place.repository, {
    registry: place.registry,
    name: place.repository,
    createdAt: before?.createdAt ?? now,
    updatedAt: Math.max(before?.updatedAt ?? 0, now),
    flags: before?.flags ?? unlocked,
  });
}

/** Throws 405 where the repository, the tag or the manifest must not be written. */
export function refuseLocked(store: Store, place: Place, reference: string, digest: string): void {
  const { registry, repository } = place;
  const flags = [
    store.repositories.get(registry, '', repository)?.flags,
    store.manifests.get(registry, repository, digest)?.flags,
    isDigest(reference) ? undefined : store.tags.get(registry, repository, reference)?.flags,
  ];
  if (flags.some((one) => one?.writeEnabled === false)) throw locked();
}

function refuseMissing(store: Store, place: Place, content: ManifestContent): void {
  const { registry, repository } = place;
  const blobs = content.blobs.filter(
    (blob) => store.links.get(registry, repository, blob.digest) === undefined,
  );
  const children = content.children.filter(
    (child) => store.manifests.get(registry, repository, child.digest) === undefined,
  );
  const missing = [...blobs, ...children].map((one) => one.digest);
  if (missing.length === 0) return;
  throw new RegistryError(
    400,
    'MANIFEST_BLOB_UNKNOWN',
    'manifest references a manifest or blob unknown to registry',
    { missing },
  );
}

function isRepositoryOpen(store: Store, place: Place, flag: 'deleteEnabled' | 'writeEnabled'): boolean {
  return store.repositories.get(place.registry, '', place.repository)?.flags[flag] !== false;
}
