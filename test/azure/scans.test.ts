import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAzure } from '../../src/azure/azure.ts';
import type { RegistryReader, RegistryRef } from '../../src/ports.ts';
import { clusterId, identityOf } from '../../src/sandbox/estate/contoso/places.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
const readerAt = async (clock: () => number = Date.now): Promise<RegistryReader> =>
  (await connectAzure({ cloud: 'public', resourceManagerUrl: world.azure.url }, clock)).reader;
const refs = (): readonly RegistryRef[] =>
  Object.entries(world.product.doors.policy().registries).map(([key, { id }]) => ({ key, id }));
const countOf = (name: string): number => world.azure.counters()[name] ?? 0;

beforeAll(async () => {
  world = await createWorld({ work: false, azure: { quota: 1000 } });
});
afterAll(() => world.close());

describe('a scan', () => {
  it('asks no registry where it need not be deep', async () => {
    const [batches, catalogs] = [countOf('batch'), countOf('registry GET catalog')];
    const scan = await (await readerAt()).scan({ deep: false, registries: refs() });

    expect(countOf('batch')).toBe(batches);
    expect(countOf('registry GET catalog')).toBe(catalogs);
    for (const facts of scan.registries) {
      expect(facts).not.toHaveProperty('diagnostics');
      expect(facts.grants?.read).toBe(true);
    }
  });

  it('is one for all who ask at once, deep and quick', async () => {
    const reader = await readerAt();
    const before = countOf('registries.listUsages');
    const scans = await Promise.all(Array.from({ length: 10 }, () => reader.scan({ registries: refs() })));

    expect(new Set(scans).size).toBe(1);
    expect(countOf('registries.listUsages') - before).toBe(10);
  });

  it('shows what the walk found, also to those who name no registries', async () => {
    const reader = await readerAt();
    const steps: string[] = [];
    await reader.scan({
      registries: refs(),
      inUseTags: 5,
      onProgress: ({ registry }) => registry && steps.push(registry),
    });
    await expect
      .poll(async () => {
        const { registries } = await reader.scan();
        return registries.filter(
          ({ content }) => content?.read && content.value.walked === content.value.total,
        ).length;
      })
      .toBe(refs().length);
    expect(new Set(steps)).toEqual(new Set(refs().map(({ key }) => key)));
  });

  it('walks again only after ten minutes, or when it is wanted fresh', async () => {
    let now = Date.now();
    const reader = await readerAt(() => now);
    const walks = async (options: { fresh?: boolean } = {}): Promise<number> => {
      const before = countOf('registry GET catalog');
      await reader.scan({ registries: refs().slice(0, 1), ...options });
      return countOf('registry GET catalog') - before;
    };
    const first = await walks();
    now += 20 * 60_000;
    const late = await walks();
    const wanted = await walks({ fresh: true });
    now += 120_000;
    const soon = await walks();

    expect([first, late, wanted, soon]).toEqual([1, 1, 1, 0]);
  });

  it('knows the identities of clusters, those behind client ids, and its own', async () => {
    const { clusters, identities, self } = await (await readerAt()).scan({ deep: false });
    const importer = identityOf('importer-to-prod');

    expect(clusters).toMatchObject({
      read: true,
      value: expect.arrayContaining([
        { id: clusterId('aks-prod').toLowerCase(), kubelets: [identityOf('aks-prod-kubelet').objectId] },
      ]),
    });
    expect(identities).toMatchObject({
      read: true,
      value: expect.arrayContaining([{ clientId: importer.clientId, objectId: importer.objectId }]),
    });
    expect(self).toEqual({ read: true, value: identityOf('warden-reader').objectId });
  });
});

describe('what manifests say', () => {
  it('is not read again after a restart, and what stands in the registries is', async () => {
    const scanned = async () => {
      const before = ['manifest', 'blob', 'tags'].map((what) => countOf(`registry GET ${what}`));
      const settings = { cloud: 'public', resourceManagerUrl: world.azure.url } as const;
      const { reader } = await connectAzure(settings, Date.now, () => [], world.product.doors.ledger);
      const scan = await reader.scan({ registries: refs(), inUseTags: 5, onProgress: () => undefined });
      const [manifests, blobs, tags] = ['manifest', 'blob', 'tags'].map(
        (what, i) => countOf(`registry GET ${what}`) - (before[i] ?? 0),
      );
      const found = scan.registries.map(({ content }) => content?.read && content.value.repositories);
      return { manifests, blobs, tags, found };
    };
    const first = await scanned();
    const restarted = await scanned();

    expect(first.manifests).toBeGreaterThan(50);
    expect(first.blobs).toBeGreaterThan(20);
    expect([restarted.manifests, restarted.blobs]).toEqual([0, 0]);
    expect(restarted.tags).toBe(first.tags);
    expect(restarted.found).toEqual(first.found);
  });
});
