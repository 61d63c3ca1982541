// Layers that are what they claim: a gzipped tar with one file, so that any client can unpack what it pulls.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface LayerBytes {
  readonly compressed: Buffer;
  /** Digest of the tar before compression, as an image's config lists it. */
  readonly diffId: string;
}

const blockSize = 512;

/** A layer with one file of the given bytes. */
export function layerBytes(path: string, bytes: Buffer): LayerBytes {
  const padding = Buffer.alloc((blockSize - (bytes.length % blockSize)) % blockSize);
  const end = Buffer.alloc(2 * blockSize);
  const tar = Buffer.concat([header(path, bytes.length), bytes, padding, end]);
  const diffId = `sha256:${createHash('sha256').update(tar).digest('hex')}`;
  return { compressed: gzipSync(tar), diffId };
}

/** Bytes that look random and are the same for the same seed. */
export function seededBytes(seed: string, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let block = 0; parts.length * 32 < length; block += 1) {
    parts.push(createHash('sha256').update(`${seed}#${block}`).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** A ustar header of a plain file; times and owners are zero, so that equal files make equal layers. */
function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(blockSize);
  block.write(path.slice(0, 99), 0);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
