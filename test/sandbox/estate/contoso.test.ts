// The bundled estate keeps its own promises: it fits its schema, its policy is accepted by the product, and every CR rule
// finds a registry that passes, one that fails and one that cannot be judged.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/config/policy-file.ts';
import { filledTables, registryNames } from '../../../src/sandbox/azure/estate-tables.ts';
import { openStore, type Store } from '../../../src/sandbox/azure/store.ts';
import { at, type Tables } from '../../../src/sandbox/azure/tables.ts';
import { contosoEstate } from '../../../src/sandbox/estate/contoso/estate.ts';
import { policyFor } from '../../../src/sandbox/estate/contoso/policy.ts';
import { estateJsonSchema, estateSchema } from '../../../src/sandbox/estate/schema.ts';
import { seed } from '../../../src/sandbox/estate/seed.ts';

const seededAt = Date.parse('2026-11-22T12:00:00Z');
const dataDir = mkdtempSync(join(tmpdir(), 'contoso-'));
let store: Store;
let tables: Tables;

beforeAll(() => {
  store = openStore(dataDir);
  const blanks = seed(store, contosoEstate(), seededAt, (name) => `localhost:${1000 + name.length}`);
  tables = filledTables(contosoEstate(), blanks);
});
afterAll(() => {
  store.close();
  rmSync(dataDir, { recursive: true });
});

const tagOf = (registry: string, repository: string, tag: string) =>
  store.tags.get(registry, repository, tag);
const rows = (table: string) => tables.get(table) ?? [];

describe('the bundled estate', () => {
  it('fits its published schema', () => {
    expect(estateSchema.safeParse(structuredClone(contosoEstate())).error).toBeUndefined();
    expect(estateJsonSchema()).toMatchObject({ type: 'object', properties: { tables: {} } });
  });

  it('is the same each time it is made', () => {
    expect(JSON.stringify(contosoEstate())).toBe(JSON.stringify(contosoEstate()));
  });

  it('has ten registries and about forty repositories', () => {
    const repositories = Object.values(contosoEstate().images).flatMap((one) => Object.keys(one));

    expect(registryNames(contosoEstate())).toHaveLength(10);
    expect(new Set(repositories).size).toBeGreaterThanOrEqual(38);
  });

  it('leaves no blank unfilled in any row', () => {
    expect(JSON.stringify([...tables])).not.toContain('${');
  });

  it('carries each id once in a table', () => {
    for (const [table, content] of tables) {
      const ids = content.map((row) => String(row['id']).toLowerCase());
      expect(new Set(ids).size, table).toBe(ids.length);
    }
  });

  it('names only digests that the registries hold in its findings', () => {
    const findings = rows('securityresources').filter((row) =>
      String(row['type']).endsWith('/subassessments'),
    );
    const digests = findings.map((row) =>
      String(at(row, 'properties', 'additionalData', 'artifactDetails', 'digest')),
    );

    const held = ['contosouat', 'contosoprod', 'contosoprodus'].flatMap((registry) =>
      store.manifests.list(registry).map((one) => one.digest),
    );
    expect(findings.length).toBeGreaterThan(50);
    expect(digests.filter((digest) => !held.includes(digest))).toEqual([]);
  });
});

describe('the sample promotion', () => {
  it('is in UAT since three days with the digest of dev, and not in prod', () => {
    const uat = tagOf('contosouat', 'shop/web', 'v1.4.2');

    expect(uat?.digest).toBe(tagOf('devshop', 'shop/web', 'v1.4.2')?.digest);
    expect(seededAt - (uat?.updatedAt ?? 0)).toBe(3 * 24 * 3600 * 1000);
    expect(tagOf('contosoprod', 'shop/web', 'v1.4.2')).toBeUndefined();
  });

  it('is multi-platform, signed, with an SBOM', () => {
    const digest = tagOf('contosouat', 'shop/web', 'v1.4.2')?.digest ?? '';
    const referrers = store.manifests.list('contosouat', 'shop/web').filter((one) => one.subject === digest);

    expect(store.manifests.get('contosouat', 'shop/web', digest)?.children).toHaveLength(2);
    expect(new Set(referrers.map((one) => one.artifactType))).toEqual(
      new Set(['application/spdx+json', 'application/vnd.cncf.notary.signature']),
    );
  });
});

describe('the bundled policy', () => {
  it('is accepted by the product without a warning', () => {
    const reading = parsePolicy(policyFor(contosoEstate()));

    expect(
      reading.ok ? reading.warnings.map((one) => one.text) : reading.errors.map((one) => one.text),
    ).toEqual([]);
    expect(reading.ok).toBe(true);
  });

  it('knows nobody who is no sample person, and not the outsider', () => {
    const reading = parsePolicy(policyFor(contosoEstate()));

    expect(reading.ok ? Object.keys(reading.policy.people) : []).toEqual([
      'developer',
      'release-approver',
      'security-approver',
      'platform-admin',
    ]);
  });
});
