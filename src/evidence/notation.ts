// Verifies a Notation signature: a JWS envelope of the Notary Project over the descriptor of an image. Whatever is in it
// was written by somebody unknown until the very end, so nothing of it is believed before it is checked, and nothing of
// it leaves this file as an exception. https://github.com/notaryproject/specifications, specs/signature-envelope-jws.md.
import { constants, type KeyObject, verify } from 'node:crypto';
import type { SignatureCheck } from '../promotion/request.ts';
import { isSigner } from '../promotion/signer.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { chainProblem } from './certificate-chain.ts';
import { readEnvelope, refused, Refused, type Signed } from './notation-envelope.ts';

/** What has to be signed: the manifest of the image as the registry has it. `size` in bytes. */
export interface Target {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Whom the policy trusts. */
export interface Trust {
  /** Certificates in PEM that a chain has to lead to. */
  readonly certificates: readonly string[];
  /** Subjects of certificates that may sign; absent: whoever has one under these. */
  readonly signers?: readonly string[];
}

/** Larger than any envelope: a signature is a few kilobytes of certificates. */
export const maxEnvelopeBytes = 4 * 1024 * 1024;
const longestChain = 10;
/** Clocks of signers run ahead by so much at most, in milliseconds. */
const clockSkew = 5 * 60_000;

/**
 * Judges one envelope (application/jose+json) at `now` in milliseconds against whom the policy trusts: verified, or invalid
 * with the reason. Never throws.
 */
export function verifyNotation(
  envelope: Uint8Array,
  target: Target,
  trust: Trust,
  now: number,
): SignatureCheck {
  const check = { kind: 'notation' } as const;
  try {
    if (envelope.length > maxEnvelopeBytes) refused('The signature is larger than 4 MiB.');
    return { ...check, ...verifyEnvelope(readEnvelope(envelope), target, trust, now) };
  } catch (error) {
    // Parsers of JSON, DER and keys throw what they like at bytes that somebody made up.
    const detail = error instanceof Refused ? error.message : 'The signature is not a readable envelope.';
    return { ...check, status: 'invalid', detail };
  }
}

function verifyEnvelope(
  signed: Signed,
  target: Target,
  { certificates, signers }: Trust,
  now: number,
): Omit<SignatureCheck, 'kind'> {
  const chain = readChain(signed.chain);
  const [leaf] = chain;
  if (!leaf) return refused('The signature carries no certificate.');
  const scheme = algorithmOf(leaf);
  // The key says which algorithm it is, never the envelope: else a public key could be taken for a shared secret.
  if (signed.algorithm !== scheme.name)
    refused(`The signature says ${signed.algorithm.slice(0, 20)}, its key is for ${scheme.name}.`);
  if (!scheme.verify(leaf.publicKey, signed.input, signed.signature))
    refused('The signature does not fit what it covers: payload or header were changed after signing.');
  if (signed.signedAt > now + clockSkew) refused('The signature is dated in the future.');
  const authorities = certificates.map((pem) => readCertificate(Buffer.from(pem)));
  const problem = chainProblem(chain, authorities, { signed: signed.signedAt, now });
  if (problem) refused(problem);
  if (signers && !isSigner(leaf.attributes, signers))
    refused(`${leaf.subject} signed it, who is none of gates.signature.signers.`);
  if (signed.expiry !== undefined && now >= signed.expiry)
    refused(`The signature expired on ${day(signed.expiry)}. Sign the image again.`);
  checkTarget(signed.target, target);
  const notes = signed.hasTimestamp ? ' Its timestamp was not looked at.' : '';
  return {
    status: 'verified',
    identity: leaf.subject,
    signedAt: signed.signedAt,
    detail: `Signed by ${leaf.subject}.${notes}`,
  };
}

function readChain(x5c: readonly string[]): readonly Certificate[] {
  if (x5c.length > longestChain) refused(`The signature has more than ${longestChain} certificates.`);
  return x5c.map((text, i) => {
    try {
      const der = Buffer.from(text, 'base64');
      const certificate = readCertificate(der);
      // OpenSSL passes over what follows a certificate, and reads PEM too: the specification has DER alone.
      return certificate.x509.raw.equals(der) ? certificate : refused('');
    } catch {
      return refused(`Certificate ${i + 1} of the signature cannot be read.`);
    }
  });
}

interface Algorithm {
  readonly name: string;
  verify(key: KeyObject, input: Uint8Array, signature: Uint8Array): boolean;
}

const ecdsa = (name: string, hash: string): Algorithm => ({
  name,
  verify: (key, input, signature) => verify(hash, input, { key, dsaEncoding: 'ieee-p1363' }, signature),
});
/** RFC 7518, 3.5: the salt is as long as the hash. */
const pss = (name: string, hash: string): Algorithm => ({
  name,
  verify: (key, input, signature) =>
    verify(
      hash,
      input,
      { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
      signature,
    ),
});
/** By kind and size of the key. There is no other way to sign: the specification leaves no choice. */
const algorithms: ReadonlyMap<string, Algorithm> = new Map([
  ['rsa 2048', pss('PS256', 'sha256')],
  ['rsa 3072', pss('PS384', 'sha384')],
  ['rsa 4096', pss('PS512', 'sha512')],
  ['ec prime256v1', ecdsa('ES256', 'sha256')],
  ['ec secp384r1', ecdsa('ES384', 'sha384')],
  ['ec secp521r1', ecdsa('ES512', 'sha512')],
]);

function algorithmOf({ publicKey, subject }: Certificate): Algorithm {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  const kind = `${publicKey.asymmetricKeyType} ${modulusLength ?? namedCurve}`;
  return (
    algorithms.get(kind) ??
    refused(
      `The key of ${subject} (${kind}) is none that images are signed with: RSA 2048, 3072 or 4096, EC P-256, P-384 or P-521.`,
    )
  );
}

function checkTarget(said: Target, target: Target): void {
  if (said.digest !== target.digest)
    refused(`The signature is for another image, ${said.digest.slice(0, 19)}. Sign this one.`);
  if (said.mediaType !== target.mediaType || said.size !== target.size)
    refused('The signature names this digest with another media type or size. Sign the image again.');
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
