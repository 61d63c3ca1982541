// Judges the chain of certificates of a signature by the Notary Project's certificate requirements, and against the
// certificates that the policy trusts. Gives the first thing that is wrong, in a sentence.
import type { Certificate, KeyUse } from './certificate.ts';

export interface Times {
  /** When the signer says it was signed; nobody but the signer vouches for it. */
  readonly signed: number;
  readonly now: number;
}

const codeSigning = '1.3.6.1.5.5.7.3.3';
/** Purposes that the specification forbids beside code signing. */
const forbiddenPurposes: ReadonlyMap<string, string> = new Map([
  ['2.5.29.37.0', 'any purpose'],
  ['1.3.6.1.5.5.7.3.1', 'server authentication'],
  ['1.3.6.1.5.5.7.3.2', 'client authentication'],
  ['1.3.6.1.5.5.7.3.4', 'e-mail protection'],
  ['1.3.6.1.5.5.7.3.8', 'time stamping'],
]);
const forbiddenUses: readonly KeyUse[] = [
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];
const curves = ['prime256v1', 'secp384r1', 'secp521r1'];

/** Why the chain, leaf first, proves nothing; `undefined` where it leads to a trusted certificate. */
export function chainProblem(
  chain: readonly Certificate[],
  trusted: readonly Certificate[],
  times: Times,
): string | undefined {
  const [leaf] = chain;
  if (!leaf) return 'The signature carries no certificate.';
  return (
    chain.map(keyProblem).find(Boolean) ??
    leafProblem(leaf) ??
    chain
      .slice(1)
      .map((certificate, below) => authorityProblem(certificate, below))
      .find(Boolean) ??
    linkProblem(chain) ??
    trustProblem(chain, trusted) ??
    validityProblem(chain, times)
  );
}

function keyProblem({ publicKey, signatureAlgorithm, subject }: Certificate): string | undefined {
  const details = publicKey.asymmetricKeyDetails;
  const strong =
    publicKey.asymmetricKeyType === 'rsa'
      ? (details?.modulusLength ?? 0) >= 2048
      : publicKey.asymmetricKeyType === 'ec' && curves.includes(details?.namedCurve ?? '');
  if (!strong)
    return `The key of ${subject} is too weak or of an unknown kind: RSA needs 2048 bits, EC P-256, P-384 or P-521.`;
  return /sha1|md5/i.test(signatureAlgorithm)
    ? `The certificate ${subject} is signed with ${signatureAlgorithm}, which is no longer safe.`
    : undefined;
}

function leafProblem({ basicConstraints, keyUsage, extendedKeyUsage, subject }: Certificate) {
  if (basicConstraints?.ca)
    return `The signing certificate ${subject} is an authority's: images are signed with a certificate that it issued.`;
  if (!keyUsage?.critical || !keyUsage.bits.has('digitalSignature'))
    return `The signing certificate ${subject} lacks the critical key usage digitalSignature.`;
  const use = forbiddenUses.find((each) => keyUsage.bits.has(each));
  if (use) return `The signing certificate ${subject} has the key usage ${use}, which is not for signing.`;
  // The extension may be absent (the specification says so); if it is there, it has to be for code signing alone.
  if (extendedKeyUsage === undefined) return undefined;
  const purpose = extendedKeyUsage.map((each) => forbiddenPurposes.get(each)).find(Boolean);
  if (purpose) return `The signing certificate ${subject} is for ${purpose}, not for code signing alone.`;
  return extendedKeyUsage.includes(codeSigning)
    ? undefined
    : `The signing certificate ${subject} is not for code signing.`;
}

/** `below`: how many authorities stand between this one and the leaf. */
function authorityProblem({ basicConstraints, keyUsage, subject }: Certificate, below: number) {
  if (!basicConstraints?.critical || !basicConstraints.ca)
    return `${subject} issued a certificate of the chain but is not marked as an authority.`;
  if ((basicConstraints.pathLength ?? below) < below)
    return `${subject} allows ${basicConstraints.pathLength} authorities below it; the chain has ${below}.`;
  return keyUsage?.critical && keyUsage.bits.has('keyCertSign')
    ? undefined
    : `${subject} lacks the critical key usage keyCertSign.`;
}

/** Each certificate is signed by the next, the last by itself: leaf, intermediates, root, in this order. */
function linkProblem(chain: readonly Certificate[]): string | undefined {
  for (const [i, certificate] of chain.entries()) {
    const issuer = chain[i + 1] ?? certificate;
    if (issuer !== certificate && certificate.x509.verify(certificate.publicKey))
      return `${certificate.subject} signed itself, but the chain goes on after it.`;
    if (Buffer.compare(certificate.issuerDer, issuer.subjectDer) !== 0)
      return chain[i + 1]
        ? `The certificates are not in order: ${certificate.subject} was not issued by the next one, ${issuer.subject}.`
        : `The chain ends with ${certificate.subject}, which is not a root.`;
    if (!certificate.x509.verify(issuer.publicKey))
      return `The signature on the certificate ${certificate.subject} is not by ${issuer.subject}.`;
  }
  return undefined;
}

/** A trusted certificate stands in the chain, the same byte for byte: a name alone proves nothing. */
function trustProblem(chain: readonly Certificate[], trusted: readonly Certificate[]): string | undefined {
  const known = chain
    .slice(1)
    .some((one) => trusted.some((other) => Buffer.compare(one.x509.raw, other.x509.raw) === 0));
  return known
    ? undefined
    : `The policy does not trust who signed it: ${chain.at(-1)?.subject ?? 'the root'} is not under gates.signature.trusted.`;
}

/**
 * Valid when it was signed and, because no authentic timestamp is verified, also now: else an expired key could sign
 * with a date of the past.
 */
function validityProblem(chain: readonly Certificate[], { signed, now }: Times): string | undefined {
  for (const { subject, from, to } of chain) {
    if (now > to)
      return `The certificate ${subject} expired on ${day(to)}. Sign the image again with a valid one.`;
    if (now < from) return `The certificate ${subject} is valid from ${day(from)} only.`;
    if (signed < from || signed > to)
      return `The certificate ${subject} was not valid when it was signed (${day(signed)}).`;
  }
  return undefined;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
