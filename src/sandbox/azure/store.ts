// What the registries of the stand-in hold besides bytes: repositories, tags, manifests, links from repositories to
// blobs, running operations. One SQLite file, so that whatever was answered is still there after a kill.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Content, openContent } from './content.ts';

/** ACR's changeable attributes; all true on a new item. */
export interface Flags {
  readonly deleteEnabled: boolean;
  readonly writeEnabled: boolean;
  readonly listEnabled: boolean;
  readonly readEnabled: boolean;
}

/** Times are milliseconds since 1970. `registry` is the registry's name in lower case, everywhere here. */
interface Item {
  readonly registry: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly flags: Flags;
}

interface RepositoryRecord extends Item {
  readonly name: string;
}

export interface TagRecord extends Item {
  readonly repository: string;
  readonly name: string;
  readonly digest: string;
}

export interface ManifestRecord extends Item {
  readonly repository: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  /** Digest of the manifest that this one refers to (signature, SBOM). */
  readonly subject?: string;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly architecture?: string;
  readonly os?: string;
  /** Digests of an index's children; empty for an image. */
  readonly children: readonly string[];
  /** Digests of config and layers; empty for an index. */
  readonly blobs: readonly string[];
  /** Bytes of config and layers, or of the index itself. */
  readonly imageSize: number;
}

/** A running or ended long-running operation; `request` is what it was asked. */
export interface OperationRecord {
  readonly registry: string;
  readonly id: string;
  readonly endsAt: number;
  readonly state: 'Running' | 'Succeeded' | 'Failed';
  readonly error?: { readonly code: string; readonly message: string };
  readonly request: object;
}

/** Records of one kind, found by registry, repository ('' where there is none) and key. */
interface Shelf<T> {
  get(registry: string, repository: string, key: string): T | undefined;
  /** In order of repository and key; of one repository where it is given. */
  list(registry: string, repository?: string): readonly T[];
  put(registry: string, repository: string, key: string, record: T): void;
  remove(registry: string, repository: string, key: string): void;
}

export interface Store {
  readonly content: Content;
  readonly repositories: Shelf<RepositoryRecord>;
  readonly tags: Shelf<TagRecord>;
  readonly manifests: Shelf<ManifestRecord>;
  /** Blobs that a repository may hand out. */
  readonly links: Shelf<{ readonly digest: string }>;
  readonly operations: Shelf<OperationRecord>;
  /** Facts of the seeding: when, and the digest of each seeded image. */
  readonly seeded: Shelf<{ readonly value: string }>;
  /** All or nothing. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export const unlocked: Flags = {
  deleteEnabled: true,
  writeEnabled: true,
  listEnabled: true,
  readEnabled: true,
};

const schema = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  pragma busy_timeout = 2000;
  create table if not exists item (
    kind text not null, registry text not null, repository text not null, key text not null, data text not null,
    primary key (kind, registry, repository, key)
  ) without rowid;`;

export function openStore(dataDir: string): Store {
  mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, 'azure.sqlite'));
  database.exec(schema);
  return {
    content: openContent(dataDir),
    repositories: shelf<RepositoryRecord>(database, 'repository'),
    tags: shelf<TagRecord>(database, 'tag'),
    manifests: shelf<ManifestRecord>(database, 'manifest'),
    links: shelf<{ digest: string }>(database, 'link'),
    operations: shelf<OperationRecord>(database, 'operation'),
    seeded: shelf<{ value: string }>(database, 'seeded'),
    transaction: (work) => inTransaction(database, work),
    close: () => database.close(),
  };
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec('begin immediate');
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}

function shelf<T extends object>(database: DatabaseSync, kind: string): Shelf<T> {
  const one = database.prepare(
    'select data from item where kind = ? and registry = ? and repository = ? and key = ?',
  );
  const some = database.prepare(
    'select data from item where kind = ? and registry = ? and repository = ? order by key',
  );
  const all = database.prepare(
    'select data from item where kind = ? and registry = ? order by repository, key',
  );
  const write = database.prepare('insert or replace into item values (?, ?, ?, ?, ?)');
  const erase = database.prepare(
    'delete from item where kind = ? and registry = ? and repository = ? and key = ?',
  );
  // Only this shelf writes rows of its kind, so what comes back is what `put` was given.
  const parsed = (row: object | undefined): T[] =>
    row !== undefined && 'data' in row ? [JSON.parse(String(row.data)) as T] : [];
  return {
    get: (registry, repository, key) => parsed(one.get(kind, registry, repository, key))[0],
    list: (registry, repository) => {
      const rows = repository === undefined ? all.all(kind, registry) : some.all(kind, registry, repository);
      return rows.flatMap(parsed);
    },
    put: (registry, repository, key, record) => {
      write.run(kind, registry, repository, key, JSON.stringify(record));
    },
    remove: (registry, repository, key) => {
      erase.run(kind, registry, repository, key);
    },
  };
}
