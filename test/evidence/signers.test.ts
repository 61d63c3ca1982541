// Whose signatures count, where the policy names somebody.
import { describe, expect, it } from 'vitest';
import { verifyNotation } from '../../src/evidence/notation.ts';
import { organisation } from '../../src/sandbox/azure/x509.ts';
import { envelope, issue, now, root, target } from './signing.ts';

describe('a Notation signature', () => {
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
});
