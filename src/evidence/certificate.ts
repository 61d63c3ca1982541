// A certificate as the signature specification judges it: what node:crypto gives, and the three extensions that the
// specification honours, with whether each is critical.
import { type KeyObject, X509Certificate } from 'node:crypto';
import { type DerElement, derElements, derOid, derSequence, derTag, MalformedDer } from './der.ts';
import { attributesOf } from './distinguished-name.ts';

export interface Certificate {
  readonly x509: X509Certificate;
  readonly publicKey: KeyObject;
  /** `CN=release, O=Contoso`, for people. Written by whoever made the certificate. */
  readonly subject: string;
  /** Of the subject, by short name (`CN`, `O`): what it has exactly once. */
  readonly attributes: ReadonlyMap<string, string>;
  /** DER of the names, to be compared byte by byte. */
  readonly subjectDer: Uint8Array;
  readonly issuerDer: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Of the signature on the certificate, as node:crypto names it: `sha1WithRSAEncryption`. */
  readonly signatureAlgorithm: string;
  readonly basicConstraints?: {
    readonly critical: boolean;
    readonly ca: boolean;
    readonly pathLength?: number;
  };
  readonly keyUsage?: { readonly critical: boolean; readonly bits: ReadonlySet<KeyUse> };
  /** Object identifiers of purposes. */
  readonly extendedKeyUsage?: readonly string[];
}

/** In the order of the bits of the extension (RFC 5280, 4.2.1.3). */
const keyUses = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUse = (typeof keyUses)[number];

/** Reads a certificate from DER. Throws for anything that is none; the caller says which it was. */
export function readCertificate(der: Uint8Array): Certificate {
  const x509 = new X509Certificate(der);
  const [body] = derSequence(x509.raw);
  if (!body) throw new MalformedDer('empty');
  const fields = derElements(body.content);
  // The version is there in every certificate with extensions; without it the first field is the serial number.
  const [, , issuer, , subject] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  if (!issuer || !subject) throw new MalformedDer('names');
  const extensions = readExtensions(fields.find((field) => field.tag === 0xa3));
  const basic = extensions.get('2.5.29.19');
  const usage = extensions.get('2.5.29.15');
  const extended = extensions.get('2.5.29.37');
  return {
    x509,
    publicKey: x509.publicKey,
    subject: x509.subject.split('\n').reverse().join(', ').slice(0, 200),
    attributes: attributesOf(subject.bytes),
    subjectDer: subject.bytes,
    issuerDer: issuer.bytes,
    from: x509.validFromDate.getTime(),
    to: x509.validToDate.getTime(),
    signatureAlgorithm: x509.signatureAlgorithm ?? '',
    ...(basic && { basicConstraints: { critical: basic.critical, ...readConstraints(basic.value) } }),
    ...(usage && { keyUsage: { critical: usage.critical, bits: readBits(usage.value) } }),
    ...(extended && {
      extendedKeyUsage: derSequence(extended.value).map((purpose) => derOid(purpose.content)),
    }),
  };
}

interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

function readExtensions(field: DerElement | undefined): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  for (const each of field ? derSequence(field.content) : []) {
    const parts = derElements(each.content);
    const [id, value] = [parts[0], parts.at(-1)];
    if (id?.tag !== derTag.oid || value?.tag !== derTag.octets) throw new MalformedDer('extension');
    const name = derOid(id.content);
    // Two answers to one question: which one holds would be a guess.
    if (found.has(name)) throw new MalformedDer('extension that stands twice');
    found.set(name, { critical: parts.length === 3 && isTrue(parts[1]), value: value.content });
  }
  return found;
}

function readConstraints(value: Uint8Array): { ca: boolean; pathLength?: number } {
  const parts = derSequence(value);
  const ca = parts[0]?.tag === derTag.boolean && isTrue(parts[0]);
  const length = parts.find((part) => part.tag === derTag.integer);
  if (!length) return { ca };
  return { ca, pathLength: length.content.reduce((sum, byte) => sum * 256 + byte, 0) };
}

function readBits(value: Uint8Array): ReadonlySet<KeyUse> {
  const [bits] = derElements(value);
  if (bits?.tag !== derTag.bitString) throw new MalformedDer('key usage');
  const bytes = bits.content.subarray(1);
  return new Set(keyUses.filter((_, i) => ((bytes[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0));
}

const isTrue = (element: DerElement | undefined): boolean =>
  element?.tag === derTag.boolean && element.content[0] === 0xff;
