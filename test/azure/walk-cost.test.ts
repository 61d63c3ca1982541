import { ContainerRegistryClient, ContainerRegistryContentClient } from '@azure/container-registry';
import { afterEach, describe, expect, it } from 'vitest';
import { cloudOf } from '../../src/azure/clouds.ts';
import { createManifests } from '../../src/azure/manifests.ts';
import { createRegistries } from '../../src/azure/registries.ts';
import { createWalker } from '../../src/azure/walk.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { registryId } from '../../src/sandbox/estate/contoso/places.ts';
import { type Running, startStandIn } from '../sandbox/azure/stand-in.ts';

const repositories = 300;
/** Tags, manifests, the manifest in use and its config: of each repository. */
const readsEach = 4;
const registry = 'contososhared';

/** The bundled estate with nothing but 300 small repositories in one registry. */
function largeEstate() {
  const estate = contosoEstate();
  const images = Object.fromEntries(
    Array.from({ length: repositories }, (_, i) => [
      `team-${i % 7}/service-${i}`,
      { v1: { layers: [{ content: `of service ${i}` }], labels: { service: String(i) } } },
    ]),
  );
  return { ...estate, tables: { ...estate.tables, securityresources: [] }, images: { [registry]: images } };
}

let running: Running;
afterEach(() => running?.stop());

/** Requests to registries by operation that `work` caused. */
async function costOf(work: () => Promise<unknown>) {
  const before = running.azure.counters();
  await work();
  const counts = Object.entries(running.azure.counters())
    .filter(([name]) => name.startsWith('registry '))
    .map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  const sum = (pattern: RegExp) =>
    counts.filter(([name]) => pattern.test(name)).reduce((total, [, count]) => total + count, 0);
  return {
    // The catalogue costs its calls and a token of its own.
    all: sum(/./) - sum(/catalog/) - 1,
    reads: sum(/ GET (tags|manifests|manifest|blob)$/),
    tokens: sum(/oauth2/) - 1,
  };
}

async function walk() {
  const registries = createRegistries(cloudOf('public', running.azure.url), Date.now);
  const walker = createWalker({
    plane: (ref) => registries.plane('walk', running.credential('warden-reader'), ref),
    manifests: createManifests(),
    clock: Date.now,
  });
  const id = registryId(registry);
  await walker.walk({ registries: [{ key: 'shared', id }], inUseTags: 5, maxRequests: 5000 });
  return walker.content(id.toLowerCase());
}

/** The same work by the SDK of the data plane, as its documentation shows it. */
async function walkByTheBareSdk() {
  const endpoint = `https://${running.azure.registries().find((each) => each.name === registry)!.loginServer}`;
  const credential = running.credential('warden-reader');
  const options = { audience: 'https://containerregistry.azure.net' };
  const client = new ContainerRegistryClient(endpoint, credential, options);
  const names: string[] = [];
  for await (const name of client.listRepositoryNames()) names.push(name);
  for (const name of names) {
    const repository = client.getRepository(name);
    for await (const _ of repository.listManifestProperties({ order: 'LastUpdatedOnDescending' }));
    const { digest } = await client.getArtifact(name, 'v1').getTagProperties('v1');
    const content = new ContainerRegistryContentClient(endpoint, name, credential, options);
    const { manifest } = await content.getManifest(digest);
    const config = (manifest as { config: { digest: string } }).config.digest;
    for await (const _ of (await content.downloadBlob(config)).content);
  }
  return names.length;
}

describe('one walk over 300 repositories', () => {
  it('costs its reads, one exchange, and a token for 50 repositories', { timeout: 60_000 }, async () => {
    running = await startStandIn({ estate: largeEstate() });
    const cost = await costOf(walk);
    const bare = await costOf(walkByTheBareSdk);
    console.log(
      `walk over ${repositories} repositories: ${cost.all} requests (${cost.tokens} for tokens), the bare SDK: ${bare.all}`,
    );

    expect(cost.reads).toBe(repositories * readsEach);
    expect(cost.all).toBeLessThanOrEqual(repositories * readsEach + 1 + Math.ceil(repositories / 50));
    expect(bare.all).toBeGreaterThan(cost.all * 1.5);
  });

  it('costs a token a repository where the registry grants only the first scope of several', {
    timeout: 60_000,
  }, async () => {
    running = await startStandIn({ estate: largeEstate(), grantFirstScopeOnly: true });
    const content = await walk();
    const cost = await costOf(walk);
    console.log(`with one scope a token: ${cost.all} requests (${cost.tokens} for tokens)`);

    expect(content).toMatchObject({ read: true, value: { walked: repositories, total: repositories } });
    expect(cost.reads).toBe(repositories * readsEach);
    expect(cost.all).toBeLessThanOrEqual(repositories * readsEach + 1 + repositories);
  });
});
