// The lists of a registry with their paging: `n` items after `last`, and a Link header while there are more.
import type { Answer } from '../answer.ts';
import type { ManifestRecord, Store } from '../store.ts';
import { mediaTypes } from './manifest-content.ts';
import { nameUnknown } from './errors.ts';
import type { Place } from './manifests.ts';
import { referrersOf } from './manifests.ts';
import { manifestBody, tagBody } from './attributes.ts';

/** The query values that lists understand. */
export interface Paging {
  readonly n?: string;
  readonly last?: string;
  readonly orderby?: string;
  readonly digest?: string;
}

const defaultPage = 100;

/** `_catalog` of both interfaces: names in order, without those whose listing is disabled. */
export function listRepositories(store: Store, registry: string, path: string, paging: Paging): Answer {
  const names = store.repositories
    .list(registry)
    .filter((record) => record.flags.listEnabled)
    .map((record) => record.name);
  const page = pageOf(names, (name) => name, path, paging);
  return { status: 200, headers: page.headers, body: { repositories: page.items } };
}

/** `/v2/NAME/tags/list`: names only. */
export function listTagNames(store: Store, place: Place, path: string, paging: Paging): Answer {
  refuseUnknown(store, place);
  const tags = store.tags.list(place.registry, place.repository).filter((tag) => tag.flags.listEnabled);
  const page = pageOf(tags, (tag) => tag.name, path, paging);
  return {
    status: 200,
    headers: page.headers,
    body: { name: place.repository, tags: page.items.map((tag) => tag.name) },
  };
}

/** `/acr/v1/NAME/_tags`: by name, or by `orderby=timeasc|timedesc`; `digest` keeps the tags on one manifest. */
export function listTags(store: Store, place: Place, host: string, path: string, paging: Paging): Answer {
  refuseUnknown(store, place);
  const tags = store.tags
    .list(place.registry, place.repository)
    .filter((tag) => tag.flags.listEnabled && (paging.digest === undefined || tag.digest === paging.digest));
  const page = pageOf(ordered(tags, paging.orderby), (tag) => tag.name, path, paging);
  return {
    status: 200,
    headers: page.headers,
    body: { registry: host, imageName: place.repository, tags: page.items.map(tagBody) },
  };
}

/** `/acr/v1/NAME/_manifests`, in order of digest or time. */
export function listManifests(
  store: Store,
  place: Place,
  host: string,
  path: string,
  paging: Paging,
): Answer {
  refuseUnknown(store, place);
  const records = store.manifests
    .list(place.registry, place.repository)
    .filter((one) => one.flags.listEnabled);
  const page = pageOf(ordered(records, paging.orderby), (one) => one.digest, path, paging);
  const tags = Map.groupBy(store.tags.list(place.registry, place.repository), (tag) => tag.digest);
  const manifests = page.items.map((record) =>
    manifestBody(store, place, record, tags.get(record.digest) ?? []),
  );
  return {
    status: 200,
    headers: page.headers,
    body: { registry: host, imageName: place.repository, manifests },
  };
}

/** The referrers of a digest as an OCI index; an unknown digest has none, as the specification wants. */
export function listReferrers(store: Store, place: Place, digest: string, artifactType?: string): Answer {
  const all = referrersOf(store, place, digest);
  const chosen = artifactType === undefined ? all : all.filter((one) => one.artifactType === artifactType);
  const body = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: chosen.map(descriptorOf) };
  const headers = {
    'Content-Type': mediaTypes.ociIndex,
    ...(artifactType === undefined ? {} : { 'OCI-Filters-Applied': 'artifactType' }),
  };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(body)) };
}

function descriptorOf(record: ManifestRecord): object {
  const { mediaType, digest, size, artifactType, annotations } = record;
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

function ordered<T extends { readonly updatedAt: number }>(
  items: readonly T[],
  orderby?: string,
): readonly T[] {
  if (orderby === 'timeasc') return items.toSorted((a, b) => a.updatedAt - b.updatedAt);
  if (orderby === 'timedesc') return items.toSorted((a, b) => b.updatedAt - a.updatedAt);
  return items;
}

function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  path: string,
  paging: Paging,
): { items: readonly T[]; headers: Record<string, string> } {
  const asked = Number(paging.n ?? defaultPage);
  const size = Number.isInteger(asked) && asked > 0 ? asked : defaultPage;
  const start = paging.last === undefined ? 0 : afterKey(items, keyOf, paging.last);
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  if (last === undefined || start + size >= items.length) return { items: page, headers: {} };
  const next = new URLSearchParams({ last: keyOf(last), n: String(size) });
  if (paging.orderby !== undefined) next.set('orderby', paging.orderby);
  if (paging.digest !== undefined) next.set('digest', paging.digest);
  return { items: page, headers: { Link: `<${path}?${next}>; rel="next"` } };
}

/** Index after the item named `last`; where that item is gone, after those that sort before it. */
function afterKey<T>(items: readonly T[], keyOf: (item: T) => string, last: string): number {
  const index = items.findIndex((item) => keyOf(item) === last);
  return index >= 0 ? index + 1 : items.filter((item) => keyOf(item) <= last).length;
}

function refuseUnknown(store: Store, place: Place): void {
  if (store.repositories.get(place.registry, '', place.repository) === undefined) {
    throw nameUnknown(place.repository);
  }
}
