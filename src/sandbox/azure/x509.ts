// Certificates of any use from parts: for the stand-in's https, and for the authority that signs its sample images.
import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, explicit, integer, octets, oid, sequence, set, time, utf8, yes } from './der.ts';

/** One part of a name: object identifier and text. */
export type NamePart = readonly [string, string];

/** What a certificate says; the keys are on P-256, the signature is ECDSA with SHA-256. */
export interface CertificateParts {
  readonly subject: readonly NamePart[];
  readonly issuer: readonly NamePart[];
  readonly publicKey: KeyObject;
  /** The issuer's key; the own private key where it signs itself. */
  readonly signingKey: KeyObject;
  readonly from: Date;
  readonly to: Date;
  readonly extensions: readonly Buffer[];
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

export const commonName = (text: string): NamePart => ['2.5.4.3', text];
export const organisation = (text: string): NamePart => ['2.5.4.10', text];
export const state = (text: string): NamePart => ['2.5.4.8', text];
export const country = (text: string): NamePart => ['2.5.4.6', text];

export function certificateDer(parts: CertificateParts): Buffer {
  const spki = parts.publicKey.export({ type: 'spki', format: 'der' });
  const keyId = createHash('sha1').update(spki).digest();
  const serial = randomBytes(16);
  serial[0] = (serial[0] ?? 0) | 0x40;
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    nameDer(parts.issuer),
    sequence(time(parts.from), time(parts.to)),
    nameDer(parts.subject),
    spki,
    explicit(3, sequence(...parts.extensions, extension('2.5.29.14', octets(keyId)))),
  );
  return sequence(body, ecdsaWithSha256, bits(sign('sha256', body, parts.signingKey)));
}

/** Basic constraints of a certificate that may sign others. */
export const authority = (): Buffer => extension('2.5.29.19', sequence(yes()), true);

export function keyUsage(...uses: readonly ('digitalSignature' | 'keyCertSign')[]): Buffer {
  const byte = (uses.includes('digitalSignature') ? 0x80 : 0) | (uses.includes('keyCertSign') ? 0x04 : 0);
  // DER wants no zero bits at the end.
  const unused = uses.includes('keyCertSign') ? 2 : 7;
  return extension('2.5.29.15', bits(Buffer.from([byte]), unused), true);
}

/** Extended key usage. */
export const usedFor = (purpose: string): Buffer => extension('2.5.29.37', sequence(oid(purpose)));

export function extension(id: string, value: Buffer, critical = false): Buffer {
  return critical ? sequence(oid(id), yes(), octets(value)) : sequence(oid(id), octets(value));
}

export function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function nameDer(parts: readonly NamePart[]): Buffer {
  return sequence(...parts.map(([id, text]) => set(sequence(oid(id), utf8(text)))));
}
