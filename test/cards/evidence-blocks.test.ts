import { describe, expect, it } from 'vitest';
import { evidenceBlocks } from '../../src/cards/evidence-blocks.ts';
import { renderText } from '../../src/channels/terminal/render.ts';
import type { Evidence, Request } from '../../src/promotion/request.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const evidence: Evidence = {
  digest,
  mediaType: 'image',
  size: 2048,
  layers: 3,
  platforms: ['linux/amd64'],
  children: [],
  labels: {},
  referrers: [],
  gates: [],
};
const subject = { kind: 'promotion', repository: 'shop/web', tag: 'v2', toStage: 'prod' };
const shown = (change: Partial<Evidence>): string => {
  const request = { subject, evidence: { ...evidence, ...change } } as unknown as Request;
  return renderText({ name: 'request', title: 't', summary: 's', blocks: evidenceBlocks(request, 0) });
};
const notary = { digest, artifactType: 'application/vnd.cncf.notary.signature', size: 1 };
const gate = { gate: 'signature', mode: 'enforce', outcome: 'fail', value: 'fail', detail: 'why' } as const;

describe('the evidence on a card', () => {
  it('names who signed once that is verified, and nobody before', () => {
    const good = { kind: 'notation', status: 'verified', identity: 'CN=release', detail: 'd' } as const;
    const bad = {
      kind: 'notation',
      status: 'invalid',
      identity: 'CN=mallory',
      detail: 'It expired.',
    } as const;

    expect(shown({ signatures: [bad, good] })).toMatch(/Signature +verified: CN=release/);
    expect(shown({ signatures: [bad] })).toMatch(/Signature +not valid: It expired\./);
    expect(shown({ signatures: [bad] })).not.toContain('mallory');
    expect(shown({ signatures: [bad], gates: [gate] })).not.toContain('It expired.');
    expect(shown({ signatures: [] })).toMatch(/Signature +none/);
    expect(shown({ referrers: [notary] })).toMatch(/Signature +present, not looked at/);
  });

  it('counts what changed and names the first of it', () => {
    const text = shown({
      live: { tag: 'v1', digest, size: 1024, layers: 2 },
      packages: {
        live: 10,
        proposed: 11,
        changes: {
          added: ['a 1', 'b 1', 'c 1', 'd 1', 'e 1'],
          removed: [],
          counts: { added: 9, removed: 0 },
          changed: ['x 1 → 2'],
          changedCount: 1,
        },
      },
      findings: {
        added: [{ id: 'CVE-1', severity: 'high' }],
        removed: [],
        counts: { added: 1, removed: 0 },
      },
    });

    expect(text).toMatch(/Size +1\.0 KiB, 2 layers +2\.0 KiB, 3 layers/);
    expect(text).toMatch(/Packages +10 packages +11 packages: 9 new, 0 gone, 1 changed/);
    expect(text).toContain('Changed packages: x 1 → 2 · New: a 1, b 1, c 1 and 6 more');
    expect(text).toMatch(/CVE changes +none gone +1 new: CVE-1 \(high\)/);
  });

  it('says why packages were not compared, and that provenance is not verified', () => {
    const text = shown({
      packages: { proposed: 3, problem: 'Not compared: formats differ.' },
      provenance: ['https://slsa.dev/provenance/v1'],
    });

    expect(text).toContain('3 packages. Not compared: formats differ.');
    expect(text).toContain('provenance (slsa.dev/provenance/v1), not verified');
  });
});
