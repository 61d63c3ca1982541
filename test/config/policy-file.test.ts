import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseNested } from '../../src/config/nesting.ts';
import { parsePolicy } from '../../src/config/policy-file.ts';

const good = readFileSync(new URL('../fixtures/policy.yaml', import.meta.url), 'utf8');

function errorsOf(text: string): readonly string[] {
  const reading = parsePolicy(text);
  return reading.ok ? [] : reading.errors.map((error) => error.text);
}

const deep = (levels: number): string =>
  Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:`).join('\n');

/** Until the stack ends. */
const deeper = (level: number): number => deeper(level + 1) + 1;

describe('the policy file', () => {
  it('is read with durations in milliseconds, sizes in bytes and accounts taken apart', () => {
    const reading = parsePolicy(good);

    expect(reading).toMatchObject({ ok: true });
    if (!reading.ok) return;
    expect(reading.policy.edges[1]?.approvals).toMatchObject({ expiresIn: 72 * 3_600_000, total: 1 });
    expect(reading.policy.posture.maxImageSize).toBe(2 ** 30);
    expect(reading.policy.people['dana']?.slack).toEqual({ team: 'T01CONTOSO', user: 'U01DANA' });
    expect(reading.policy.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('names line, column and the nearest key of an unknown key', () => {
    const errors = errorsOf(good.replace('lock: true', 'lok: true'));

    expect(errors).toEqual(["policy.yaml:42:5 edges[1].lok: There is no such key. Did you mean 'lock'?"]);
  });

  it('refuses a key that stands twice', () => {
    const errors = errorsOf(`${good}\ntimezone: UTC\n`);

    expect(errors[0]).toMatch(/^policy\.yaml:\d+:1 This key stands twice\.$/);
  });

  it('refuses a reference that points nowhere and says which name is near', () => {
    const errors = errorsOf(good.replace('{ group: release, min: 1 }', '{ group: relase, min: 1 }'));

    expect(errors[0]).toMatch(
      /^policy\.yaml:39:\d+ edges\[1\]\.approvals\.rules\[0\]\.group: There is no group 'relase'\. Did you mean 'release'\?$/,
    );
  });

  it('refuses aliases, anchors and tags', () => {
    expect(errorsOf(good.replace('[dana]', '&x [dana]'))[0]).toContain('An alias is not allowed');
    expect(errorsOf(good.replace('organisation: contoso', 'organisation: !secret contoso'))[0]).toContain(
      'A tag is not allowed',
    );
  });

  it('refuses two people with one account', () => {
    const errors = errorsOf(good.replace('U01RUI', 'U01DANA'));

    expect(errors[0]).toContain("is already 'dana'");
  });

  it('warns of an edge to the last stage that locks nothing', () => {
    const reading = parsePolicy(good.replace('    lock: true', '    lock: false'));

    expect(reading.ok && reading.warnings.map((warning) => warning.message)).toContain(
      "'to-prod' leads to prod and locks nothing.",
    );
  });

  it.each(['['.repeat(5000), '{"a":'.repeat(5000), '- '.repeat(5000), '? '.repeat(5000), deep(900)])(
    'refuses nesting before it is parsed: %.8s',
    (text) => {
      expect(errorsOf(text)).toEqual([
        'policy.yaml:1:1 The file is nested too deeply, or too broken to be read. Write it flat.',
      ]);
    },
  );

  it('refuses what is so broken that the parser begins within itself again and again', () => {
    const broken = ` match: "base/**", owner] } }\n${'  - { match: "base/**", owner] } }\n'.repeat(2300)}`;

    // How much it takes depends on the stack; it is never more than lines.
    expect(errorsOf(broken).every((line) => /^policy\.yaml:\d+:\d+ \S/.test(line))).toBe(true);
    expect(parseNested('', () => deeper(0))).toBeUndefined();
  });

  it('survives bombs and nonsense with a message instead of a crash', () => {
    const nonsense = [
      '',
      'null',
      '[]',
      '{',
      'a: *b',
      `a: ${'['.repeat(5000)}`,
      '\u0000',
      'apiVersion: 7',
      `x: ${'y'.repeat(2 ** 20)}`,
    ];

    for (const text of nonsense) expect(errorsOf(text).length).toBeGreaterThan(0);
  });
});
