import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPolicyCases } from '../../src/config/policy-cases.ts';

const policyFile = new URL('../fixtures/policy.yaml', import.meta.url).pathname;
const casesFile = new URL('../fixtures/cases.yaml', import.meta.url).pathname;
const launcher = new URL('../../bin/acr-warden.mjs', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'cases-'));
const written = (text: string): string => {
  const file = join(folder, 'cases.yaml');
  writeFileSync(file, text);
  return file;
};

/** Each line is nine of the one before. */
const laughs = Array.from(
  { length: 8 },
  (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1},`.repeat(9)}]`,
).join('\n');

describe('the file of cases', () => {
  it('end with 0 when all come out as expected, with 1 and the reason when one does not', () => {
    const good = execFileSync(
      process.execPath,
      [launcher, 'policy', 'test', casesFile, '--policy', policyFile],
      {
        encoding: 'utf8',
      },
    );
    const wrong = written(readFileSync(casesFile, 'utf8').replace('state: waiting', 'state: approved'));
    const bad = spawnSync(process.execPath, [launcher, 'policy', 'test', wrong, '--policy', policyFile], {
      encoding: 'utf8',
    });

    expect(good).toMatch(/\n\d+ passed, 0 failed\n$/);
    expect([bad.status, bad.stdout]).toEqual([1, expect.stringContaining('expected approved; is waiting')]);
  });

  it.each([
    [
      'an unknown key',
      'cases: [{ name: a, now: 2026-11-23T10:00:00Z, request: { image: a:b, too: prod } }]',
      /cases\.yaml:1:\d+ cases\.0\.request/,
    ],
    [
      'a time that is none',
      'cases:\n  - { name: a, now: later, request: { image: a:b, to: prod, by: x }, expect: { state: pending } }',
      /cases\.yaml:2:\d+ cases\.0\.now: write it as 2026/,
    ],
    ['no YAML', 'cases: [', /cases\.yaml:\d+:\d+/],
    ['too much nesting', '['.repeat(20_000), /cases\.yaml:1:1 .*nested too deeply/],
    ['aliases that multiply', laughs, /cases\.yaml:1:1 .*Write the values out/],
    ['no file', undefined, /Cannot read the cases/],
  ])('name line and cure for %s', (_name, text, expected) => {
    expect(() => readPolicyCases(text === undefined ? '/nowhere/cases.yaml' : written(text))).toThrow(
      expected,
    );
  });
});
