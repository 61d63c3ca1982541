import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudOf } from '../../src/azure/clouds.ts';
import { createCredentials } from '../../src/azure/credential.ts';
import { createRegistries } from '../../src/azure/registries.ts';
import { createRegistryWriter } from '../../src/azure/registry-writer.ts';
import { createWorld, inspect, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ work: false });
});
afterAll(() => world.close());

/** The order of the sample promotion, by its edge's identity. */
function order() {
  const policy = world.product.doors.policy();
  const ref = (key: string) => ({ key, id: policy.registries[key]!.id });
  const digest = inspect(world.azure, 'contosouat', 'shop/web').tags.find(
    (tag) => tag.name === 'v1.4.2',
  )!.digest;
  return {
    identity: policy.edges.find((edge) => edge.name === 'to-prod')!.identity,
    source: ref('uat'),
    target: ref('prod'),
    repository: 'shop/web',
    digest,
    tag: 'v1.4.2',
  };
}

describe('an import that never ends', () => {
  it('is given up after its patience, to be tried again, and the next try ends it', async () => {
    const cloud = cloudOf('public', world.azure.url);
    const writer = createRegistryWriter(await createCredentials(), createRegistries(cloud, Date.now), 500);
    world.azure.setFaults([{ name: 'import-hangs' }]);
    const hung = await writer.importImage(order()).catch((error: unknown) => error);
    world.azure.setFaults([]);

    expect(hung).toMatchObject({ name: 'AzureError', code: 'import-hangs', retry: true });
    expect(await world.product.doors.writer.importImage(order())).toBe('accepted');
    expect(inspect(world.azure, 'contosoprod', 'shop/web').tags.map((tag) => tag.name)).toContain('v1.4.2');
  });
});
