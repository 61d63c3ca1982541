import { describe, expect, it } from 'vitest';
import { isSigner, parseSigner } from '../../src/promotion/signer.ts';

const attributes = (text: string) => {
  const found = parseSigner(text);
  return found && Object.fromEntries(found);
};

describe('a signer', () => {
  it('is a list of attributes, with commas in a value escaped', () => {
    expect(attributes('CN=release, O=Contoso')).toEqual({ CN: 'release', O: 'Contoso' });
    expect(attributes(' CN = good release ,C=DE')).toEqual({ CN: 'good release', C: 'DE' });
    expect(attributes('O=Contoso\\, Inc.,CN=a=b')).toEqual({ O: 'Contoso, Inc.', CN: 'a=b' });
  });

  it.each([
    '',
    ' ',
    'release',
    'CN=',
    '=release',
    'CN=a,',
    ',CN=a',
    'CN=a,,O=b',
    'CN=a, CN=b',
    'CN=a\\',
    '2.5.4.3=a',
  ])("is none where it reads '%s'", (text) => {
    expect(parseSigner(text)).toBeUndefined();
    expect(isSigner(new Map([['CN', 'a']]), [text])).toBe(false);
  });

  it('is whoever has all attributes of one line, whatever else they have', () => {
    const subject = new Map([
      ['CN', 'release'],
      ['O', 'Contoso'],
      ['C', 'DE'],
    ]);

    expect(isSigner(subject, ['CN=other', 'C=DE, CN=release'])).toBe(true);
    expect(isSigner(subject, ['CN=release, O=Fabrikam', 'CN=rel', 'OU=x'])).toBe(false);
    expect(isSigner(subject, [])).toBe(false);
  });
});
