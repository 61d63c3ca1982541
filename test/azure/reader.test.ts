import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/azure/faults.ts';
import { ask, loginServer, registryToken } from '../sandbox/azure/stand-in.ts';
import { createWorld, inspect, type World } from '../world.ts';

let world: World;
const ref = (key: string) => ({ key, id: world.product.doors.policy().registries[key]!.id });
const reader = () => world.product.doors.reader;
const codeOf = (error: { code?: string; name: string }) => `${error.name} ${error.code}`;
const digestOf = (registry: string, repository: string, tag: string) =>
  inspect(world.azure, registry, repository).tags.find((each) => each.name === tag)!.digest;

/** Requests by operation that `work` caused. */
async function requestsOf(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = world.azure.counters();
  await work();
  return Object.fromEntries(
    Object.entries(world.azure.counters())
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}
const total = (counts: Record<string, number>, pattern: RegExp): number =>
  Object.entries(counts)
    .filter(([name]) => pattern.test(name))
    .reduce((sum, [, count]) => sum + count, 0);

beforeAll(async () => {
  world = await createWorld({ work: false });
});
afterAll(() => world.close());
afterEach(() => world.azure.setFaults([]));

describe('the registry reader', () => {
  it('gives nothing for what is not there, and everything of what is', async () => {
    const digest = digestOf('contosouat', 'shop/web', 'v1.4.2');

    expect(await reader().tag(ref('uat'), 'shop/web', 'v9.9.9')).toBeUndefined();
    expect(await reader().tags(ref('uat'), 'shop/nothing')).toEqual([]);
    expect(await reader().image(ref('uat'), 'shop/web', `sha256:${'0'.repeat(64)}`)).toBeUndefined();
    expect(await reader().image(ref('uat'), 'shop/web', digest)).toMatchObject({
      digest,
      children: [expect.any(String), expect.any(String)],
      referrers: [{ digest: expect.any(String) }, { digest: expect.any(String) }],
    });
  });

  it('does not take an image that another registry has for one that this registry has', async () => {
    const digest = digestOf('contosouat', 'shop/web', 'v1.4.2');
    const inUat = await reader().image(ref('uat'), 'shop/web', digest);

    expect(inUat?.digest).toBe(digest);
    expect(await reader().image(ref('prod'), 'shop/web', digest)).toBeUndefined();
  });

  it('takes one token a scope, however many read at once and afterwards', async () => {
    const counts = await requestsOf(async () => {
      await Promise.all(Array.from({ length: 30 }, () => reader().tag(ref('staging'), 'shop/web', 'v1.4.2')));
      for (let i = 0; i < 5; i++) await reader().tags(ref('staging'), 'shop/web');
    });

    expect(total(counts, /token|exchange/i)).toBeLessThanOrEqual(2);
    expect(total(counts, /./)).toBeGreaterThan(34);
  });

  it.each<[Fault, string]>([
    [{ name: '403-registry' }, 'AzureError forbidden'],
    [{ name: 'drop' }, 'AzureError'],
    [{ name: '500' }, 'AzureError'],
  ])('says an error with a code under the fault %j', async (fault, expected) => {
    world.azure.setFaults([fault]);
    const failure = await reader()
      .tags(ref('prod'), 'shop/web')
      .catch((error: Error & { code?: string }) => error);

    expect(failure).toBeInstanceOf(Error);
    expect(codeOf(failure as Error)).toContain(expected);
  });

  it('gets through a registry that throttles and fails every third request', async () => {
    world.azure.setFaults([{ name: '500', rate: 0.3 }]);

    expect((await reader().tags(ref('prod'), 'shop/web')).length).toBeGreaterThan(0);
  });
});

describe('a scan', () => {
  it('with a malformed row names the gap and goes on without that registry', async () => {
    world.azure.setFaults([{ name: 'malformed-row' }]);
    const scan = await reader().scan({ fresh: true });

    expect(scan.gaps).toEqual(['1 registries could not be read']);
    expect(scan.registries.map((facts) => facts.name)).not.toContain('devshop');
    expect(scan.registries.length).toBeGreaterThan(5);
  });

  it.each<Fault>([
    { name: 'drop', rate: 0.2 },
    { name: '500', rate: 0.2 },
  ])('gets through %j, or names what is missing', async (fault) => {
    const whole = await reader().scan({ fresh: true });
    world.azure.setFaults([fault]);
    const scan = await reader().scan({ fresh: true });

    expect(scan.registries.map((facts) => facts.name)).toEqual(whole.registries.map((facts) => facts.name));
    for (const facts of scan.registries)
      if (!facts.replications.read) expect(scan.gaps.join()).toContain('replicas');
  });

  it('counts the critical findings of a bad image', async () => {
    const digest = digestOf('contosouat', 'pay/api', 'v2.1.0');

    expect((await reader().scanResults([digest])).get(digest)).toMatchObject({ critical: 2, high: 1 });
  });
});

describe('what hangs on one platform of an image', () => {
  it('belongs to the image, so that it is copied and locked with it, and is no signature of it', async () => {
    const running = { azure: world.azure, tokens: world.tokens } as Parameters<typeof registryToken>[0];
    const registry = ref('dev-core');
    const root = digestOf('devcore', 'base/dotnet', 'v2026.11');
    const [child = ''] = (await reader().image(registry, 'base/dotnet', root))!.children;
    const scopes = ['repository:base/dotnet:pull,push'];
    const authorization = `Bearer ${await registryToken(running, 'devcore', 'ci-base', scopes)}`;
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const path = `https://${loginServer(running, 'devcore')}/v2/base/dotnet/manifests`;
    const platform = await ask(`${path}/${child}`, { headers: { authorization, accept: type } });
    const note = JSON.stringify({
      ...platform.json,
      artifactType: 'application/vnd.cncf.notary.signature',
      subject: { mediaType: type, digest: child, size: platform.text.length },
    });
    const digest = `sha256:${createHash('sha256').update(note).digest('hex')}`;
    const pushed = await ask(`${path}/${digest}`, {
      method: 'PUT',
      headers: { authorization, 'content-type': type },
      body: note,
    });
    const image = await reader().image(registry, 'base/dotnet', root);

    expect(pushed.status).toBe(201);
    expect(image?.referrers.find((each) => each.digest === digest)).toMatchObject({ subject: child });
  });
});
