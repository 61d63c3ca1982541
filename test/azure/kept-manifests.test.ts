import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { compose } from '../../src/main.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ work: false, azure: { quota: 1000 } });
});
afterAll(() => world.close());

/** Requests of a whole first scan, by what they asked the registries for, and what it found. */
async function scanned() {
  const before = world.azure.counters();
  const { doors } = await compose(readEnvironment(world.environment));
  const registries = Object.entries(doors.policy().registries).map(([key, { id }]) => ({ key, id }));
  const scan = await doors.reader.scan({ registries, inUseTags: 5, onProgress: () => undefined });
  await doors.ledger.close();
  const after = world.azure.counters();
  const requests = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
  return {
    manifests: requests('registry GET manifest'),
    blobs: requests('registry GET blob'),
    tags: requests('registry GET tags'),
    found: scan.registries.map(({ id, content }) => [id, content?.read && content.value.repositories]),
  };
}

describe('what manifests say', () => {
  it('is not read again after a restart, and what stands in the registries is', async () => {
    const first = await scanned();
    const restarted = await scanned();

    expect(first.manifests).toBeGreaterThan(50);
    expect(first.blobs).toBeGreaterThan(20);
    expect([restarted.manifests, restarted.blobs]).toEqual([0, 0]);
    expect(restarted.tags).toBe(first.tags);
    expect(restarted.found).toEqual(first.found);
  });
});
