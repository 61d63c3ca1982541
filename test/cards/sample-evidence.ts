// What is known of the image of the sample requests: with all that can be attached to it, and with what stops it.
import type { Facts } from '../../src/promotion/request.ts';

const hour = 3_600_000;
const asked = Date.UTC(2026, 10, 23, 13, 5);
const digest = `sha256:${'5c2e0a7b'.repeat(8)}`;
const before = `sha256:${'b81d44f0'.repeat(8)}`;
const scannedAt = asked - 5 * hour;

const live: NonNullable<Facts['live']> = {
  tag: 'v1.4.1',
  digest: before,
  size: 92 * 2 ** 20,
  layers: 9,
  updatedAt: asked - 12 * 24 * hour,
  scan: { critical: 0, high: 3, medium: 11, low: 40, scanner: 'Defender', scannedAt },
};

export const facts = {
  digest,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  size: 94 * 2 ** 20,
  layers: 9,
  platforms: ['linux/amd64', 'linux/arm64'],
  children: [before],
  createdAt: asked - 3 * 24 * hour,
  labels: {
    'org.opencontainers.image.revision': '4f0c2d9b8e7a6f5c4d3b2a190817263544352617',
    'org.opencontainers.image.source': 'https://git.contoso.example/shop/web',
  },
  referrers: [
    { digest: before, artifactType: 'application/vnd.cncf.notary.signature', size: 2100 },
    { digest: before, artifactType: 'application/spdx+json', size: 48_000 },
    { digest: before, artifactType: 'application/vnd.in-toto+json', size: 3400 },
  ],
  signatures: [
    {
      kind: 'notation',
      status: 'verified',
      identity: 'CN=release-signing, O=Contoso, C=DE',
      signedAt: asked - 3 * 24 * hour,
      detail: 'Signed by CN=release-signing, O=Contoso, C=DE, on 2026-11-20.',
    },
  ],
  packages: {
    proposed: 214,
    live: 212,
    changes: {
      added: ['libwebp 1.4.0', 'brotli 1.1.0', 'zstd 1.5.6'],
      removed: ['libjpeg 9e'],
      counts: { added: 3, removed: 1 },
      changed: ['openssl 3.0.13 → 3.0.15', 'curl 8.9.1 → 8.11.0', 'node 26.1.0 → 26.2.0'],
      changedCount: 7,
    },
  },
  provenance: ['https://slsa.dev/provenance/v1'],
  findings: {
    added: [{ id: 'CVE-2026-31415', severity: 'high' }],
    removed: [
      { id: 'CVE-2026-27182', severity: 'high' },
      { id: 'CVE-2026-16180', severity: 'medium' },
    ],
    counts: { added: 1, removed: 2 },
  },
  scan: { critical: 0, high: 2, medium: 9, low: 31, scanner: 'Defender', scannedAt },
  inSourceSince: asked - 3 * 24 * hour,
  live,
  posture: { 'CR-1': 'pass', 'CR-8': 'waived', 'TEN-01': 'pass' },
} as const satisfies Facts;

/** Without anything live, nothing is compared. */
export function liveFacts(other: Facts['live']): Facts {
  const { live: _live, findings: _findings, packages: _packages, ...rest } = facts;
  return {
    ...rest,
    packages: { proposed: 214, problem: 'Nothing to compare with yet.' },
    ...(other && { live: other }),
  };
}

/** What was live before, asked for again. */
export const rolledBack: Facts = {
  ...facts,
  createdAt: asked - 30 * 24 * hour,
  live: { ...live, tag: 'v1.4.2', updatedAt: asked - 3 * hour },
};

/** Unsigned, vulnerable, young, without labels, for a registry that could not be judged. */
export const weakFacts: Facts = {
  digest,
  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  size: 1_340 * 2 ** 20,
  layers: 27,
  platforms: ['linux/amd64'],
  children: [],
  createdAt: asked - 2 * hour,
  labels: {},
  referrers: [],
  signatures: [],
  scan: { critical: 2, high: 7, medium: 30, low: 81, scanner: 'Defender', scannedAt: asked - hour },
  inSourceSince: asked - hour,
  live,
};
