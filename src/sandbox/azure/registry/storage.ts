// Where a registry of Azure keeps its blobs: a storage account on another host, to which it sends whoever asks for one, with a
// link that is good for a while. The link is the credential; a registry's token is refused there.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Answer } from '../answer.ts';
import type { Store } from '../store.ts';
import { readBlob } from './blobs.ts';
import { RegistryError } from './errors.ts';
import type { Place } from './manifests.ts';

const key = randomBytes(32);
const goodFor = 10 * 60_000;
const path = '/storage';

/** 307 to the blob. `127.0.0.1` is another origin than `localhost`, as the storage account is. */
export function linkToStorage(loginServer: string, place: Place, digest: string, now: number): Answer {
  const query = new URLSearchParams({
    repository: place.repository,
    digest,
    until: String(now + goodFor),
  });
  query.set('sig', signatureOf(place.registry, query));
  const host = loginServer.replace('localhost', '127.0.0.1');
  return { status: 307, headers: { Location: `https://${host}${path}?${query.toString()}` } };
}

export const isStorage = (request: Request): boolean => request.path === path;

/** The blob of a link; 403 for one that was changed, is too old, or comes with a token. */
export function readStorage(store: Store, registry: string, request: Request, now: number): Answer {
  const query = new URLSearchParams(request.originalUrl.split('?')[1]);
  const given = Buffer.from(query.get('sig') ?? '');
  query.delete('sig');
  const signature = Buffer.from(signatureOf(registry, query));
  const isGood = given.length === signature.length && timingSafeEqual(given, signature);
  if (!isGood || Number(query.get('until')) < now || request.headers.authorization !== undefined)
    throw new RegistryError(403, 'AuthenticationFailed', 'the server failed to authenticate the request');
  const place = { registry, repository: query.get('repository') ?? '' };
  return readBlob(store, place, query.get('digest') ?? '', request.headers.range);
}

const signatureOf = (registry: string, query: URLSearchParams): string =>
  createHmac('sha256', key).update(`${registry} ${query.toString()}`).digest('hex');
