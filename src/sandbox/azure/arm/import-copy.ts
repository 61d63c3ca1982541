// What an import copies: the manifest, an index's children, and their blobs. Not signatures, not SBOMs, not cosign's
// sibling tags, and not the locks of the source.
import { locked } from '../registry/errors.ts';
import { keepManifest, moveTag, type Place } from '../registry/manifests.ts';
import type { ManifestRecord, Store } from '../store.ts';

/** `tags` are REPOSITORY:TAG of the target, split. */
export interface ImportPlan {
  readonly source: Place;
  readonly digest: string;
  readonly target: string;
  readonly tags: readonly { readonly repository: string; readonly tag: string }[];
  readonly untagged: readonly string[];
  readonly force: boolean;
}

/** The manifest and all below it, children first; undefined where one is missing. */
export function graphOf(store: Store, place: Place, digest: string): readonly ManifestRecord[] | undefined {
  const root = store.manifests.get(place.registry, place.repository, digest);
  if (root === undefined) return undefined;
  const below = root.children.map((child) => graphOf(store, place, child));
  if (below.includes(undefined)) return undefined;
  return [...below.flatMap((part) => part ?? []), root];
}

/** The first target tag that exists already. */
export function existingTag(store: Store, plan: ImportPlan): string | undefined {
  const found = plan.tags.find((one) => store.tags.get(plan.target, one.repository, one.tag) !== undefined);
  return found === undefined ? undefined : `${found.repository}:${found.tag}`;
}

/** Copies, then tags; `tagDigest` is what the tags get (the import's digest unless a fault says otherwise). */
export function copy(store: Store, plan: ImportPlan, now: number, tagDigest: string = plan.digest): void {
  const graph = graphOf(store, plan.source, plan.digest);
  if (graph === undefined) throw new Error(`The source manifest ${plan.digest} is gone.`);
  store.transaction(() => {
    const repositories = new Set([...plan.tags.map((one) => one.repository), ...plan.untagged]);
    for (const repository of repositories) {
      const place = { registry: plan.target, repository };
      for (const record of graph) copyManifest(store, place, record, now);
    }
    for (const { repository, tag } of plan.tags) {
      const place = { registry: plan.target, repository };
      const before = store.tags.get(plan.target, repository, tag);
      if (before !== undefined && !before.flags.writeEnabled) throw locked();
      moveTag(store, place, tag, tagDigest, now);
    }
  });
}

/** A manifest that the target has already stays as it is, with its times and locks. */
function copyManifest(store: Store, place: Place, record: ManifestRecord, now: number): void {
  if (store.manifests.get(place.registry, place.repository, record.digest) !== undefined) return;
  keepManifest(store, place, store.content.read(record.digest), now);
}
