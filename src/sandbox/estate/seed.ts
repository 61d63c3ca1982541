// Puts the images of an estate into the registries, once: a second start finds the mark of the first and leaves all as
// it is, whatever people did to it since.
import { keepManifest, moveTag, type Place } from '../azure/registry/manifests.ts';
import { type Flags, type Store, unlocked } from '../azure/store.ts';
import { type ImageBytes, imageBytes } from './image-bytes.ts';
import { type Blanks, filled, timeOf } from './resolve.ts';
import type { Estate, EstateImage } from './schema.ts';

const locked: Flags = { ...unlocked, deleteEnabled: false, writeEnabled: false };

/** Seeds the store where it never was, and gives what the blanks of the estate are filled from. */
export function seed(
  store: Store,
  estate: Estate,
  now: number,
  loginServerOf: Blanks['loginServerOf'],
): Blanks {
  const seededAt = Number(store.seeded.get('', '', 'at')?.value ?? now);
  const blanks: Blanks = {
    seededAt,
    loginServerOf,
    digestOf: (reference) => store.seeded.get('', 'digest', reference)?.value,
  };
  if (store.seeded.get('', '', 'at') === undefined) {
    store.transaction(() => {
      for (const [registry, repositories] of Object.entries(estate.images)) {
        for (const [repository, tags] of Object.entries(repositories)) {
          for (const [tag, image] of Object.entries(tags)) {
            keepImage(store, estate, blanks, { registry, repository, tag, image });
          }
        }
      }
      store.seeded.put('', '', 'at', { value: String(now) });
    });
  }
  return blanks;
}

interface Named {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly image: EstateImage;
}

function keepImage(store: Store, estate: Estate, blanks: Blanks, named: Named): void {
  const source = sourceOf(estate, named);
  const bytes = built(source, blanks);
  const place: Place = { registry: named.registry.toLowerCase(), repository: named.repository };
  const pushed = timeOf(named.image.pushed ?? source.image.pushed ?? '${ago:10d}', blanks);
  for (const blob of bytes.blobs) store.content.put(blob);
  const referrers = named.image.bare === true ? [] : bytes.referrers;
  const kept = [...bytes.manifests, ...referrers].map((manifest) =>
    keepManifest(store, place, manifest, pushed),
  );
  const tagged = moveTag(store, place, named.tag, bytes.digest, pushed);
  if (bytes.cosign !== undefined && named.image.bare !== true) {
    const signature = keepManifest(store, place, bytes.cosign.manifest, pushed);
    moveTag(store, place, bytes.cosign.tag, signature.digest, pushed);
  }
  if (named.image.locked !== undefined && named.image.locked !== false) {
    store.tags.put(place.registry, place.repository, named.tag, { ...tagged, flags: locked });
  }
  if (named.image.locked === true) {
    for (const record of kept) {
      store.manifests.put(place.registry, place.repository, record.digest, { ...record, flags: locked });
    }
  }
  const reference = `${named.registry}/${named.repository}:${named.tag}`;
  store.seeded.put('', 'digest', reference, { value: bytes.digest });
  for (const [platform, digest] of bytes.platforms) {
    store.seeded.put('', 'digest', `${reference}@${platform}`, { value: digest });
  }
}

function built(source: Named, blanks: Blanks): ImageBytes {
  const created = filled(source.image.created ?? source.image.pushed ?? '${ago:10d}', blanks);
  return imageBytes(filled(source.image, blanks), `${source.repository}:${source.tag}`, created);
}

/** The description that the bytes are made from: its own, or that of the image it is a copy of. */
function sourceOf(estate: Estate, named: Named): Named {
  const { copyOf } = named.image;
  if (copyOf === undefined) return named;
  const match = /^([^/]+)\/(.+):([^:]+)$/.exec(copyOf);
  const [, registry = '', repository = '', tag = ''] = match ?? [];
  const image = estate.images[registry]?.[repository]?.[tag];
  if (image === undefined || image.copyOf !== undefined) {
    throw new Error(
      `Invalid copyOf '${copyOf}' of ${named.registry}/${named.repository}:${named.tag}: no such image, or itself a copy.`,
    );
  }
  return { registry, repository, tag, image };
}
