import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFindings, joinFindings } from '../../src/evidence/findings.ts';
import { comparePackages, readPackages } from '../../src/evidence/sbom.ts';
import { isProvenance, readStatement } from '../../src/evidence/statement.ts';
import type { Finding } from '../../src/promotion/request.ts';

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const spdx = (packages: Readonly<Record<string, string>>) => ({
  spdxVersion: 'SPDX-2.3',
  documentDescribes: ['SPDXRef-image'],
  packages: [
    { SPDXID: 'SPDXRef-image', name: 'shop/web', versionInfo: 'v1' },
    ...Object.entries(packages).map(([name, versionInfo]) => ({ SPDXID: name, name, versionInfo })),
  ],
});
const cycloneDx = (components: unknown) => ({ bomFormat: 'CycloneDX', components });
const compare = (live: unknown, proposed: unknown) =>
  comparePackages(readPackages(json(live)), readPackages(json(proposed)));

describe('two SBOMs', () => {
  it('differ by what came, went and changed, the image itself left out', () => {
    expect(compare(spdx({ a: '1', b: '1', c: '1' }), spdx({ b: '1', c: '2', d: '1' }))).toEqual({
      live: 3,
      proposed: 3,
      changes: {
        added: ['d 1'],
        removed: ['a 1'],
        counts: { added: 1, removed: 1 },
        changed: ['c 1 → 2'],
        changedCount: 1,
      },
    });
  });

  it('name packages by their purl without version and qualifiers', () => {
    const one = cycloneDx([{ name: 'x', version: '1', purl: 'pkg:npm/%40scope/x@1?arch=a' }]);
    const two = cycloneDx([{ name: 'x', version: '2', purl: 'pkg:npm/%40scope/x@2?arch=b#sub' }]);

    expect(compare(one, two).changes?.changed).toEqual(['x 1 → 2']);
  });

  it('tell apart a version that is there twice from one that changed', () => {
    const twice = cycloneDx([
      { name: 'x', version: '1' },
      { name: 'y', version: '1', components: [{ name: 'x', version: '2' }] },
    ]);
    const once = cycloneDx([
      { name: 'x', version: '2' },
      { name: 'y', version: '1' },
    ]);

    expect(compare(twice, once).changes).toMatchObject({
      changed: ['x 1, 2 → 2'],
      counts: { added: 0, removed: 0 },
    });
    expect(compare(twice, twice).changes).toMatchObject({ changedCount: 0 });
  });

  it('name the first five of each and count all', () => {
    const many = spdx(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, '1'])));

    const { changes } = compare(spdx({}), many);

    expect(changes?.added).toHaveLength(5);
    expect(changes?.counts.added).toBe(40);
  });

  it('are not compared across formats, or where one is missing', () => {
    expect(compare(spdx({ a: '1' }), cycloneDx([{ name: 'a', version: '1' }]))).toEqual({
      live: 1,
      proposed: 1,
      problem: 'Not compared: the SBOM of live is SPDX, the proposed one CycloneDX.',
    });
    expect(comparePackages(undefined, readPackages(json(spdx({ a: '1' }))))).toEqual({ proposed: 1 });
  });

  it('are read as SPDX 3 and inside an in-toto statement, bare or in DSSE', () => {
    const three = {
      '@graph': [
        { type: 'software_Package', name: 'a', software_packageVersion: '1' },
        { type: 'Relationship' },
      ],
    };
    const statement = { predicateType: 'https://spdx.dev/Document', predicate: spdx({ a: '1' }) };
    const dsse = {
      payloadType: 'application/vnd.in-toto+json',
      payload: json(statement).toString('base64'),
      signatures: [],
    };

    for (const document of [three, statement, dsse])
      expect(readPackages(json(document))?.packages.get('a')?.versions).toEqual(new Set(['1']));
  });

  it('never throw, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (packages, rest) => {
        const inner: unknown = JSON.parse(packages);
        for (const document of [
          { spdxVersion: 'SPDX-2.3', packages: inner, relationships: JSON.parse(rest) },
          { bomFormat: 'CycloneDX', components: inner },
          { '@graph': [inner] },
          { predicateType: 'x', predicate: inner },
        ])
          comparePackages(readPackages(json(document)), readPackages(json(document)));
      }),
      { numRuns: 200 },
    );
    for (const bytes of [Buffer.alloc(0), Buffer.from('{"spdxVersion"'), json(null), json([])])
      expect(readPackages(bytes)).toBeUndefined();
  });
});

describe('a statement', () => {
  it('is provenance by its predicate type, and nothing else is', () => {
    const typed = (predicateType: unknown) => readStatement(json({ predicateType, predicate: {} }));

    expect(isProvenance(typed('https://slsa.dev/provenance/v1')!)).toBe(true);
    expect(isProvenance(typed('https://slsa.dev.evil.example/provenance/v1')!)).toBe(false);
    expect(typed(7)).toBeUndefined();
  });
});

describe('the findings of two scans', () => {
  const scan = (findings: readonly Finding[] | undefined) => ({
    critical: 0,
    high: 0,
    medium: 0,
    low: 0,
    scanner: 's',
    scannedAt: 0,
    ...(findings && { findings }),
  });
  const of = (id: string, severity: Finding['severity']): Finding => ({ id, severity });

  it('differ by what is new and what is gone, the gravest first', () => {
    const live = scan([of('CVE-1', 'high'), of('CVE-2', 'low')]);
    const proposed = scan([of('CVE-2', 'low'), of('CVE-3', 'low'), of('CVE-4', 'critical')]);

    expect(compareFindings(live, proposed)).toEqual({
      added: [of('CVE-4', 'critical'), of('CVE-3', 'low')],
      removed: [of('CVE-1', 'high')],
      counts: { added: 2, removed: 1 },
    });
  });

  it('are not compared when one list is missing: a gap would look like a change', () => {
    expect(compareFindings(scan(undefined), scan([]))).toBeUndefined();
    expect(joinFindings([], undefined)).toBeUndefined();
  });

  it('of several platforms are joined, each at its gravest', () => {
    expect(joinFindings([of('CVE-1', 'low')], [of('CVE-1', 'high'), of('CVE-2', 'low')])).toEqual([
      of('CVE-1', 'high'),
      of('CVE-2', 'low'),
    ]);
  });
});
