// Answers against Microsoft's published examples: field names, types, nesting, headers and status, not values. The
// examples lie beside the project; without them these tests are skipped and say so.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registryId, subscriptions } from '../../../src/sandbox/estate/contoso/places.ts';
import { asAdmin } from './registry-client.ts';
import { askArm, type Json, type Reply, type Running, startStandIn } from './stand-in.ts';

const folder = join(import.meta.dirname, '../../../../shared/vectors/azure');
const isThere = existsSync(folder);
if (!isThere) console.log(`skipped: no example files at ${folder}`);

let running: Running;

beforeAll(async () => {
  running = await startStandIn();
});
afterAll(() => running.stop());

function vector(path: string): Json {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}

/** Paths of a value with their types: `properties.sku.name: string`. Elements of a list count as one; tags have any name. */
function shapeOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value))
    return [`${path}: list`, ...new Set(value.flatMap((item) => shapeOf(item, `${path}[]`)))];
  if (typeof value !== 'object' || value === null)
    return [`${path}: ${value === null ? 'null' : typeof value}`];
  if (path.endsWith('.tags') || path.endsWith('headers')) return [`${path}: object`];
  return Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, `${path}.${key}`));
}

/** What the example has and the answer lacks. */
const lacking = (example: unknown, answer: unknown): string[] => {
  const has = new Set(shapeOf(answer));
  return shapeOf(example).filter((line) => !has.has(line));
};
const version = 'api-version=2025-11-01';
const of = (name: Parameters<typeof registryId>[0], rest = ''): Promise<Reply> =>
  askArm(running, `${registryId(name)}${rest}?${version}`);

describe.skipIf(!isThere)('the management plane has every field of the example', () => {
  it('of one registry', async () => {
    const reply = await of('contosouat');

    expect(reply.status).toBe(200);
    expect(lacking(vector('registry/RegistryGet.json').responses['200'].body, reply.json)).toEqual([]);
  });

  it('of the registries of a subscription', async () => {
    const reply = await askArm(
      running,
      `/subscriptions/${subscriptions.nonprod}/providers/Microsoft.ContainerRegistry/registries?${version}`,
    );

    expect(lacking(vector('registry/RegistryList.json').responses['200'].body, reply.json)).toEqual([]);
    expect(Object.keys(reply.json)).toEqual(['value']);
  });

  it('of usages, replications and tokens', async () => {
    const usages = await askArm(running, `${registryId('contosoprod')}/listUsages?${version}`);
    const replications = await of('contosoprod', '/replications');
    const tokens = await of('legacyhub', '/tokens');

    expect(lacking(vector('registry/RegistryListUsages.json').responses['200'].body, usages.json)).toEqual(
      [],
    );
    expect(lacking(vector('registry/ReplicationList.json').responses['200'].body, replications.json)).toEqual(
      [],
    );
    expect(lacking(vector('registry/TokenList.json').responses['200'].body, tokens.json)).toEqual([]);
  });

  it('of an accepted import, whose Location has the form of the example', async () => {
    const example = vector('registry/ImportImageByManifestDigest.json');
    const uat = running.azure.inspect().find((one) => one.name === 'contosouat');
    const web = uat?.repositories.find((one) => one.name === 'shop/web');
    const body = structuredClone(example.parameters.parameters);
    body.source = {
      resourceId: registryId('contosouat'),
      sourceImage: `shop/web@${web?.tags.find((tag) => tag.name === 'v1.4.2')?.digest}`,
    };
    body.targetTags = ['wire/web:v1'];
    body.untaggedTargetRepositories = ['wire/untagged'];

    const reply = await askArm(running, `${registryId('contosoprod')}/importImage?${version}`, {
      as: 'importer-to-prod',
      method: 'POST',
      body,
    });

    const form = (url: string) =>
      new URL(url).pathname.replace(/[^/]*-[0-9a-f-]{20,}/g, '*').split('/').length;
    expect([reply.status, reply.text]).toEqual([202, '']);
    expect(form(String(reply.headers['location']))).toBe(form(example.responses['202'].headers.Location));
  });
});

describe.skipIf(!isThere)('the data plane has exactly the fields of the example', () => {
  const exact = (example: unknown, answer: unknown) => {
    const sorted = (value: unknown) => [...new Set(shapeOf(value))].toSorted((a, b) => a.localeCompare(b));
    expect(sorted(answer)).toEqual(sorted(example));
  };

  it('of repositories and tags', async () => {
    const admin = asAdmin(running);

    exact(
      vector('data-plane/GetRepositoryList.json').responses['200'].body,
      (await admin.call('GET', '/acr/v1/_catalog')).json,
    );
    exact(
      vector('data-plane/GetTagList.json').responses['200'].body,
      (await admin.call('GET', '/acr/v1/crm/web/_tags')).json,
    );
  });

  it('of manifests', async () => {
    const admin = asAdmin(running);

    exact(
      vector('data-plane/GetManifestList.json').responses['200'].body,
      (await admin.call('GET', '/acr/v1/crm/web/_manifests')).json,
    );
  });

  it('of changed attributes, with the body as an object and as a JSON string', async () => {
    const admin = asAdmin(running);
    const tag = vector('data-plane/UpdateTagAttributes.json');
    const manifest = vector('data-plane/UpdateManifestAttributes.json');
    const [{ digest }] = (await admin.call('GET', '/acr/v1/crm/web/_manifests')).json.manifests;

    const tagged = await admin.call('PATCH', '/acr/v1/crm/web/_tags/v3.2.1', {
      body: JSON.stringify(tag.parameters.value),
    });
    const locked = await admin.call('PATCH', `/acr/v1/crm/web/_manifests/${digest}`, {
      body: JSON.stringify(manifest.parameters.value),
    });

    exact(tag.responses['200'].body, tagged.json);
    exact(manifest.responses['200'].body, locked.json);
    expect(tagged.json.tag.changeableAttributes.writeEnabled).toBe(false);
  });
});

describe.skipIf(!isThere)('Resource Graph answers each example query in its shape', () => {
  for (const name of ['ResourcesBasicQuery', 'ResourcesFilterQuery', 'ResourcesSummarizeQuery']) {
    it(`of ${name}`, async () => {
      const example = vector(`resource-graph/${name}.json`);
      const body = { query: example.parameters.query.query, subscriptions: [subscriptions.legacy] };

      const reply = await askArm(
        running,
        '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
        { method: 'POST', body },
      );

      expect(reply.status).toBe(200);
      expect(lacking({ ...example.responses['200'].body, data: [] }, { ...reply.json, data: [] })).toEqual(
        [],
      );
    });
  }
});
