// Puts the images of an estate into the registries, once: a second start finds the mark of the first and leaves all as
// it is, whatever people did to it since.
import { keepManifest, moveTag, type Place } from '../azure/registry/manifests.ts';
import { type Flags, type Store, unlocked } from '../azure/store.ts';
import { type ImageBytes, imageBytes } from './image-bytes.ts';
import type { Signer } from './notation.ts';
import { type Blanks, filled, timeOf } from './resolve.ts';
import type { Estate, EstateImage } from './schema.ts';

const defaultAge = '${ago:10d}';
const locked: Flags = { ...unlocked, deleteEnabled: false, writeEnabled: false };

export interface Seeding {
  /** Milliseconds since 1970; counts at the first start alone. */
  readonly now: number;
  readonly loginServerOf: Blanks['loginServerOf'];
  /** Makes the signer of sample images, where images are to be seeded. */
  readonly signer?: () => Signer;
}

/** Seeds the store where it never was, and gives what the blanks of the estate are filled from. */
export function seed(store: Store, estate: Estate, seeding: Seeding): Blanks {
  const before = store.seeded.get('', '', 'at');
  const blanks: Blanks = {
    seededAt: Number(before?.value ?? seeding.now),
    loginServerOf: seeding.loginServerOf,
    digestOf: (reference) => store.seeded.get('', 'digest', reference)?.value,
  };
  if (before !== undefined) return blanks;
  const bytesOf = builder(estate, blanks, seeding.signer?.());
  store.transaction(() => {
    for (const named of imagesOf(estate)) keepImage(store, bytesOf(named), blanks, named);
    store.seeded.put('', '', 'at', { value: String(seeding.now) });
  });
  return blanks;
}

function imagesOf(estate: Estate): readonly Named[] {
  return Object.entries(estate.images).flatMap(([registry, repositories]) =>
    Object.entries(repositories).flatMap(([repository, tags]) =>
      Object.entries(tags).map(([tag, image]) => ({ registry, repository, tag, image })),
    ),
  );
}

interface Named {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly image: EstateImage;
}

function keepImage(store: Store, bytes: ImageBytes, blanks: Blanks, named: Named): void {
  const place: Place = { registry: named.registry.toLowerCase(), repository: named.repository };
  const pushed = timeOf(named.image.pushed ?? defaultAge, blanks);
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

/** Builds each image once: its copies in other registries are the same bytes, signatures included. */
function builder(estate: Estate, blanks: Blanks, signer: Signer | undefined): (named: Named) => ImageBytes {
  const built = new Map<EstateImage, ImageBytes>();
  return (named) => {
    const source = sourceOf(estate, named);
    const before = built.get(source.image);
    if (before !== undefined) return before;
    const created = filled(source.image.created ?? source.image.pushed ?? defaultAge, blanks);
    const name = `${source.repository}:${source.tag}`;
    const bytes = imageBytes(filled(source.image, blanks), name, created, signer);
    built.set(source.image, bytes);
    return bytes;
  };
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
