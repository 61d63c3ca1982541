// The signatures of the sample images are real: the envelope covers the image's digest, and the chain leads to the
// authority whose certificate the sandbox keeps.
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifest } from '../../../src/sandbox/azure/registry/manifest-content.ts';
import { openContent } from '../../../src/sandbox/azure/content.ts';
import { type Running, startStandIn } from '../azure/stand-in.ts';

let running: Running;

beforeAll(async () => {
  running = await startStandIn();
});
afterAll(() => running.stop());

function signatureIn(registry: string) {
  const found = running.azure.inspect().find((one) => one.name === registry);
  const web = found?.repositories.find((one) => one.name === 'shop/web');
  const digest = web?.tags.find((one) => one.name === 'v1.4.2')?.digest;
  const signature = web?.manifests.find(
    (one) => one.subject === digest && one.artifactType?.includes('notary'),
  );
  return { digest, signature: signature?.digest ?? '' };
}

it('the sample image carries a Notation envelope that verifies against the kept authority', () => {
  const { digest, signature } = signatureIn('contosouat');
  const content = openContent(running.dataDir);
  const layer = readManifest(content.read(signature), undefined).blobs.find(
    (one) => one.mediaType === 'application/jose+json',
  );
  const envelope = JSON.parse(content.read(layer?.digest ?? '').toString('utf8'));
  const [leaf, root] = envelope.header.x5c.map(
    (one: string) => new X509Certificate(Buffer.from(one, 'base64')),
  );
  const authority = new X509Certificate(readFileSync(running.azure.signingCaFile));

  const input = Buffer.from(`${envelope.protected}.${envelope.payload}`);
  const key = {
    key: createPublicKey(leaf.publicKey.export({ type: 'spki', format: 'pem' })),
    dsaEncoding: 'ieee-p1363' as const,
  };
  const payload = JSON.parse(Buffer.from(envelope.payload, 'base64url').toString('utf8'));

  expect(verify('sha256', input, key, Buffer.from(envelope.signature, 'base64url'))).toBe(true);
  expect(payload.targetArtifact.digest).toBe(digest);
  expect(leaf.verify(authority.publicKey)).toBe(true);
  expect(leaf.checkIssued(authority)).toBe(true);
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.3']);
  expect([leaf.ca, root.ca]).toEqual([false, true]);
  expect(root.fingerprint256).toBe(authority.fingerprint256);
});

it('copies of an image have the very same signature', () => {
  expect(signatureIn('contosouat')).toEqual(signatureIn('devshop'));
});
