import { describe, expect, it } from 'vitest';
import { parseImageReference } from '../../src/promotion/image-reference.ts';

describe('an image reference', () => {
  it('is taken apart into repository, tag and digest', () => {
    const digest = `sha256:${'0'.repeat(64)}`;

    expect(parseImageReference('shop/web:v1.4.2')).toEqual({ repository: 'shop/web', tag: 'v1.4.2' });
    expect(parseImageReference(`shop/web@${digest}`)).toEqual({ repository: 'shop/web', digest });
    expect(parseImageReference('shop/web')).toEqual({ repository: 'shop/web' });
  });

  it('names what is wrong and how it is written', () => {
    const bad = [
      '',
      'Shop/Web:v1',
      'shop/web:',
      'shop/web:v 1',
      'shop//web',
      'a@b@c',
      'shop/web@sha256:12',
      'evil.example.com/shop/web:v1',
      'localhost:5000/a:b',
      '<!channel>',
    ];

    for (const text of bad) expect(parseImageReference(text)).toHaveProperty('problem');
    expect(parseImageReference('evil.example.com/shop/web:v1')).toMatchObject({
      problem: expect.stringContaining('Leave the registry out'),
    });
  });
});
