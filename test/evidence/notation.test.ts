import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyNotation } from '../../src/evidence/notation.ts';
import { extension } from '../../src/sandbox/azure/x509.ts';
import { sequence } from '../../src/sandbox/azure/der.ts';
import {
  authorityExtensions,
  day,
  ec,
  envelope,
  envelopeParts,
  es,
  intermediate,
  issue,
  leaf,
  leafExtensions,
  now,
  ps,
  rawKeyUsage,
  root,
  rsa,
  target,
} from './signing.ts';
import { organisation } from '../../src/sandbox/azure/x509.ts';

const check = (bytes: Buffer, trusted: readonly string[] = [root.pem], at = now) =>
  verifyNotation(bytes, target, { certificates: trusted }, at);
const reason = (bytes: Buffer, trusted?: readonly string[], at?: number) => {
  const { status, detail, identity } = check(bytes, trusted, at);
  expect(identity === undefined).toBe(status !== 'verified');
  return `${status}: ${detail}`;
};
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

  it('counts only from whom the policy names, where it names somebody', () => {
    const from = (...signers: string[]) =>
      verifyNotation(envelope(), target, { certificates: [root.pem], signers }, now).status;

    expect([from('CN=leaf'), from('O=Contoso', ' CN = leaf ')]).toEqual(['verified', 'verified']);
    for (const others of [
      ['CN=leaf, O=Contoso'],
      ['CN=lea'],
      ['CN=LEAF'],
      ['cn=leaf'],
      ['CN=root'],
      ['nobody'],
      [],
    ])
      expect(from(...others)).toBe('invalid');
    const { detail } = verifyNotation(
      envelope(),
      target,
      { certificates: [root.pem], signers: ['CN=release'] },
      now,
    );
    expect(detail).toBe('CN=leaf signed it, who is none of gates.signature.signers.');
  });

  it('counts from nobody by an attribute that stands twice, or within the value of another', () => {
    const signedBy = (...more: (readonly [string, string])[]) => {
      const chain = [issue({ name: 'leaf', more, by: root }), root];
      const bytes = envelope({ chain });
      return (signer: string) =>
        verifyNotation(bytes, target, { certificates: [root.pem], signers: [signer] }, now).status;
    };
    const plain = signedBy(organisation('Contoso'));
    const twice = signedBy(organisation('Fabrikam'), organisation('Contoso'));
    const within = signedBy(
      ['2.5.4.11', 'x\nO=Contoso'],
      ['2.5.4.7', 'y, O=Contoso'],
      ['1.2.3.4', 'Contoso'],
    );

    expect([plain('O=Contoso'), plain('CN=leaf, O=Contoso')]).toEqual(['verified', 'verified']);
    expect([twice('O=Contoso'), twice('O=Fabrikam'), twice('CN=leaf')]).toEqual([
      'invalid',
      'invalid',
      'verified',
    ]);
    expect([within('O=Contoso'), within('L=y\\, O=Contoso')]).toEqual(['invalid', 'verified']);
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

describe('a chain of certificates', () => {
  const withLeaf = (wanted: Partial<Parameters<typeof issue>[0]>) =>
    reason(envelope({ chain: [issue({ name: 'leaf', by: root, ...wanted }), root] }));
  const withAuthority = (wanted: Partial<Parameters<typeof issue>[0]>) => {
    const middle = issue({ name: 'middle', by: root, extensions: authorityExtensions(), ...wanted });
    return reason(envelope({ chain: [issue({ name: 'leaf', by: middle }), middle, root] }));
  };

  it('is refused in another order, with a gap, or with more after the root', () => {
    for (const [chain, expected] of [
      [[leaf, root, intermediate], 'was not issued by the next one'],
      [[leaf, root], 'was not issued by the next one'],
      [[leaf, intermediate], 'ends with CN=intermediate, which is not a root'],
      [[leaf, intermediate, root, root], 'signed itself, but the chain goes on'],
    ] as const)
      expect(reason(envelope({ chain }))).toContain(expected);
    expect(reason(envelope({ chain: [leaf, intermediate, root], unprotected: { x5c: [] } }))).toContain(
      'no chain of certificates',
    );
  });

  it('is refused with anything after a certificate, or with PEM in its place', () => {
    const parts = envelopeParts();
    for (const bytes of [Buffer.concat([leaf.der, Buffer.from([0])]), Buffer.from(leaf.pem)]) {
      const x5c = [bytes, intermediate.der, root.der].map((each) => each.toString('base64'));
      expect(reason(Buffer.from(JSON.stringify({ ...parts, header: { x5c } })))).toBe(
        'invalid: Certificate 1 of the signature cannot be read.',
      );
    }
  });

  it('is refused with the signing certificate in another place than the first', () => {
    const parts = envelopeParts();
    const x5c = [intermediate, leaf, root].map((each) => each.der.toString('base64'));

    expect(reason(Buffer.from(JSON.stringify({ ...parts, header: { x5c } })))).toContain(
      'does not fit what it covers',
    );
  });

  it('is refused when nothing in it is trusted, a root of the same name included', () => {
    const twin = issue({ name: 'root' });

    expect(reason(envelope(), [twin.pem])).toBe(
      'invalid: The policy does not trust who signed it: CN=root is not under gates.signature.trusted.',
    );
    expect(reason(envelope(), [leaf.pem])).toContain('does not trust');
  });

  it('is refused when a link is by another key of the right name', () => {
    const twin = issue({ name: 'root' });
    const chain = [issue({ name: 'leaf', by: twin }), root];

    expect(reason(envelope({ chain }))).toBe(
      'invalid: The signature on the certificate CN=leaf is not by CN=root.',
    );
  });

  it('of an authority that signs itself alone is refused', () => {
    expect(reason(envelope({ chain: [root] }))).toContain("is an authority's");
    const alone = issue({ name: 'alone', extensions: leafExtensions() });
    expect(reason(envelope({ chain: [alone] }), [alone.pem])).toContain('does not trust');
  });

  it.each<[string, Partial<Parameters<typeof issue>[0]>, string]>([
    ['no key usage', { extensions: [] }, 'lacks the critical key usage digitalSignature'],
    ['a key usage that is not critical', { extensions: [rawKeyUsage(0x80, false)] }, 'lacks the critical'],
    ['key encipherment', { extensions: [rawKeyUsage(0xa0)] }, 'has the key usage keyEncipherment'],
    ['server authentication', { extensions: leafExtensions('1.3.6.1.5.5.7.3.1') }, 'is for server auth'],
    ['another purpose alone', { extensions: leafExtensions('1.2.3.4') }, 'is not for code signing'],
    ['an end before now', { to: now - 1000 }, 'expired on 2026-11-22. Sign the image again'],
    ['a beginning after the signing', { from: now - 1000 }, 'was not valid when it was signed'],
    ['a beginning after now', { from: now + 3_600_000 }, 'is valid from 2026-11-22 only'],
  ])('is refused with a leaf with %s', (_, wanted, expected) => {
    expect(withLeaf(wanted)).toMatch(new RegExp(`^invalid: The (signing )?certificate CN=leaf.*${expected}`));
  });

  it('needs no extended key usage, as the specification says', () => {
    expect(withLeaf({ extensions: [rawKeyUsage(0x80)] })).toContain('verified');
  });

  it.each<[string, Partial<Parameters<typeof issue>[0]>, string]>([
    ['no mark of an authority', { extensions: [rawKeyUsage(0x04)] }, 'not marked as an authority'],
    [
      'a mark that is not critical',
      { extensions: [extension('2.5.29.19', sequence(Buffer.from([1, 1, 0xff]))), rawKeyUsage(0x04)] },
      'not marked as an authority',
    ],
    [
      'no right to sign certificates',
      { extensions: [authorityExtensions()[0] as Buffer, rawKeyUsage(0x80)] },
      'lacks the critical key usage keyCertSign',
    ],
    ['an end before now', { to: now - 1000 }, 'expired on'],
    ['a weak key', { pair: rsa(1024) }, 'is too weak'],
  ])('is refused with an intermediate with %s', (_, wanted, expected) => {
    expect(withAuthority(wanted)).toMatch(new RegExp(`^invalid: .*CN=middle.*${expected}`));
  });

  it('is as long as its authorities allow', () => {
    const short = issue({ name: 'short', extensions: authorityExtensions(0) });
    const middle = issue({ name: 'middle', by: short, extensions: authorityExtensions() });
    const direct = issue({ name: 'leaf', by: short });

    expect(reason(envelope({ chain: [direct, short] }), [short.pem])).toContain('verified');
    expect(
      reason(envelope({ chain: [issue({ name: 'leaf', by: middle }), middle, short] }), [short.pem]),
    ).toBe('invalid: CN=short allows 0 authorities below it; the chain has 1.');
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
