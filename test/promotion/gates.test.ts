import { describe, expect, it } from 'vitest';
import { attachmentKind } from '../../src/promotion/attachment-kind.ts';
import { judgeGates } from '../../src/promotion/gates.ts';
import type { Facts, SignatureCheck } from '../../src/promotion/request.ts';
import type { GateRules } from '../../src/promotion/terms.ts';
import { facts, hour } from './machine-world.ts';

const judged = (rules: GateRules, change: Partial<Facts> = {}, now = 100 * hour) =>
  judgeGates(rules, { ...facts, ...change }, [], now);
const outcome = (rules: GateRules, change: Partial<Facts> = {}, now?: number) =>
  judged(rules, change, now)[0]?.outcome;
const referrer = (artifactType: string, tag?: string) => ({
  digest: 'd',
  artifactType,
  size: 1,
  ...(tag && { tag }),
});

describe('what hangs on an image', () => {
  it.each([
    ['application/vnd.cncf.notary.signature', undefined, 'notation'],
    ['application/vnd.cncf.notary.signature', 'sha256-a.att', 'notation'],
    ['application/json', 'sha256-a.att', 'attestation'],
    ['application/vnd.in-toto+json', undefined, 'attestation'],
    ['application/json', 'sha256-a.sbom', 'sbom'],
    ['application/spdx+json', undefined, 'sbom'],
    ['application/vnd.cyclonedx+json', 'x', 'sbom'],
    ['application/json', 'sha256-a.sig', 'cosign'],
    ['application/vnd.dev.cosign.artifact.sig', undefined, 'cosign'],
    ['application/json', 'att', 'other'],
    ['application/json', undefined, 'other'],
  ])('of type %s and tag %s is: %s', (artifactType, tag, kind) => {
    expect(attachmentKind({ artifactType, ...(tag && { tag }) })).toBe(kind);
  });
});

describe('the scan gate', () => {
  const scan = { mode: 'enforce', maxCritical: 1, maxHigh: 5, maxAge: 48 * hour } as const;
  const seen = (critical: number, high: number, scannedAt = 100 * hour) => ({
    scan: { critical, high, medium: 0, low: 0, scanner: 'Defender', scannedAt },
  });

  it('passes up to its numbers and its age, and not one more', () => {
    expect(outcome({ scan }, seen(1, 5))).toBe('pass');
    expect(outcome({ scan }, seen(2, 0))).toBe('fail');
    expect(outcome({ scan }, seen(0, 6))).toBe('fail');
    expect(outcome({ scan }, seen(0, 0, 52 * hour))).toBe('pass');
    expect(judged({ scan }, seen(0, 0, 52 * hour - 1))).toMatchObject([
      {
        outcome: 'unknown',
        value: 'old: 0 critical, 0 high',
        detail: expect.stringMatching(/, 2 days old, .*; at most 2 days\.$/),
      },
    ]);
    expect(judged({ scan }, seen(0, 0, 53 * hour))[0]?.detail).toContain('47 hours');
  });

  it('says nothing where it is off', () => {
    expect(judged({ scan: { ...scan, mode: 'off' } })).toEqual([]);
    expect(judged({})).toEqual([]);
  });
});

describe('the signature gate', () => {
  const rule = { mode: 'enforce', accept: [] } as const;
  const accepting = { mode: 'enforce', accept: ['cosign-present'] } as const;
  const check = (status: SignatureCheck['status'], detail: string): SignatureCheck => ({
    kind: 'notation',
    status,
    detail,
  });
  const notation = referrer('application/vnd.cncf.notary.signature');
  const cosign = referrer('application/json', 'sha256-a.sig');

  it.each([
    ['nothing', rule, [], undefined, 'fail', 'not signed'],
    ['one that nobody looked at', rule, [notation], undefined, 'unknown', 'not looked at'],
    ['a cosign signature', rule, [cosign], [], 'unknown', 'not verified'],
    ['a cosign signature that is accepted', accepting, [cosign], [], 'pass', 'cosign'],
    ['acceptance of cosign, and no signature', accepting, [], [], 'fail', 'not signed'],
    ['a good one', rule, [notation], [check('verified', 'Good.')], 'pass', 'Good.'],
    ['a bad one', rule, [notation], [check('invalid', 'Bad.')], 'fail', 'Bad.'],
    ['one that could not be read', rule, [notation], [check('unverified', 'Unread.')], 'unknown', 'Unread.'],
    [
      'a bad and an unread one',
      rule,
      [notation],
      [check('invalid', 'Bad.'), check('unverified', 'Unread.')],
      'unknown',
      'Unread.',
    ],
    [
      'a bad and a good one',
      rule,
      [notation],
      [check('invalid', 'Bad.'), check('verified', 'Good.')],
      'pass',
      'Good. (1 more signature)',
    ],
    [
      'three bad ones',
      rule,
      [notation],
      [check('invalid', 'Bad.'), check('invalid', 'Worse.'), check('invalid', 'Worst.')],
      'fail',
      'Bad. (2 more signatures)',
    ],
    [
      'a verified cosign check',
      rule,
      [cosign],
      [{ ...check('verified', 'Good.'), kind: 'cosign' as const }],
      'unknown',
      'not verified',
    ],
  ] as const)('with %s', (_, signature, referrers, signatures, expected, words) => {
    const [gate] = judged({ signature }, { referrers, ...(signatures && { signatures }) });

    expect(gate).toMatchObject({ outcome: expected, detail: expect.stringContaining(words) });
    expect(gate?.detail.endsWith(words) || !words.endsWith('.')).toBe(true);
  });
});

describe('a signature of something else', () => {
  it('is none of the image', () => {
    const signature = { mode: 'enforce', accept: ['cosign-present'] } as const;
    const cosign = referrer('application/json', 'sha256-a.sig');
    const ofPlatform = { ...cosign, subject: 'sha256:platform' };

    expect(outcome({ signature }, { referrers: [cosign] })).toBe('pass');
    expect(outcome({ signature }, { referrers: [ofPlatform] })).toBe('fail');
  });
});

describe('the gates of SBOM, labels and soak', () => {
  it('want an SBOM that is attached', () => {
    expect(outcome({ sbom: { mode: 'warn' } })).toBe('fail');
    expect(outcome({ sbom: { mode: 'warn' } }, { referrers: [referrer('application/spdx+json')] })).toBe(
      'pass',
    );
    expect(outcome({ sbom: { mode: 'warn' } }, { referrers: [referrer('application/json')] })).toBe('fail');
  });

  it('want every label that is required, with something in it', () => {
    const labels = { mode: 'enforce', require: ['a', 'b'] } as const;

    expect(judged({ labels }, { labels: { a: '1', b: '2' } })).toMatchObject([
      { outcome: 'pass', detail: 'All 2 required labels are there.' },
    ]);
    expect(judged({ labels: { ...labels, require: ['a'] } }, { labels: { a: '1' } })).toMatchObject([
      { outcome: 'pass', detail: 'The required label is there.' },
    ]);
    expect(judged({ labels }, { labels: { a: '' } })).toMatchObject([
      { outcome: 'fail', value: 'missing a, b' },
    ]);
    expect(judged({ labels }, { labels: { a: '1' } })).toMatchObject([
      { outcome: 'fail', value: 'missing b' },
    ]);
  });

  it('want the time in the stage to be over, to the millisecond', () => {
    const soak = { mode: 'enforce', stage: 'uat', min: 24 * hour } as const;
    const { inSourceSince: _, ...unknown } = facts;

    expect(outcome({ soak }, { inSourceSince: 76 * hour })).toBe('pass');
    expect(outcome({ soak }, { inSourceSince: 76 * hour + 1 })).toBe('fail');
    expect(judgeGates({ soak }, unknown, [], 0)[0]?.outcome).toBe('unknown');
  });
});

describe('the posture gate', () => {
  const posture = { mode: 'enforce', registry: 'target', require: ['CR-1', 'CR-8'] } as const;

  it.each([
    [undefined, 'unknown', 'unknown'],
    [{ 'CR-1': 'pass', 'CR-8': 'pass' }, 'pass', 'pass'],
    [{ 'CR-1': 'pass', 'CR-8': 'waived' }, 'pass', 'pass'],
    [{ 'CR-1': 'pass' }, 'unknown', 'CR-8 is unknown'],
    [{ 'CR-1': 'fail', 'CR-8': 'unknown' }, 'fail', 'CR-1 is fail, CR-8 is unknown'],
    [{ 'CR-1': 'unknown', 'CR-8': 'unknown' }, 'unknown', 'CR-1 is unknown, CR-8 is unknown'],
  ] as const)('with %o is %s', (seen, expected, value) => {
    expect(judged({ posture }, { ...(seen && { posture: seen }) })).toMatchObject([
      { gate: 'posture', outcome: expected, value },
    ]);
  });
});

describe('a waiver of a gate', () => {
  const waiver = { gate: 'sbom', value: 'fail', by: 'sofia', grant: 'P-2' };

  it('counts for its gate, at its value, while it is open', () => {
    const rules: GateRules = { sbom: { mode: 'enforce' } };

    expect(judgeGates(rules, facts, [waiver], 0)[0]?.outcome).toBe('waived');
    expect(judgeGates(rules, facts, [{ ...waiver, gate: 'scan' }], 0)[0]?.outcome).toBe('fail');
    expect(judgeGates(rules, facts, [{ ...waiver, value: 'unknown' }], 0)[0]?.outcome).toBe('fail');
    expect(
      judgeGates(
        rules,
        { ...facts, referrers: [referrer('application/spdx+json')] },
        [{ ...waiver, value: 'pass' }],
        0,
      )[0]?.outcome,
    ).toBe('pass');
  });
});
