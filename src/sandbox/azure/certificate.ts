// The Azure SDKs refuse plain http, so the stand-in speaks https with a certificate it makes itself. It is its own
// authority: clients trust the one file `ca.pem` (NODE_EXTRA_CA_CERTS), as they would any company's private CA.
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bits, der, explicit, integer, octets, oid, sequence, set, time, utf8, yes } from './der.ts';

export interface Certificate {
  /** Path of the PEM file that clients trust. */
  readonly caFile: string;
  readonly cert: string;
  readonly key: string;
}

const day = 24 * 3600 * 1000;
const lifetime = 5 * 365 * day;
const renewBefore = 60 * day;
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

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
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const serial = randomBytes(16);
  serial[0] = (serial[0] ?? 0) | 0x40;
  // A name of its own: OpenSSL looks trusted certificates up by name, and two sandboxes may be trusted side by side.
  const commonName = `acr-warden sandbox ${serial.toString('hex').slice(0, 8)}`;
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))));
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    name,
    sequence(time(new Date(now.getTime() - day)), time(new Date(now.getTime() + lifetime))),
    name,
    spki,
    explicit(3, sequence(...extensions(spki))),
  );
  const signed = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)));
  return { cert: pem(signed), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function extensions(spki: Buffer): Buffer[] {
  const keyId = createHash('sha1').update(spki).digest();
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  return [
    extension('2.5.29.19', sequence(yes()), true),
    // digitalSignature and keyCertSign.
    extension('2.5.29.15', bits(Buffer.from([0x84]), 2), true),
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', names),
    extension('2.5.29.14', octets(keyId)),
  ];
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return critical ? sequence(oid(id), yes(), octets(value)) : sequence(oid(id), octets(value));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
