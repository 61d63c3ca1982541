// The certificate that the stand-in makes itself: what it says, that it is kept, and that it is made anew in time.
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureCertificate } from '../../../src/sandbox/azure/certificate.ts';

const day = 24 * 3600 * 1000;
const now = new Date('2026-11-22T12:00:00Z');
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'certificate-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

it('is an authority for localhost and 127.0.0.1 on P-256, valid for years', () => {
  const certificate = new X509Certificate(ensureCertificate(dataDir, now).cert);

  expect(certificate.ca).toBe(true);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(new Date(certificate.validTo).getTime() - now.getTime()).toBeGreaterThan(4 * 365 * day);
});

it('is kept from start to start, and made anew in its last sixty days', () => {
  const first = ensureCertificate(dataDir, now).cert;

  expect(ensureCertificate(dataDir, new Date(now.getTime() + 4 * 365 * day)).cert).toBe(first);
  expect(ensureCertificate(dataDir, new Date(now.getTime() + (5 * 365 - 30) * day)).cert).not.toBe(first);
});

it('is made anew where its key is another, or the file is cut off', () => {
  const first = ensureCertificate(dataDir, now);
  writeFileSync(first.caFile, first.cert.slice(0, 100));

  const second = ensureCertificate(dataDir, now);

  expect(second.cert).not.toBe(first.cert);
  expect(new X509Certificate(second.cert).ca).toBe(true);
});
