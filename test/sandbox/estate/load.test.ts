// An estate of one's own: read from YAML or JSON, its mistakes by line, its blanks filled.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src/sandbox/azure/store.ts';
import { EstateError, parseEstate } from '../../../src/sandbox/estate/load.ts';
import { filled } from '../../../src/sandbox/estate/resolve.ts';
import { seed } from '../../../src/sandbox/estate/seed.ts';

const good = `
identities:
  - { name: reader, clientId: 11111111-0000-4000-8000-000000000001, objectId: 11111111-0000-4000-8000-000000000002 }
tables:
  resources:
    - { id: /subscriptions/s/r/a, name: myregistry, type: microsoft.containerregistry/registries }
images:
  myregistry:
    app/web:
      v1: { layers: [{ content: hello }], labels: { a: b }, pushed: "\${ago:2d}" }
`;

function problemsOf(text: string): readonly string[] {
  try {
    parseEstate(text, 'estate.yaml');
    return [];
  } catch (error) {
    if (error instanceof EstateError) return error.problems;
    throw error;
  }
}

describe('an estate file', () => {
  it('is read from YAML and from JSON alike', () => {
    const estate = parseEstate(good, 'estate.yaml');

    expect(estate.images['myregistry']?.['app/web']?.['v1']?.labels).toEqual({ a: 'b' });
    expect(parseEstate(JSON.stringify(estate), 'estate.json')).toEqual(estate);
  });

  it('names file, line, column and path of each mistake', () => {
    const bad = good.replace('labels: { a: b }', 'labels: { a: 5 }').replace('resources:', 'Resources:');

    const problems = problemsOf(bad);

    expect(problems).toHaveLength(2);
    expect(problems.find((one) => one.includes('labels'))).toMatch(
      /^estate\.yaml:10:\d+ images\.myregistry\.app\/web\.v1\.labels\.a: /,
    );
    expect(problems.find((one) => one.includes('Resources'))).toMatch(
      /^estate\.yaml:5:3 tables\.Resources: /,
    );
  });

  it('refuses aliases that multiply', () => {
    const laughs = `a: &a [x]\n${'bcdefgh'.replace(/./g, (one, i: number) => `${one}: &${one} [${`*${'abcdefg'[i]},`.repeat(9)}]\n`)}`;

    expect(problemsOf(laughs)).toEqual([expect.stringMatching(/^estate\.yaml:1:1 .*aliases multiply/)]);
  });

  it('refuses unknown keys, double keys and broken YAML by line', () => {
    expect(problemsOf(good.replace('pushed:', 'pushd:'))[0]).toMatch(/^estate\.yaml:10:\d+ .*pushd/);
    expect(problemsOf(`${good}\nimages: {}`)[0]).toMatch(/^estate\.yaml:12:1 /);
    expect(problemsOf('tables: [')[0]).toMatch(/^estate\.yaml:1:/);
  });
});

describe('a blank', () => {
  const blanks = {
    seededAt: Date.parse('2026-11-22T12:00:00Z'),
    digestOf: (reference: string) => (reference === 'a/b:c' ? 'sha256:00' : undefined),
    loginServerOf: (name: string) => (name === 'myregistry' ? 'localhost:5000' : undefined),
  };

  it('of time, digest and host is filled wherever it stands', () => {
    const value = {
      list: ['${ago:1d2h}', '${in:30m}'],
      text: 'at ${digest:a/b:c} in MyRegistry.azurecr.io, not other1.azurecr.io',
    };

    expect(filled(value, blanks)).toEqual({
      list: ['2026-11-21T10:00:00.000Z', '2026-11-22T12:30:00.000Z'],
      text: 'at sha256:00 in localhost:5000, not other1.azurecr.io',
    });
  });

  it('that is none is an error that says so', () => {
    expect(() => filled('${ago:soon}', blanks)).toThrow(/Invalid duration 'soon'/);
    expect(() => filled('${digest:x/y:z}', blanks)).toThrow(/no such image/);
    expect(() => filled('${other:1}', blanks)).toThrow(/Must be one of: ago, in, digest/);
  });
});

describe('seeding', () => {
  it('refuses a copy of an image that is not there', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'seed-'));
    const store = openStore(dataDir);
    const estate = parseEstate(
      good.replace('layers: [{ content: hello }]', 'copyOf: "other/app:v1"'),
      'estate.yaml',
    );

    expect(() => seed(store, estate, { now: 0, loginServerOf: () => undefined })).toThrow(
      /Invalid copyOf 'other\/app:v1'/,
    );
    expect(store.seeded.get('', '', 'at')).toBeUndefined();

    store.close();
    rmSync(dataDir, { recursive: true });
  });
});
