// What digests say, remembered for good: in memory, and behind it in a store that outlives the process. Asked for one by one,
// looked up together; what is new is stored in batches, and what a crash loses of them is read again.
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { ManifestStore } from '../ports.ts';
import type { ImageDetails } from './manifests.ts';

export interface KeptManifests {
  get(digest: string): Promise<ImageDetails | undefined>;
  put(details: ImageDetails): void;
  /** Stores what is not stored yet. Never throws: it can be read again. */
  flush(): Promise<void>;
}

const inMemory = 20_000;
const storedAtOnce = 200;

/** What an earlier version stored counts only if it is whole. */
const stored = z.object({
  digest: z.string(),
  mediaType: z.string(),
  size: z.number(),
  manifestSize: z.number(),
  largest: z.number(),
  layers: z.number(),
  platforms: z.array(z.string()),
  children: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  createdAt: z.number().exactOptional(),
});

export function keepManifests(store?: ManifestStore): KeptManifests {
  const memory = new LRUCache<string, ImageDetails>({ max: inMemory });
  const fresh = new Map<string, string>();
  let asked: Promise<ReadonlyMap<string, string>> | undefined;
  let wanted: string[] = [];

  /** One look for all that are asked for in the same turn. */
  function lookUp(digest: string): Promise<ReadonlyMap<string, string>> {
    wanted.push(digest);
    asked ??= Promise.resolve().then(async () => {
      const digests = wanted;
      wanted = [];
      asked = undefined;
      return (await store?.manifests(digests).catch(() => undefined)) ?? new Map<string, string>();
    });
    return asked;
  }

  async function flush(): Promise<void> {
    if (!store || fresh.size === 0) return;
    const bodies = new Map(fresh);
    fresh.clear();
    await store.keepManifests(bodies).catch(() => undefined);
  }

  return {
    get: async (digest) => {
      const known = memory.get(digest);
      if (known || !store) return known;
      const details = read((await lookUp(digest)).get(digest));
      if (details?.digest === digest) memory.set(digest, details);
      return memory.get(digest);
    },
    put: (details) => {
      memory.set(details.digest, details);
      fresh.set(details.digest, JSON.stringify(details));
      if (fresh.size >= storedAtOnce) void flush();
    },
    flush,
  };
}

function read(body: string | undefined): ImageDetails | undefined {
  if (body === undefined) return undefined;
  try {
    return stored.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}
