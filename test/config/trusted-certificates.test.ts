import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPolicyFile } from '../../src/config/policy-file.ts';
import { issue, type Issued } from '../evidence/signing.ts';

const fixture = readFileSync(new URL('../fixtures/policy.yaml', import.meta.url), 'utf8').replace(
  'sbom: { mode: warn }',
  'signature: { mode: enforce, trusted: [certs/release.pem] }',
);
const day = 86_400_000;
const root = (name = 'root', ended = false): Issued =>
  issue({ name, from: Date.now() - 2 * day, to: Date.now() + (ended ? -day : day) });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trusted-'));
  mkdirSync(join(folder, 'certs'));
  writeFileSync(join(folder, 'policy.yaml'), fixture);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(join(folder, 'certs/release.pem'), text);
const read = () => readPolicyFile(join(folder, 'policy.yaml'), () => []);
const policy = () => {
  const reading = read();
  if (!reading.ok) throw new Error(reading.errors.map(({ text }) => text).join('\n'));
  return reading.policy;
};
const trusted = () => policy().edges[1]?.gates.signature?.certificates;

describe('the certificates that a signature gate trusts', () => {
  it('are read beside the policy, every one of a file', () => {
    const [one, two] = [root('one'), root('two')];
    write(`a comment\n${one.pem}\n${two.pem}`);

    expect(trusted()).toEqual([one.pem.trim(), two.pem.trim()]);
  });

  it('are part of the policy’s hash: other certificates are another policy', () => {
    write(root().pem);
    const before = policy().hash;
    const again = policy().hash;
    write(root().pem);

    expect(again).toBe(before);
    expect(policy().hash).not.toBe(before);
  });

  it.each<[string, () => string | undefined, RegExp]>([
    [
      'missing',
      () => undefined,
      /Cannot read the certificates in .*release\.pem \(ENOENT\)\. The path is rel/,
    ],
    ['no PEM', () => 'MIIB', /There is no certificate in .*Put one or more there in PEM/],
    ['damaged', () => root().pem.replace('MII', 'AAA'), /Certificate 1 of .* cannot be read/],
    ['expired', () => root().pem + root('old', true).pem, /Certificate 2 of .* \(CN=old\) expired on/],
    ['a leaf', () => issue({ name: 'leaf', by: root() }).pem, /\(CN=leaf\) is not an authority's/],
  ])('that are %s are an error at the line that names them, with the cure', (_, text, expected) => {
    const content = text();
    if (content !== undefined) write(content);

    const reading = read();

    const [error, ...more] = reading.ok ? [] : reading.errors;
    expect(more).toEqual([]);
    expect(error?.path).toBe('edges[1].gates.signature.trusted[0]');
    expect(fixture.split('\n')[(error?.line ?? 0) - 1]).toContain('trusted:');
    expect(error?.message).toMatch(expected);
  });

  it('are missed by a warning where an enforced gate could never be met', () => {
    writeFileSync(join(folder, 'policy.yaml'), fixture.replace('[certs/release.pem]', '[]'));

    const reading = read();

    expect(reading.ok && reading.warnings.map(({ message }) => message)).toContain(
      "The signature gate of 'to-prod' trusts no certificate, so nothing can meet it. Name PEM files of authorities.",
    );
  });
});
