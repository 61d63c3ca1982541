// Content-addressed bytes under the data folder: layers, configs and manifests alike, each in a file named by its
// digest. Written to a temporary name and renamed, so that a killed process leaves no half blob under a whole name.
import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface Content {
  /** Keeps the bytes and gives their digest (`sha256:...`). */
  put(bytes: Buffer): string;
  has(digest: string): boolean;
  /** Size in bytes; throws where the digest is unknown. */
  size(digest: string): number;
  read(digest: string): Buffer;
  readonly uploads: Uploads;
}

/** Blob uploads under way; they outlive a restart as their bytes are files. */
interface Uploads {
  start(): string;
  has(id: string): boolean;
  size(id: string): number;
  append(id: string, bytes: Buffer): void;
  /** The bytes so far; the upload is then gone. */
  finish(id: string): Buffer;
}

export const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);

export function openContent(dataDir: string): Content {
  const blobs = join(dataDir, 'blobs');
  mkdirSync(blobs, { recursive: true });
  const fileOf = (digest: string): string => {
    if (!isDigest(digest)) throw new Error(`Invalid digest '${digest}'. Must be sha256: and 64 hex digits.`);
    return join(blobs, digest.slice('sha256:'.length));
  };
  return {
    put: (bytes) => {
      const digest = digestOf(bytes);
      const file = fileOf(digest);
      if (existsSync(file)) return digest;
      const temporary = join(blobs, `.${randomUUID()}`);
      writeFileSync(temporary, bytes);
      renameSync(temporary, file);
      return digest;
    },
    has: (digest) => isDigest(digest) && existsSync(fileOf(digest)),
    size: (digest) => statSync(fileOf(digest)).size,
    read: (digest) => readFileSync(fileOf(digest)),
    uploads: openUploads(join(dataDir, 'uploads')),
  };
}

function openUploads(folder: string): Uploads {
  mkdirSync(folder, { recursive: true });
  const fileOf = (id: string): string => join(folder, id.replace(/[^0-9a-f-]/g, ''));
  return {
    start: () => {
      const id = randomUUID();
      writeFileSync(fileOf(id), '');
      return id;
    },
    has: (id) => /^[0-9a-f-]{36}$/.test(id) && existsSync(fileOf(id)),
    size: (id) => statSync(fileOf(id)).size,
    append: (id, bytes) => appendFileSync(fileOf(id), bytes),
    finish: (id) => {
      const bytes = readFileSync(fileOf(id));
      rmSync(fileOf(id));
      return bytes;
    },
  };
}
