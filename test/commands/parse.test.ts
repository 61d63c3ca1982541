import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verbs } from '../../src/commands/catalogue.ts';
import { parseArguments, splitVerb } from '../../src/commands/parse.ts';

const flags = { 'dry-run': { type: 'boolean' }, source: { type: 'string' } } as const;
const read = (text: string) => {
  const { verb, rest } = splitVerb(text);
  return { verb, ...parseArguments(rest, flags) };
};

describe('a typed command', () => {
  it('is a verb in any case, an image, words by name and a reason', () => {
    expect(read('PROMOTE shop/web:v1 from uat to prod because the fix is in')).toEqual({
      verb: 'promote',
      positional: ['shop/web:v1'],
      words: { from: 'uat', to: 'prod' },
      because: 'the fix is in',
      flags: {},
    });
  });

  it('of nothing asks for help', () => {
    expect(splitVerb('  \u00a0 ')).toEqual({ verb: 'help', rest: '' });
  });

  it.each([
    ['promote x to prod because “it is tested”', 'it is tested'],
    ["promote x to prod because 'it is tested'", 'it is tested'],
    ['promote x to prod because: it is tested', 'it is tested'],
    ['promote x to prod BECAUSE it is tested', 'it is tested'],
    ['promote\u00a0x\u202fto prod because it is tested', 'it is tested'],
    ['promote x to prod because say "hi" to the --team', 'say "hi" to the --team'],
    ['promote x to prod because it came from uat to us because of y', 'it came from uat to us because of y'],
    ['promote x to prod because it’s "half open', 'it\'s "half open'],
  ])('%s has the reason %s', (text, because) => {
    expect(read(text)).toMatchObject({ positional: ['x'], words: { to: 'prod' }, because });
  });

  it.each([
    'promote x to prod —dry-run because y',
    'promote x to prod –dry-run because y',
    'promote x to prod because y --dry-run',
    'promote --dry-run x to prod because y',
  ])('%s has the option, wherever it stands and however the phone types it', (text) => {
    expect(read(text)).toMatchObject({ positional: ['x'], because: 'y', flags: { 'dry-run': true } });
  });

  it('names the options that there are for one that there is not', () => {
    expect(read('promote x --force')).toMatchObject({
      problem: 'There is no option --force here. Options: --dry-run, --source.',
    });
    expect(parseArguments('x --force')).toEqual({ problem: 'There is no option --force here.' });
  });

  it('keeps a word at its place when nothing follows it or nothing comes before', () => {
    expect(read('promote x to')).toMatchObject({ positional: ['x', 'to'], words: {} });
    expect(read('status to prod')).toMatchObject({ positional: ['to', 'prod'] });
  });

  it('takes out what hides or reorders text', () => {
    expect(read('approve \u202eP-1\u200b')).toMatchObject({ positional: ['P-1'] });
  });

  it('longer than 4000 characters is refused with the cure', () => {
    expect(parseArguments(`x because ${'y'.repeat(4000)}`)).toEqual({
      problem: 'The command is longer than 4000 characters. Shorten the reason.',
    });
  });

  it('never throws, whatever is typed, and gives a command or a sentence', () => {
    const word = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'because',
        'from',
        'to',
        '--',
        '-',
        '--dry-run',
        '--source',
        '"',
        "'",
        '\\',
        '“',
        '—x',
        '__proto__',
        'constructor',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.constantFrom(...verbs), (words, verb) => {
        const { verb: name, rest } = splitVerb(words.join(' '));
        const parsed = parseArguments(rest, verb.flags);
        expect(name.length).toBeGreaterThan(0);
        if ('problem' in parsed) expect(parsed.problem).toMatch(/\.$/);
        else expect(parsed.positional.every((text) => typeof text === 'string')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
