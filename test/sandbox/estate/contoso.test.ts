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
  const blanks = seed(store, contosoEstate(), {
    now: seededAt,
    loginServerOf: (name) => `localhost:${1000 + name.length}`,
  });
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

describe('for the rules there are registries', () => {
  const registries = () =>
    rows('resources').filter((row) => row['type'] === 'microsoft.containerregistry/registries');
  /** The different values of a property over all registries; undefined where a row lacks it. */
  const values = (...path: string[]) => new Set(registries().map((row) => at(row, ...path)));
  const facts = contosoEstate().arm;
  const settings = Object.values(facts).map((one) => one.diagnosticSettings);

  it('of every tier, with and without an admin user and anonymous pull, and without a word about it', () => {
    expect(values('sku', 'name')).toEqual(new Set(['Basic', 'Standard', 'Premium']));
    expect(values('properties', 'adminUserEnabled')).toEqual(new Set([true, false, undefined]));
    expect(values('properties', 'anonymousPullEnabled')).toEqual(new Set([true, false, undefined]));
  });

  it('with soft delete and retention on, off and unsaid', () => {
    expect(values('properties', 'policies', 'softDeletePolicy', 'status')).toEqual(
      new Set(['enabled', 'disabled', undefined]),
    );
    expect(values('properties', 'policies', 'retentionPolicy', 'status')).toEqual(
      new Set(['enabled', 'disabled', undefined]),
    );
  });

  it('with a replica elsewhere, and with the home region alone', () => {
    const replicas = rows('resources').filter((row) => String(row['type']).endsWith('/replications'));
    const locations = Map.groupBy(replicas, (row) => String(row['id']).split('/')[8]);

    expect(locations.get('contosoprod')).toHaveLength(2);
    expect(locations.get('contosoprodus')?.map((row) => row['location'])).toEqual(['eastus']);
  });

  it('with private endpoints Approved, Pending and Rejected', () => {
    const text = JSON.stringify(
      registries().map((row) => at(row, 'properties', 'privateEndpointConnections')),
    );

    for (const status of ['Approved', 'Pending', 'Rejected']) expect(text).toContain(`"status":"${status}"`);
  });

  it('with diagnostic settings that are good, empty and not to be read', () => {
    expect(settings).toContainEqual([]);
    expect(settings).toContainEqual({ status: 403 });
    expect(JSON.stringify(settings)).toContain('ContainerRegistryLoginEvents');
  });

  it('with tokens that end and tokens that do not, and webhooks by https and by http', () => {
    const passwords = JSON.stringify(Object.values(facts).flatMap((one) => one.tokens ?? []));
    const callbacks = Object.values(facts)
      .flatMap((one) => one.webhooks ?? [])
      .map((one) => one.callback?.serviceUri.split(':')[0]);

    expect(passwords.match(/"expiry"/g)).toHaveLength(1);
    expect(passwords.match(/"password1"/g)).toHaveLength(2);
    expect(new Set(callbacks)).toEqual(new Set(['https', 'http']));
  });

  it('with alerts that are on, off, and fire into the void', () => {
    const alerts = rows('resources').filter((row) => row['type'] === 'microsoft.insights/metricalerts');

    expect(new Set(alerts.map((row) => at(row, 'properties', 'enabled')))).toEqual(new Set([true, false]));
    expect(alerts.some((row) => JSON.stringify(at(row, 'properties', 'actions')) === '[]')).toBe(true);
  });

  it('with more than 80 % of their storage used, and with less', () => {
    const shares = Object.values(facts)
      .flatMap((one) => one.usages ?? [])
      .filter((one) => one.name === 'Size')
      .map((one) => one.currentValue / one.limit);

    expect(shares.some((share) => share > 0.8)).toBe(true);
    expect(shares.some((share) => share < 0.5)).toBe(true);
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
  it('is accepted by the product without a warning, but for what the product does not act on yet', () => {
    const reading = parsePolicy(policyFor(contosoEstate()));
    const messages = reading.ok ? reading.warnings : reading.errors;

    expect(
      messages.map((one) => one.text).filter((text) => !/This version does not act on .* yet\./.test(text)),
    ).toEqual([]);
    expect(reading.ok).toBe(true);
  });

  it('takes the registries of another estate by their tag stage', () => {
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/other';
    const row = { id, name: 'other', type: 'Microsoft.ContainerRegistry/registries', tags: { stage: 'uat' } };
    const identity = contosoEstate().identities.slice(0, 1);

    const reading = parsePolicy(
      policyFor({ identities: identity, tables: { resources: [row] }, images: {}, arm: {} }),
    );

    expect(reading.ok ? reading.policy.registries : reading.errors.map((one) => one.text)).toMatchObject({
      other: { id, stage: 'uat' },
    });
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
