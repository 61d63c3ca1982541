// The certificates that a Notation signature carries: what leads from its key to one that the policy trusts.
import { describe, expect, it } from 'vitest';
import { extension } from '../../src/sandbox/azure/x509.ts';
import { sequence } from '../../src/sandbox/azure/der.ts';
import {
  authorityExtensions,
  envelope,
  envelopeParts,
  intermediate,
  issue,
  leaf,
  leafExtensions,
  now,
  rawKeyUsage,
  reason,
  root,
  rsa,
} from './signing.ts';

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
