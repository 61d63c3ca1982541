// `/acr/v1` attributes of repositories, tags and manifests: shown, and changed by PATCH. The four flags are what locks.
import { z } from 'zod';
import type { Answer } from '../answer.ts';
import type { Flags, ManifestRecord, Store, TagRecord } from '../store.ts';
import { manifestUnknown, nameUnknown, RegistryError, tagUnknown } from './errors.ts';
import { type Place, tagsOn } from './manifests.ts';

/** What a route of attributes works on. `host` is the login server, shown as `registry`. */
export interface AttributesOf {
  readonly store: Store;
  readonly place: Place;
  readonly host: string;
}

const changes = z.object({
  deleteEnabled: z.boolean().optional(),
  writeEnabled: z.boolean().optional(),
  listEnabled: z.boolean().optional(),
  readEnabled: z.boolean().optional(),
});

export type FlagChanges = z.infer<typeof changes>;

/** Reads the body of a PATCH; older clients send the JSON as a JSON string. Throws 400 for anything else. */
export function readChanges(bytes: Buffer): FlagChanges {
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    return changes.parse(typeof body === 'string' ? JSON.parse(body) : body);
  } catch {
    throw new RegistryError(400, 'UNSUPPORTED', 'the body is no set of changeable attributes');
  }
}

export function repositoryAttributes(of: AttributesOf, change?: FlagChanges): Answer {
  const { registry, repository } = of.place;
  const before = of.store.repositories.get(registry, '', repository);
  if (before === undefined) throw nameUnknown(repository);
  const record = { ...before, flags: changed(before.flags, change) };
  if (change !== undefined) of.store.repositories.put(registry, '', repository, record);
  return answer({
    registry: of.host,
    imageName: repository,
    createdTime: iso(record.createdAt),
    lastUpdateTime: iso(record.updatedAt),
    manifestCount: of.store.manifests.list(registry, repository).length,
    tagCount: of.store.tags.list(registry, repository).length,
    changeableAttributes: record.flags,
  });
}

export function tagAttributes(of: AttributesOf, name: string, change?: FlagChanges): Answer {
  const { registry, repository } = of.place;
  const before = of.store.tags.get(registry, repository, name);
  if (before === undefined) throw tagUnknown(name);
  const record = { ...before, flags: changed(before.flags, change) };
  if (change !== undefined) of.store.tags.put(registry, repository, name, record);
  return answer({ registry: of.host, imageName: repository, tag: tagBody(record) });
}

export function manifestAttributes(of: AttributesOf, digest: string, change?: FlagChanges): Answer {
  const { registry, repository } = of.place;
  const before = of.store.manifests.get(registry, repository, digest);
  if (before === undefined) throw manifestUnknown(digest);
  const record = { ...before, flags: changed(before.flags, change) };
  if (change !== undefined) of.store.manifests.put(registry, repository, digest, record);
  const manifest = manifestBody(of.store, of.place, record);
  return answer({ registry: of.host, imageName: repository, manifest });
}

export function tagBody(tag: TagRecord): object {
  return {
    name: tag.name,
    digest: tag.digest,
    createdTime: iso(tag.createdAt),
    lastUpdateTime: iso(tag.updatedAt),
    changeableAttributes: tag.flags,
  };
}

/** One manifest as the lists show it, with the `tags` on it; an index names the platforms of its children as `references`. */
export function manifestBody(
  store: Store,
  place: Place,
  record: ManifestRecord,
  tags: readonly TagRecord[] = tagsOn(store, place, record.digest),
): object {
  const references = record.children.map((digest) => {
    const child = store.manifests.get(place.registry, place.repository, digest);
    return { digest, architecture: child?.architecture, os: child?.os };
  });
  return {
    digest: record.digest,
    imageSize: record.imageSize,
    createdTime: iso(record.createdAt),
    lastUpdateTime: iso(record.updatedAt),
    architecture: record.architecture,
    os: record.os,
    ...(references.length === 0 ? {} : { references }),
    tags: tags.map((tag) => tag.name),
    changeableAttributes: record.flags,
  };
}

function changed(flags: Flags, change: FlagChanges = {}): Flags {
  return {
    deleteEnabled: change.deleteEnabled ?? flags.deleteEnabled,
    writeEnabled: change.writeEnabled ?? flags.writeEnabled,
    listEnabled: change.listEnabled ?? flags.listEnabled,
    readEnabled: change.readEnabled ?? flags.readEnabled,
  };
}

const answer = (body: object): Answer => ({ status: 200, body });
const iso = (at: number): string => new Date(at).toISOString();
