import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { attributesPath, type DataPlane, writeScope } from '../../src/azure/data-plane.ts';
import { keepManifests } from '../../src/azure/kept-manifests.ts';
import { createManifests } from '../../src/azure/manifests.ts';
import { createRegistries } from '../../src/azure/registries.ts';
import { createWalker, type Walker } from '../../src/azure/walk.ts';
import { cloudOf } from '../../src/azure/clouds.ts';
import type { Content, Part } from '../../src/posture/facts.ts';
import type { ManifestStore, RegistryRef } from '../../src/ports.ts';
import { type IdentityName, registryId, type RegistryName } from '../../src/sandbox/estate/contoso/places.ts';
import { type Running, startStandIn } from '../sandbox/azure/stand-in.ts';

let running: Running;
const ref = (name: RegistryName): RegistryRef => ({ key: name, id: registryId(name) });
const walkerOf = (from: ReturnType<typeof createManifests> | IdentityName = createManifests()): Walker => {
  const manifests = typeof from === 'string' ? createManifests() : from;
  const registries = createRegistries(cloudOf('public', running.azure.url), Date.now);
  const credential = running.credential(typeof from === 'string' ? from : 'warden-reader');
  return createWalker({
    plane: (registry) => registries.plane('walk', credential, registry),
    manifests,
    clock: Date.now,
  });
};
const planeOf = (identity: IdentityName) =>
  createRegistries(cloudOf('public', running.azure.url), Date.now).plane(
    identity,
    running.credential(identity),
    ref('contosouat'),
  );
const value = <T>(part: Part<T> | undefined): T => {
  if (!part?.read) throw new Error(part?.reason ?? 'absent');
  return part.value;
};
const contentOf = (walker: Walker, name: RegistryName): Content =>
  value(walker.content(registryId(name).toLowerCase()));
const tagOf = (content: Content, repository: string, tag: string) =>
  content.repositories.find((each) => each.name === repository)?.tags?.find((each) => each.tag === tag);
async function requestsOf(work: () => Promise<unknown>): Promise<number> {
  const sum = () =>
    Object.entries(running.azure.counters())
      .filter(([name]) => name.startsWith('registry '))
      .reduce((total, [, count]) => total + count, 0);
  const before = sum();
  await work();
  return sum() - before;
}

/** By `repository:tag`, from what the stand-in really holds. */
function reallyLocked(registry: RegistryName): ReadonlyMap<string, boolean> {
  const held = running.azure.inspect().find((each) => each.name === registry)!;
  return new Map(
    held.repositories.flatMap(({ tags, manifests }) => {
      const repository = held.repositories.find((each) => each.tags === tags)!.name;
      return tags.map((tag) => {
        const own = manifests.find((each) => each.digest === tag.digest)!;
        const around = manifests.filter(
          (each) => own.children.includes(each.digest) || each.subject === own.digest,
        );
        const siblings = tags.filter((each) => each.name.startsWith(`${own.digest.replace(':', '-')}.`));
        const siblingManifests = manifests.filter((each) =>
          siblings.some((sibling) => sibling.digest === each.digest),
        );
        const isLocked = [tag, own, ...around, ...siblings, ...siblingManifests].every(
          ({ attributes }) => !attributes.deleteEnabled && !attributes.writeEnabled,
        );
        return [`${repository}:${tag.name}`, isLocked] as const;
      });
    }),
  );
}

/** What is not documented of `_manifests`: that an index shows its images, and each manifest its type. */
const withoutHints = (plane: DataPlane, missing: string): DataPlane => ({
  ...plane,
  list: (path, scope, items, limit) =>
    plane.list(path, scope, (body) => items(stripped(body, missing)), limit),
});
const stripped = (body: unknown, missing: string): unknown =>
  JSON.parse(JSON.stringify(body), (key, inner: unknown) =>
    missing.includes(key === 'mediaType' ? 'media types' : key) && key !== '' ? undefined : inner,
  );

beforeAll(async () => {
  running = await startStandIn();
});
afterAll(() => running.stop());
afterEach(() => running.azure.setFaults([]));

describe('a walk', () => {
  it('finds every repository and tag that the registry holds', async () => {
    const walker = walkerOf();
    await walker.walk({ registries: [ref('contosoprod')], inUseTags: 5 });
    const content = contentOf(walker, 'contosoprod');
    const held = running.azure.inspect().find((each) => each.name === 'contosoprod')!;

    expect(content.repositories.map((each) => each.name).sort()).toEqual(
      held.repositories.map((each) => each.name).sort(),
    );
    expect(content.walked).toBe(content.total);
    for (const { name, tags } of content.repositories)
      expect(tags?.map((tag) => tag.tag).sort()).toEqual(
        held.repositories
          .find((each) => each.name === name)
          ?.tags.map((tag) => tag.name)
          .sort(),
      );
    expect(walker.isUnfinished()).toBe(false);
  });

  it('reads size, layers and labels of the tags in use, and of no other', async () => {
    const walker = walkerOf();
    await walker.walk({ registries: [ref('contosoprod')], inUseTags: 1 });
    const { tags = [] } = contentOf(walker, 'contosoprod').repositories.find(
      (each) => each.name === 'shop/web',
    )!;
    const inUse = tags.filter((tag) => tag.inUse);

    expect(inUse).toHaveLength(1);
    expect(inUse[0]).toMatchObject({
      size: expect.any(Number),
      layers: expect.any(Number),
      labels: expect.objectContaining({ 'org.opencontainers.image.revision': expect.any(String) }),
    });
    for (const tag of tags.filter((each) => !each.inUse)) expect(tag).not.toHaveProperty('size');
  });

  it('takes an image for locked only if its children and referrers are', async () => {
    const walker = walkerOf();
    await walker.walk({ registries: [ref('contosoprod'), ref('contosouat')], inUseTags: 5 });
    const states = new Map(
      contentOf(walker, 'contosoprod').repositories.flatMap((repository) =>
        (repository.tags ?? []).map((tag) => [`${repository.name}:${tag.tag}`, tag.locked] as const),
      ),
    );

    expect(states).toEqual(reallyLocked('contosoprod'));
    expect(new Set(states.values())).toEqual(new Set([true, false]));
    expect(tagOf(contentOf(walker, 'contosouat'), 'shop/web', 'v1.4.2')?.locked).toBe(false);
  });

  it('sees one child or one referrer that is still open', async () => {
    const digest = running.azure
      .inspect()
      .find((each) => each.name === 'contosouat')
      ?.repositories.find((each) => each.name === 'shop/web')
      ?.tags.find((each) => each.name === 'v1.4.2')?.digest;
    const { children, referrers } = (await createManifests().image(
      await planeOf('warden-reader'),
      'shop/web',
      digest!,
    ))!;
    const plane = await planeOf('importer-to-uat');
    const set = (path: string, isOpen: boolean) =>
      plane.patch(attributesPath('shop/web', path), writeScope('shop/web'), {
        deleteEnabled: isOpen,
        writeEnabled: isOpen,
      });
    const isLocked = async () => {
      const walker = walkerOf();
      await walker.walk({ registries: [ref('contosouat')], inUseTags: 1 });
      return tagOf(contentOf(walker, 'contosouat'), 'shop/web', 'v1.4.2')?.locked;
    };
    const all = [digest!, ...children, ...referrers.map((each) => each.digest)];
    const paths = ['/_tags/v1.4.2', ...all.map((each) => `/_manifests/${each}`)];
    for (const path of paths) await set(path, false);
    const states = [await isLocked()];
    for (const path of paths) {
      await set(path, true);
      states.push(await isLocked());
      await set(path, false);
    }

    expect(children.length * referrers.length).toBeGreaterThan(1);
    expect(states).toEqual([true, ...paths.map(() => false)]);
  });

  it.each(['references', 'references and media types'])(
    'finds the same where the lists of a registry show no %s of manifests',
    async (missing) => {
      const registries = [ref('contosoprod'), ref('contosouat')];
      const full = walkerOf();
      await full.walk({ registries, inUseTags: 2 });
      const credential = running.credential('warden-reader');
      const opened = createRegistries(cloudOf('public', running.azure.url), Date.now);
      const terse = createWalker({
        plane: async (registry) => withoutHints(await opened.plane('walk', credential, registry), missing),
        manifests: createManifests(),
        clock: Date.now,
      });
      await terse.walk({ registries, inUseTags: 2 });
      const findings = (walker: Walker) =>
        registries.map(({ key }) => {
          const { asOf: _, ...content } = contentOf(walker, key as RegistryName);
          return content;
        });

      expect(findings(terse)).toEqual(findings(full));
    },
  );

  it('counts neither children of a tagged index nor signatures as untagged', async () => {
    const walker = walkerOf();
    await walker.walk({ registries: [ref('contosoprod')], inUseTags: 5 });
    const { untaggedBytes, totalBytes } = contentOf(walker, 'contosoprod');

    expect(untaggedBytes).toBe(0);
    expect(totalBytes).toBeGreaterThan(10_000);
  });

  it('counts what the registry throttled, also where a repeat got through', async () => {
    const calm = walkerOf();
    await calm.walk({ registries: [ref('contosouat')], inUseTags: 5 });
    const walker = walkerOf();
    running.azure.setFaults([{ name: '429', rate: 0.05 }]);
    try {
      await walker.walk({ registries: [ref('contosouat')], inUseTags: 5 });
    } finally {
      running.azure.setFaults([]);
    }

    expect(contentOf(calm, 'contosouat').throttled).toBe(0);
    expect(contentOf(walker, 'contosouat').throttled).toBeGreaterThan(0);
  });

  it('says how far it is, up to the last repository', async () => {
    const steps: (readonly [number, number, string])[] = [];
    const walker = walkerOf();
    await walker.walk({
      registries: [ref('contosouat'), ref('devshop')],
      inUseTags: 5,
      onProgress: (...step) => steps.push(step),
    });
    const [done, total] = steps.at(-1)!;

    expect(done).toBe(total);
    expect(steps.length).toBe(total);
    expect(new Set(steps.map(([, , registry]) => registry))).toEqual(new Set(['contosouat', 'devshop']));
  });

  it('reads what a digest says once, also when it was told by an earlier process', async () => {
    const bodies = new Map<string, string>();
    const store: ManifestStore = {
      manifests: async (digests) => new Map([...bodies].filter(([digest]) => digests.includes(digest))),
      keepManifests: async (more) => more.forEach((body, digest) => bodies.set(digest, body)),
    };
    const manifests = createManifests(keepManifests(store));
    const options = { registries: [ref('contosouat')], inUseTags: 5 };
    const first = await requestsOf(() => walkerOf(manifests).walk(options));
    const again = await requestsOf(() => walkerOf(manifests).walk(options));
    const restart = () => walkerOf(createManifests(keepManifests(store)));
    const restarted = await requestsOf(() => restart().walk(options));
    for (const digest of bodies.keys()) bodies.set(digest, '{"digest":"of an older version"}');
    const upgraded = await requestsOf(() => restart().walk(options));

    expect(again).toBeLessThan(first / 1.5);
    expect(restarted).toBe(again);
    expect(upgraded).toBe(first);
  });
});

describe('a budget', () => {
  it('stops a walk, and the next walks go on until all is walked, none twice', async () => {
    const walker = walkerOf();
    const options = { registries: [ref('contosouat'), ref('contosoprod')], inUseTags: 1, maxRequests: 25 };
    const parts: number[] = [];
    for (let walks = 0; walks < 20 && (walks === 0 || walker.isUnfinished()); walks++) {
      await walker.walk(options);
      parts.push(contentOf(walker, 'contosouat').walked + contentOf(walker, 'contosoprod').walked);
    }
    const { walked, total } = contentOf(walker, 'contosoprod');

    expect(parts.length).toBeGreaterThan(1);
    expect(parts).toEqual([...new Set(parts)].sort((a, b) => a - b));
    expect(walked).toBe(total);
  });

  it('is shared by the registries in turns', async () => {
    const walker = walkerOf();
    const registries = [ref('contosouat'), ref('contosoprod'), ref('contosostaging')];
    await walker.walk({ registries, inUseTags: 1, maxRequests: 90 });
    const walked = registries.map(({ key }) => contentOf(walker, key as RegistryName).walked);

    expect(Math.max(...walked) - Math.min(...walked)).toBeLessThanOrEqual(3);
    expect(Math.min(...walked)).toBeGreaterThan(0);
  });

  it('leaves repositories that were not walked without tags, and bytes unknown', async () => {
    const walker = walkerOf();
    await walker.walk({ registries: [ref('contosouat')], inUseTags: 1, maxRequests: 5 });
    const content = contentOf(walker, 'contosouat');
    const withTags = content.repositories.filter((each) => each.tags !== undefined);

    expect(withTags).toHaveLength(content.walked);
    expect(content.walked).toBeLessThan(content.total);
    expect(content).not.toHaveProperty('untaggedBytes');
  });
});

describe('a registry that does not answer', () => {
  it('is unread with the role that is missing, and the others are walked', async () => {
    const walker = walkerOf('importer-to-uat');
    await walker.walk({ registries: [ref('devpay'), ref('contosouat')], inUseTags: 1 });

    expect(walker.content(registryId('devpay').toLowerCase())).toMatchObject({
      read: false,
      reason: expect.stringContaining('AcrPull'),
    });
    expect(contentOf(walker, 'contosouat').walked).toBeGreaterThan(0);
  });

  it('keeps what was known of it', async () => {
    const walker = walkerOf();
    const options = { registries: [ref('devshop')], inUseTags: 1 };
    await walker.walk(options);
    const before = contentOf(walker, 'devshop');
    running.azure.setFaults([{ name: '403-registry' }]);
    await walker.walk(options);

    expect(contentOf(walker, 'devshop').repositories).toEqual(before.repositories);
  });
});
