// Signs the sample images as Notation does: a JWS envelope over the image's descriptor, with the chain of certificates in
// it. The authority is kept with the data, so that a policy that trusts it goes on fitting; the signing keys are thrown away
// after the seeding. Some images are signed badly, so that there is something for a gate to stop.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  authority,
  certificateDer,
  commonName,
  country,
  keyUsage,
  type NamePart,
  organisation,
  pem,
  state,
  usedFor,
} from '../azure/x509.ts';

interface SubjectDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** `expired`: by a certificate that has run out. `other-image`: a good signature that is not for this image. */
export type SignatureKind = 'good' | 'expired' | 'other-image';

export interface Signer {
  /** The envelope (application/jose+json) over a descriptor, and SHA-256 of its certificates in hex, leaf first. */
  sign(subject: SubjectDescriptor, kind: SignatureKind): { envelope: Buffer; thumbprints: readonly string[] };
}

/** Who signs the sandbox's images, as files of its data folder. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

const codeSigning = '1.3.6.1.5.5.7.3.3';
const day = 24 * 3600 * 1000;
const year = 365 * day;

/** PEM file of the authority in a data folder: for `trusted` of a signature gate. */
export const authorityFile = (folder: string): string => join(folder, 'signing-ca.pem');

/** The authority of a folder, made where there is none. */
export function ensureAuthority(folder: string, now: Date): Authority {
  const keyFile = join(folder, 'signing-ca.key.pem');
  if (!existsSync(authorityFile(folder)) || !existsSync(keyFile)) {
    const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const name = nameOf('Contoso Signing Authority');
    const der = certificateDer({
      ...span(now),
      subject: name,
      issuer: name,
      publicKey: root.publicKey,
      signingKey: root.privateKey,
      extensions: [authority(), keyUsage('keyCertSign')],
    });
    mkdirSync(folder, { recursive: true });
    writeFileSync(keyFile, root.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(authorityFile(folder), pem(der));
  }
  return {
    certificate: new X509Certificate(readFileSync(authorityFile(folder))),
    key: createPrivateKey(readFileSync(keyFile)),
  };
}

export function createSigner(by: Authority, now: Date): Signer {
  const good = leafOf(by, 'contoso-release-signing', span(now));
  const old = leafOf(by, 'contoso-release-signing-2025', {
    from: span(now).from,
    to: new Date(now.getTime() - day),
  });
  return {
    sign: (subject, kind) => {
      const leaf = kind === 'expired' ? old : good;
      const signedAt = kind === 'expired' ? new Date(now.getTime() - 10 * day) : now;
      const chain = [leaf.der, by.certificate.raw];
      const digest = kind === 'other-image' ? `sha256:${sha256('another image')}` : subject.digest;
      return {
        envelope: envelope({ ...subject, digest }, leaf.key, chain, signedAt),
        thumbprints: chain.map(sha256),
      };
    },
  };
}

function leafOf(by: Authority, name: string, valid: { readonly from: Date; readonly to: Date }) {
  const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = certificateDer({
    ...valid,
    subject: nameOf(name),
    issuer: nameOf('Contoso Signing Authority'),
    publicKey: createPublicKey(leaf.privateKey),
    signingKey: by.key,
    extensions: [keyUsage('digitalSignature'), usedFor(codeSigning)],
  });
  return { der, key: leaf.privateKey };
}

function envelope(
  subject: SubjectDescriptor,
  key: KeyObject,
  chain: readonly Buffer[],
  signedAt: Date,
): Buffer {
  const payload = encoded({ targetArtifact: subject });
  const header = encoded({
    alg: 'ES256',
    crit: ['io.cncf.notary.signingScheme'],
    cty: 'application/vnd.cncf.notary.payload.v1+json',
    'io.cncf.notary.signingScheme': 'notary.x509',
    'io.cncf.notary.signingTime': `${signedAt.toISOString().slice(0, 19)}Z`,
  });
  const input = Buffer.from(`${header}.${payload}`);
  const signature = sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  const x5c = chain.map((one) => one.toString('base64'));
  return Buffer.from(
    JSON.stringify({
      payload,
      protected: header,
      header: { x5c, 'io.cncf.notary.signingAgent': 'acr-warden sandbox' },
      signature,
    }),
  );
}

function nameOf(name: string): readonly NamePart[] {
  return [country('DE'), state('Berlin'), organisation('Contoso'), commonName(name)];
}

const span = (now: Date) => ({
  from: new Date(now.getTime() - 3 * year),
  to: new Date(now.getTime() + 3 * year),
});
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
