import { describe, expect, it } from 'vitest';
import { describe as suite, it as test, collected } from './vitest-stand-in.ts';
import { control } from './mutants.ts';
import { report, type Result } from './report.ts';

const file = 'src/policy/rules.ts';
const result = (killer: string | undefined, operator = 'constant'): Result => ({
  mutant: { id: 1, file, line: 7, code: 'x', operator, original: '1', changed: '2' },
  killer,
  reached: true,
});
const killed = (count: number) => Array.from({ length: count }, () => result('a test'));

describe('the report of the mutants', () => {
  it('is good at the floor and not below it, and names every survivor', () => {
    const enough = report([file], [...killed(17), ...[1, 2, 3].map(() => result(undefined))]);
    const fewer = report([file], [...killed(16), ...[1, 2, 3, 4].map(() => result(undefined))]);

    expect([enough.isGood, fewer.isGood]).toEqual([true, false]);
    expect(fewer.lines.filter((line) => line === `${file}:7 constant: 1  ->  2`)).toHaveLength(4);
    expect(fewer.lines).toContain('src/policy/: 80.0 %, 16 of 20 killed, 4 survived, 0 of them explained');
  });

  it('is not good where a test fails though nothing was changed, and does not count that', () => {
    const { lines, isGood } = report([file], [...killed(20), result('a flaky test', control)]);

    expect(isGood).toBe(false);
    expect(lines).toContain(`${file}: nothing was changed, and yet: a flaky test`);
    expect(lines).toContain(`${file}: 100.0 %, 20 of 20 killed`);
    expect(report([file], [...killed(20), result(undefined, control)]).isGood).toBe(true);
  });

  it('is not good where an explanation is left of a survivor that is gone', () => {
    const { lines, isGood } = report(['src/policy/glob.ts'], killed(20));

    expect(isGood).toBe(false);
    expect(lines.filter((line) => line.includes('explained, but no survivor'))).toHaveLength(2);
  });
});

describe('a suite that a mutant breaks while it is read', () => {
  it('leaves the tests after it their names', () => {
    expect(() =>
      suite('broken', () => {
        throw new Error('a mutant');
      }),
    ).toThrow('a mutant');
    suite('whole', () => test('works', () => undefined));

    expect(collected().map(({ name }) => name)).toEqual(['whole works']);
  });
});
