// Reads DER: node:crypto says nothing of criticality, path length, key usage bits and the bytes of a name, and the
// signature specification judges by all four. Only reads, and only what a certificate is made of.

export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly bytes: Uint8Array;
}

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octets: 0x04,
  oid: 0x06,
  sequence: 0x30,
} as const;

/** Bytes that are not DER. Never leaves the room: a certificate with it is refused. */
export class MalformedDer extends Error {}

/** The elements that stand one after the other in the bytes. Throws MalformedDer. */
export function derElements(bytes: Uint8Array): readonly DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    found.push(element);
    at += element.bytes.length;
  }
  return found;
}

/** The elements inside a SEQUENCE that is all of the bytes. Throws MalformedDer. */
export function derSequence(bytes: Uint8Array): readonly DerElement[] {
  const [only, ...rest] = derElements(bytes);
  if (only?.tag !== derTag.sequence || rest.length > 0) throw new MalformedDer('not one sequence');
  return derElements(only.content);
}

function elementAt(bytes: Uint8Array, at: number): DerElement {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new MalformedDer('tag');
  const more = first < 0x80 ? 0 : first & 0x7f;
  // 0x80 is BER's unknown length; four bytes of length are more than any certificate has.
  if (first === 0x80 || more > 4) throw new MalformedDer('length');
  let length = more === 0 ? first : 0;
  for (let i = 0; i < more; i++) length = length * 256 + (bytes[at + 2 + i] ?? Number.NaN);
  const start = at + 2 + more;
  if (!(start + length <= bytes.length)) throw new MalformedDer('cut off');
  return { tag, content: bytes.subarray(start, start + length), bytes: bytes.subarray(at, start + length) };
}

/** `2.5.29.15` of an OBJECT IDENTIFIER's content. Throws MalformedDer. */
export function derOid(content: Uint8Array): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) throw new MalformedDer('identifier');
    if (byte & 0x80) continue;
    numbers.push(value);
    value = 0;
  }
  const [first] = numbers;
  if (first === undefined || (content.at(-1) ?? 0x80) & 0x80) throw new MalformedDer('identifier');
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...numbers.slice(1)].join('.');
}
