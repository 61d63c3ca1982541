import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPolicyFile } from '../../src/config/policy-file.ts';

const root = new URL('../..', import.meta.url).pathname;
const fixture = readFileSync(join(root, 'test/fixtures/policy.yaml'), 'utf8');
const withRules = `${fixture.replace(/^posture:.*\n(?: .*\n)*/m, '')}\nposture: { rules: own }\n`;
const front = '// id: ORG-1\n// title: No registry in the east\n// impact: Low\n';
const query = "resources | where location == 'eastus'";

let folder = '';
const policyFile = () => join(folder, 'policy.yaml');
const write = (name: string, text: string) => writeFileSync(join(folder, 'own', name), text);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-rules-'));
  mkdirSync(join(folder, 'own'));
  writeFileSync(policyFile(), withRules);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = () => readPolicyFile(policyFile(), () => []);
const policy = () => {
  const reading = read();
  if (!reading.ok) throw new Error(reading.errors.map(({ text }) => text).join('\n'));
  return reading.policy;
};

describe('the folder of own rules', () => {
  it('is read beside the policy file, each .kql file a rule', () => {
    write('b.kql', `${front}${query}`);
    write('readme.md', 'not a rule');

    const rules = policy().posture.ownRules;

    expect(rules?.map(({ id, source }) => `${id} ${source}`)).toEqual(['ORG-1 own']);
  });

  it('changes the hash of the policy when a query changes', () => {
    write('b.kql', `${front}${query}`);
    const before = policy().hash;

    write('b.kql', `${front}${query} or location == 'westus'`);

    expect(policy().hash).not.toBe(before);
  });

  it('gives the errors of all files by file, line and column', () => {
    write('a.kql', `${front}${query}`);
    write('b.kql', `${front}${query}`);
    write('c.kql', front.replace('Low', 'low!'));

    const reading = read();

    const own = join(folder, 'own');
    expect(reading.ok ? [] : reading.errors.map(({ text }) => text)).toEqual([
      `${own}/b.kql:1:8 The id 'ORG-1' is already that of a.kql.`,
      `${own}/c.kql:1:8 The id 'ORG-1' is already that of a.kql.`,
      `${own}/c.kql:3:12 Invalid impact 'low!'. Must be one of: High, Medium, Low.`,
      `${own}/c.kql:4:1 There is no query under the comment.`,
    ]);
  });

  it('that is missing is an error at the line of the policy that names it', () => {
    rmSync(join(folder, 'own'), { recursive: true });

    const reading = read();

    expect(reading.ok ? '' : reading.errors[0]?.text).toMatch(
      /policy\.yaml:\d+:12 posture\.rules: Cannot read the folder .*own \(ENOENT\)/,
    );
  });

  it('without a rule in it is a warning', () => {
    const reading = read();

    expect(reading.ok && reading.warnings.map(({ message }) => message)).toContain(
      `There is no .kql file in ${join(folder, 'own')}.`,
    );
  });
});

describe('policy check', () => {
  const marker = 'parser in the process:';
  const hook = `import module from 'node:module';
    process.on('exit', () => console.log('${marker}', Object.keys(module._cache).some((file) => file.includes('language-service-next'))));`;
  const check = () =>
    spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(hook)}`,
        'src/cli.ts',
        'policy',
        'check',
        policyFile(),
      ],
      { cwd: root, encoding: 'utf8' },
    );

  it('does not load the KQL parser for a policy without own rules', () => {
    writeFileSync(policyFile(), fixture);

    const { status, stdout } = check();

    expect([status, stdout.includes(`${marker} false`)]).toEqual([0, true]);
  });

  it('loads it for a policy with one, and prints syntax errors by file, line and column', () => {
    write('a.kql', `${front}resources\n| where location ==\n`);

    const { status, stdout } = check();

    expect(stdout).toContain(`error ${join(folder, 'own')}/a.kql:5:20 Missing expression.`);
    expect([status, stdout.includes(`${marker} true`)]).toEqual([1, true]);
  });
});
