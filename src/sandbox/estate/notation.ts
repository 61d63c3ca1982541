// Signs the sample images as Notation does: a JWS envelope over the image's descriptor, with the chain of certificates in
// it. The keys are thrown away after the seeding: only the authority's certificate stays, to be trusted.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
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

export interface Signer {
  /** The envelope (application/jose+json) over a descriptor. */
  envelope(subject: SubjectDescriptor): Buffer;
  /** SHA-256 of the chain's certificates in hex, leaf first, as the annotation of a signature lists them. */
  readonly thumbprints: readonly string[];
  /** The authority's certificate in PEM. */
  readonly authority: string;
}

const codeSigning = '1.3.6.1.5.5.7.3.3';
const year = 365 * 24 * 3600 * 1000;

export function createSigner(now: Date): Signer {
  const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const span = { from: new Date(now.getTime() - 3 * year), to: new Date(now.getTime() + 3 * year) };
  const rootName = nameOf('Contoso Signing Authority');
  const rootDer = certificateDer({
    ...span,
    subject: rootName,
    issuer: rootName,
    publicKey: root.publicKey,
    signingKey: root.privateKey,
    extensions: [authority(), keyUsage('keyCertSign')],
  });
  const leafDer = certificateDer({
    ...span,
    subject: nameOf('contoso-release-signing'),
    issuer: rootName,
    publicKey: leaf.publicKey,
    signingKey: root.privateKey,
    extensions: [keyUsage('digitalSignature'), usedFor(codeSigning)],
  });
  const chain = [leafDer, rootDer];
  return {
    envelope: (subject) => envelope(subject, leaf.privateKey, chain, now),
    thumbprints: chain.map((one) => createHash('sha256').update(one).digest('hex')),
    authority: pem(rootDer),
  };
}

function envelope(subject: SubjectDescriptor, key: KeyObject, chain: readonly Buffer[], now: Date): Buffer {
  const payload = encoded({ targetArtifact: subject });
  const header = encoded({
    alg: 'ES256',
    crit: ['io.cncf.notary.signingScheme'],
    cty: 'application/vnd.cncf.notary.payload.v1+json',
    'io.cncf.notary.signingScheme': 'notary.x509',
    'io.cncf.notary.signingTime': `${now.toISOString().slice(0, 19)}Z`,
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

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
