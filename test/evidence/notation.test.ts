import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  check,
  day,
  ec,
  envelope,
  envelopeParts,
  es,
  intermediate,
  issue,
  leaf,
  now,
  ps,
  reason,
  root,
  rsa,
  target,
} from './signing.ts';

const header = (change: Readonly<Record<string, unknown>>) => envelope({ header: change });
const scheme = 'io.cncf.notary.signingScheme';

describe('a Notation signature', () => {
  it('is verified with who and when, by a root or an intermediate that is trusted', () => {
    const expected = {
      kind: 'notation',
      status: 'verified',
      identity: 'CN=leaf',
      signedAt: Date.parse('2026-11-22T11:00:00Z'),
      detail: 'Signed by CN=leaf.',
    };

    expect(check(envelope())).toEqual(expected);
    expect(check(envelope(), [intermediate.pem])).toEqual(expected);
  });

  it.each([
    ['PS256', rsa(2048), ps('sha256')],
    ['PS384', rsa(3072), ps('sha384')],
    ['ES384', ec('P-384'), es('sha384')],
    ['ES512', ec('P-521'), es('sha512')],
  ] as const)('is verified with %s and the key of its size', (alg, pair, signature) => {
    const chain = [issue({ name: 'leaf', by: root, pair }), root];

    expect(reason(envelope({ chain, header: { alg }, signature }))).toBe('verified: Signed by CN=leaf.');
  });

  it('of a signing authority is verified with the time that it vouches for, by the same rules', () => {
    const time = {
      [scheme]: 'notary.x509.signingAuthority',
      'io.cncf.notary.signingTime': undefined,
      'io.cncf.notary.authenticSigningTime': '2026-11-22T10:00:00Z',
      crit: [scheme, 'io.cncf.notary.authenticSigningTime'],
    };

    expect(check(header(time))).toMatchObject({ status: 'verified', signedAt: now - 2 * 3_600_000 });
    // Else whoever has an expired key could date a signature back.
    expect(reason(header(time), undefined, now + 2 * day)).toContain('expired on');
  });

  it('says that a timestamp was not looked at', () => {
    const unprotected = { 'io.cncf.notary.timestampSignature': 'MIIB' };

    expect(reason(envelope({ unprotected }))).toBe(
      'verified: Signed by CN=leaf. Its timestamp was not looked at.',
    );
  });
});

describe('an algorithm', () => {
  const hmac = (input: Buffer) => createHmac('sha256', leaf.pem).update(input).digest();
  it.each([
    ['HS256', hmac],
    ['none', () => Buffer.alloc(64)],
    ['RS256', es('sha256')],
    ['ES384', es('sha384')],
    ['PS256', es('sha256')],
    ['es256', es('sha256')],
  ])('%s is refused for a key of P-256', (alg, signature) => {
    expect(reason(envelope({ header: { alg }, signature }))).toBe(
      `invalid: The signature says ${alg}, its key is for ES256.`,
    );
  });

  it('is the one of the key size: 2048 bits do not go with SHA-512', () => {
    const chain = [issue({ name: 'leaf', by: root, pair: rsa(2048) }), root];

    expect(reason(envelope({ chain, header: { alg: 'PS512' }, signature: ps('sha512') }))).toBe(
      'invalid: The signature says PS512, its key is for PS256.',
    );
  });

  it.each([
    ['rsa 1024', rsa(1024), 'PS256', ps('sha256')],
    ['ec secp256k1', ec('secp256k1'), 'ES256', es('sha256')],
  ] as const)('is refused with a key of %s', (kind, pair, alg, signature) => {
    const chain = [issue({ name: 'leaf', by: root, pair }), root];

    expect(reason(envelope({ chain, header: { alg }, signature }))).toContain(
      `invalid: The key of CN=leaf (${kind}) is none that images are signed with`,
    );
  });
});

describe('the protected header', () => {
  it.each<[string, object, string]>([
    ['a critical header nobody knows', { crit: [scheme, 'com.example.more'] }, 'not understood here'],
    ['a registered header as critical', { crit: [scheme, 'alg'] }, 'not understood here'],
    ['a critical header twice', { crit: [scheme, scheme] }, 'not understood here'],
    ['no crit', { crit: undefined }, 'which of its headers are critical'],
    ['a scheme that is not critical', { crit: [] }, 'must be critical'],
    [
      'an expiry that is not critical',
      { 'io.cncf.notary.expiry': '2027-01-01T00:00:00Z' },
      'must be critical',
    ],
    ['a critical header that is missing', { crit: [scheme, 'io.cncf.notary.expiry'] }, 'does not have'],
    ['an unknown scheme', { [scheme]: 'notary.pgp' }, 'signing scheme'],
    ['another content type', { cty: 'text/plain' }, 'over something else'],
    ['no time', { 'io.cncf.notary.signingTime': undefined }, 'signing time of the signature is missing'],
    ['a time that is none', { 'io.cncf.notary.signingTime': 'yesterday' }, 'is missing or no time'],
    ['a time of the future', { 'io.cncf.notary.signingTime': '2026-11-22T12:06:00Z' }, 'in the future'],
    ['a plugin', { 'io.cncf.notary.verificationPlugin': 'x' }, 'verification plugin'],
    [
      'the time of another scheme',
      {
        'io.cncf.notary.authenticSigningTime': '2026-11-22T10:00:00Z',
        crit: [scheme, 'io.cncf.notary.authenticSigningTime'],
      },
      'another signing scheme',
    ],
  ])('with %s is refused', (_, change, expected) => {
    expect(reason(header({ ...change }))).toMatch(new RegExp(`^invalid: .*${expected}`));
  });

  it('with an expiry holds until then and not a moment longer', () => {
    const expiry = '2026-11-22T12:00:00Z';
    const bytes = header({ 'io.cncf.notary.expiry': expiry, crit: [scheme, 'io.cncf.notary.expiry'] });

    expect(reason(bytes, undefined, now - 1)).toContain('verified');
    expect(reason(bytes, undefined, now)).toBe(
      'invalid: The signature expired on 2026-11-22. Sign the image again.',
    );
  });
});

describe('the payload', () => {
  it.each([
    [
      'digest',
      { ...target, digest: `sha256:${'b'.repeat(64)}` },
      'is for another image, sha256:bbbbbbbbbbbb',
    ],
    ['media type', { ...target, mediaType: 'text/plain' }, 'another media type or size'],
    ['size', { ...target, size: 1235 }, 'another media type or size'],
    ['shape', { digest: target.digest }, 'does not describe an image'],
  ])('of another %s is refused', (_, targetArtifact, expected) => {
    expect(reason(envelope({ payload: { targetArtifact } }))).toContain(expected);
  });

  it('or header that was changed after signing is refused', () => {
    const parts = envelopeParts();
    const other = envelopeParts({ payload: { targetArtifact: { ...target, size: 1 } } });
    const late = envelopeParts({ header: { 'io.cncf.notary.signingTime': '2026-11-22T11:00:01Z' } });

    for (const change of [{ payload: other['payload'] }, { protected: late['protected'] }])
      expect(reason(Buffer.from(JSON.stringify({ ...parts, ...change })))).toBe(
        'invalid: The signature does not fit what it covers: payload or header were changed after signing.',
      );
  });
});

describe('bytes that are no envelope', () => {
  const whole = envelope();

  it('are refused with a sentence: cut off at every byte', () => {
    for (let length = 0; length < whole.length; length++)
      expect(check(whole.subarray(0, length))).toMatchObject({ status: 'invalid' });
  });

  it('are refused with a sentence: a certificate cut off at every byte', () => {
    const parts = envelopeParts();
    for (let length = 0; length < leaf.der.length; length++) {
      const x5c = [leaf.der.subarray(0, length), intermediate.der, root.der].map((each) =>
        each.toString('base64'),
      );
      expect(check(Buffer.from(JSON.stringify({ ...parts, header: { x5c } }))).status).toBe('invalid');
    }
  });

  it('never throw, whatever byte is another', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        expect(check(bytes).detail).toMatch(/\.$/);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['null', Buffer.from('null')],
    ['a list', Buffer.from('[]')],
    ['deep nesting', Buffer.from('['.repeat(200_000))],
    ['several signatures', Buffer.from(JSON.stringify({ ...envelopeParts(), signatures: [] }))],
    ['padded base64', Buffer.from(JSON.stringify({ ...envelopeParts(), signature: 'AA==' }))],
    ['a header that is text', Buffer.from(JSON.stringify({ ...envelopeParts(), header: 'x5c' }))],
    [
      'eleven certificates',
      envelope({ unprotected: { x5c: Array.from({ length: 11 }, () => root.der.toString('base64')) } }),
    ],
    ['more than 4 MiB', Buffer.alloc(4 * 1024 * 1024 + 1, ' ')],
  ])('are refused with a sentence: %s', (_, bytes) => {
    expect(reason(bytes)).toMatch(/^invalid: [A-Z].*\.$/);
  });

  it('that are too many are not even parsed', () => {
    const padded = Buffer.concat([whole, Buffer.alloc(4 * 1024 * 1024, ' ')]);

    expect(reason(padded)).toBe('invalid: The signature is larger than 4 MiB.');
  });
});
