// A fresh image pushed behind everybody's back, as a developer's build would: to watch what notices it.
import { randomUUID } from 'node:crypto';
import { imageBytes } from '../estate/image-bytes.ts';
import { keepManifest, moveTag, refuseLocked } from './registry/manifests.ts';
import type { Store } from './store.ts';

/** Pushes and gives the digest; a locked tag refuses it with RegistryError 405, as it refuses any push. */
export function pushSampleImage(
  store: Store,
  registry: string,
  repository: string,
  tag: string,
  now: Date,
): string {
  const place = { registry: registry.toLowerCase(), repository };
  const revision = randomUUID().replaceAll('-', '');
  const created = now.toISOString();
  const labels = {
    'org.opencontainers.image.revision': revision,
    'org.opencontainers.image.source': `https://git.contoso.example/${repository}`,
    'org.opencontainers.image.created': created,
  };
  const image = imageBytes({ labels, layers: [{ size: 700 }, { size: 300 }] }, `sample ${revision}`, created);
  refuseLocked(store, place, tag, image.digest);
  return store.transaction(() => {
    for (const blob of image.blobs) store.content.put(blob);
    for (const manifest of image.manifests) keepManifest(store, place, manifest, now.getTime());
    return moveTag(store, place, tag, image.digest, now.getTime()).digest;
  });
}
