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

  it('that is too long is refused before its letters are looked at', () => {
    const [repository, tag, digest] = ['a'.repeat(255), 't'.repeat(128), `sha256:${'0'.repeat(64)}`];

    expect(parseImageReference(`${repository}:${tag}@${digest}`)).toEqual({ repository, tag, digest });
    for (const text of [':'.repeat(200_000), `${repository}:${tag}@${digest}0`])
      expect(parseImageReference(text)).toEqual({
        problem: expect.stringContaining("is longer than an image's name can be"),
      });
  });

  it('holds to the lengths of the specification, and repeats no long text', () => {
    const name = (length: number) => 'a'.repeat(length);

    expect(parseImageReference(`${name(255)}:v1`)).toEqual({ repository: name(255), tag: 'v1' });
    expect(parseImageReference(`${name(256)}:v1`)).toEqual({
      problem: expect.stringContaining(`'${name(80)}...'`),
    });
    expect(parseImageReference(`a:${name(128)}`)).toEqual({ repository: 'a', tag: name(128) });
    expect(parseImageReference(`a:${name(129)}`)).toHaveProperty('problem');
    expect(parseImageReference(`:${name(79)}!`)).toEqual({ problem: expect.stringContaining('aaa...') });
    expect(parseImageReference(`A${name(79)}`)).toEqual({
      problem: expect.stringContaining(`'A${name(79)}' is`),
    });
  });

  it('needs a name before the colon, and none of a host', () => {
    expect(parseImageReference(':v1')).toEqual({ problem: expect.stringContaining('is not an image') });
    expect(parseImageReference('/a:v1')).toHaveProperty('problem');
    expect(parseImageReference('a/b:v1')).toEqual({ repository: 'a/b', tag: 'v1' });
  });
});
