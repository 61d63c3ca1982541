// The attributes of a certificate's subject, from its DER: what node:crypto gives is text to look at, in which a value may
// contain what separates two of them.
import { derElements, derOid, derSequence } from './der.ts';

/** The short names that people write (RFC 4514, 3, and Notation's), by object identifier. */
const names: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
]);

/** UTF8String, PrintableString and IA5String. Certificates of today use no other kind. */
const texts: ReadonlySet<number> = new Set([0x0c, 0x13, 0x16]);

/**
 * What stands in a name (a SEQUENCE in DER) exactly once, by its short name. What stands there twice, under another name or
 * in another encoding is left out, so it is nothing that could be asked for. Throws MalformedDer.
 */
export function attributesOf(name: Uint8Array): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>();
  for (const { content } of derSequence(name))
    for (const attribute of derElements(content)) {
      const [id, value] = derElements(attribute.content);
      const short = id && names.get(derOid(id.content));
      if (!short || !value) continue;
      const isKnown = texts.has(value.tag) && !found.has(short);
      found.set(short, isKnown ? Buffer.from(value.content).toString('utf8') : undefined);
    }
  return new Map([...found].flatMap(([short, value]) => (value === undefined ? [] : [[short, value]])));
}
