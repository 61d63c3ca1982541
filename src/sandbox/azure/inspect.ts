// Everything the registries hold as plain data, for the workspace page and for tests that assert on what really is there.
import type { Flags, ManifestRecord, Store, TagRecord } from './store.ts';
import { at, type RegistryEntry } from './tables.ts';

export interface InspectedRegistry {
  readonly id: string;
  readonly name: string;
  /** Value of the tag `stage`, if any. */
  readonly stage?: string;
  readonly loginServer: string;
  readonly repositories: readonly InspectedRepository[];
}

interface InspectedRepository {
  readonly name: string;
  readonly tags: readonly InspectedTag[];
  readonly manifests: readonly InspectedManifest[];
}

/** Times are ISO 8601 in UTC. */
interface InspectedTag {
  readonly name: string;
  readonly digest: string;
  readonly attributes: Flags;
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface InspectedManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  readonly attributes: Flags;
  readonly tags: readonly string[];
  readonly children: readonly string[];
  readonly artifactType?: string;
  readonly subject?: string;
}

export function inspectRegistries(store: Store, registries: readonly RegistryEntry[]): InspectedRegistry[] {
  return registries.map((entry) => {
    const stage = at(entry.row, 'tags', 'stage');
    const registry = entry.name.toLowerCase();
    const repositories = store.repositories.list(registry).map(({ name }) => {
      const tags = store.tags.list(registry, name);
      const manifests = store.manifests.list(registry, name);
      return { name, tags: tags.map(tagOf), manifests: manifests.map((one) => manifestOf(one, tags)) };
    });
    const { id, name, loginServer } = entry;
    return { id, name, ...(typeof stage === 'string' ? { stage } : {}), loginServer, repositories };
  });
}

function tagOf(tag: TagRecord): InspectedTag {
  return {
    name: tag.name,
    digest: tag.digest,
    attributes: tag.flags,
    createdAt: new Date(tag.createdAt).toISOString(),
    updatedAt: new Date(tag.updatedAt).toISOString(),
  };
}

function manifestOf(record: ManifestRecord, tags: readonly TagRecord[]): InspectedManifest {
  const { digest, mediaType, size, children, artifactType, subject } = record;
  return {
    digest,
    mediaType,
    size,
    attributes: record.flags,
    tags: tags.filter((tag) => tag.digest === digest).map((tag) => tag.name),
    children,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(subject === undefined ? {} : { subject }),
  };
}
