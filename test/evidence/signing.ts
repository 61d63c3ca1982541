// Makes certificates and Notation envelopes of any kind, good and bad, with node:crypto: what is tested is only told apart by
// the one thing that the test changes.
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { bits, der, integer, sequence } from '../../src/sandbox/azure/der.ts';
import {
  certificateDer,
  commonName,
  extension,
  keyUsage,
  type NamePart,
  pem,
  usedFor,
} from '../../src/sandbox/azure/x509.ts';
import { type Target, verifyNotation } from '../../src/evidence/notation.ts';

export const now = Date.parse('2026-11-22T12:00:00Z');
export const day = 86_400_000;
export const target: Target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 1234,
};
const codeSigning = '1.3.6.1.5.5.7.3.3';

export interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
export const ec = (namedCurve = 'P-256'): Pair => generateKeyPairSync('ec', { namedCurve });
export const rsa = (modulusLength: number): Pair => generateKeyPairSync('rsa', { modulusLength });

export interface Issued {
  readonly der: Buffer;
  readonly pem: string;
  readonly key: KeyObject;
  readonly name: readonly NamePart[];
}

interface Wanted {
  readonly name: string;
  /** Stand in the subject after its name. */
  readonly more?: readonly NamePart[];
  readonly by?: Issued;
  readonly pair?: Pair;
  readonly from?: number;
  readonly to?: number;
  readonly extensions?: readonly Buffer[];
}

/** A certificate by an issuer, or by itself; what is not said is as it should be for a leaf or a root. */
export function issue({
  name,
  more = [],
  by,
  pair = ec(),
  from = now - day,
  to = now + day,
  extensions,
}: Wanted): Issued {
  const subject = [commonName(name), ...more];
  const bytes = certificateDer({
    subject,
    issuer: by?.name ?? subject,
    publicKey: pair.publicKey,
    signingKey: by?.key ?? pair.privateKey,
    from: new Date(from),
    to: new Date(to),
    extensions: extensions ?? (by ? leafExtensions() : authorityExtensions()),
  });
  return { der: bytes, pem: pem(bytes), key: pair.privateKey, name: subject };
}

export const leafExtensions = (purpose = codeSigning): readonly Buffer[] => [
  keyUsage('digitalSignature'),
  usedFor(purpose),
];
export const authorityExtensions = (pathLength?: number): readonly Buffer[] => [
  extension(
    '2.5.29.19',
    sequence(
      der(0x01, Buffer.from([0xff])),
      ...(pathLength === undefined ? [] : [integer(Buffer.from([pathLength]))]),
    ),
    true,
  ),
  keyUsage('keyCertSign'),
];
/** Key usage of any bits of its first byte, critical or not. */
export const rawKeyUsage = (byte: number, critical = true): Buffer =>
  extension('2.5.29.15', bits(Buffer.from([byte])), critical);

export const root = issue({ name: 'root' });
export const intermediate = issue({ name: 'intermediate', by: root, extensions: authorityExtensions() });
export const leaf = issue({ name: 'leaf', by: intermediate });

interface Making {
  /** Certificates, the signing one first; its key signs. */
  readonly chain?: readonly Issued[];
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: unknown;
  readonly signature?: (input: Buffer, key: KeyObject) => Buffer;
  readonly unprotected?: Readonly<Record<string, unknown>>;
}

export const goodHeader = {
  alg: 'ES256',
  crit: ['io.cncf.notary.signingScheme'],
  cty: 'application/vnd.cncf.notary.payload.v1+json',
  'io.cncf.notary.signingScheme': 'notary.x509',
  'io.cncf.notary.signingTime': '2026-11-22T11:00:00Z',
};

export const es =
  (hash: string) =>
  (input: Buffer, key: KeyObject): Buffer =>
    sign(hash, input, { key, dsaEncoding: 'ieee-p1363' });
export const ps =
  (hash: string) =>
  (input: Buffer, key: KeyObject): Buffer =>
    sign(hash, input, {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    });

/** An envelope as its parts, to be changed before it is written. */
export function envelopeParts({
  chain = [leaf, intermediate, root],
  header = {},
  payload = { targetArtifact: target },
  signature = es('sha256'),
  unprotected = {},
}: Making = {}): Record<string, unknown> {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const parts = { payload: encode(payload), protected: encode({ ...goodHeader, ...header }) };
  const input = Buffer.from(`${parts.protected}.${parts.payload}`);
  const key = chain[0]?.key;
  return {
    ...parts,
    header: { x5c: chain.map((each) => each.der.toString('base64')), ...unprotected },
    signature: key ? signature(input, key).toString('base64url') : '',
  };
}

export const envelope = (making: Making = {}): Buffer => Buffer.from(JSON.stringify(envelopeParts(making)));

/** The envelope judged against these certificates. */
export const check = (bytes: Buffer, trusted: readonly string[] = [root.pem], at = now) =>
  verifyNotation(bytes, target, { certificates: trusted }, at);
/** The same in words; who signed is said only where it is verified. */
export const reason = (bytes: Buffer, trusted?: readonly string[], at?: number) => {
  const { status, detail, identity } = check(bytes, trusted, at);
  if ((identity === undefined) !== (status !== 'verified'))
    throw new Error('who signed is said only of what is verified');
  return `${status}: ${detail}`;
};
