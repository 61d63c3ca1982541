// The Azure SDKs refuse plain http, so the stand-in speaks https with a certificate it makes itself. It is its own
// authority: clients trust the one file `ca.pem` (NODE_EXTRA_CA_CERTS), as they would any company's private CA.
import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { der, sequence } from './der.ts';
import { authority, certificateDer, commonName, extension, keyUsage, pem, usedFor } from './x509.ts';

export interface Certificate {
  /** Path of the PEM file that clients trust. */
  readonly caFile: string;
  readonly cert: string;
  readonly key: string;
}

const day = 24 * 3600 * 1000;
const lifetime = 5 * 365 * day;
const renewBefore = 60 * day;

/** The certificate of the data folder; a new one where there is none, or where it ends within 60 days of `now`. */
export function ensureCertificate(dataDir: string, now: Date = new Date()): Certificate {
  const caFile = join(dataDir, 'ca.pem');
  const keyFile = join(dataDir, 'ca.key.pem');
  if (!isUsable(caFile, keyFile, now)) {
    mkdirSync(dataDir, { recursive: true });
    const made = makeCertificate(now);
    writeFileSync(keyFile, made.key, { mode: 0o600 });
    writeFileSync(caFile, made.cert);
  }
  return { caFile, cert: readFileSync(caFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

function isUsable(caFile: string, keyFile: string, now: Date): boolean {
  if (!existsSync(caFile) || !existsSync(keyFile)) return false;
  try {
    const certificate = new X509Certificate(readFileSync(caFile));
    const isPair = certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile)));
    return isPair && new Date(certificate.validTo).getTime() - now.getTime() > renewBefore;
  } catch {
    // Half-written by a process that was killed: made anew.
    return false;
  }
}

function makeCertificate(now: Date): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // A name of its own: OpenSSL looks trusted certificates up by name, and two sandboxes may be trusted side by side.
  const name = [commonName(`acr-warden sandbox ${randomBytes(4).toString('hex')}`)];
  const hosts = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  const signed = certificateDer({
    subject: name,
    issuer: name,
    publicKey,
    signingKey: privateKey,
    from: new Date(now.getTime() - day),
    to: new Date(now.getTime() + lifetime),
    extensions: [
      authority(),
      keyUsage('digitalSignature', 'keyCertSign'),
      usedFor('1.3.6.1.5.5.7.3.1'),
      extension('2.5.29.17', hosts),
    ],
  });
  return { cert: pem(signed), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
