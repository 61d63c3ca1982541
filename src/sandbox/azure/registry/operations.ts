// The operations of a registry by route and method, once the request is known to be allowed.
import type { Request } from 'express';
import type { Answer } from '../answer.ts';
import { isDigest } from '../content.ts';
import type { Faults } from '../faults.ts';
import type { Store } from '../store.ts';
import type { RegistryEntry } from '../tables.ts';
import type { Webhooks } from '../webhooks.ts';
import {
  type AttributesOf,
  type FlagChanges,
  manifestAttributes,
  readChanges,
  repositoryAttributes,
  tagAttributes,
} from './attributes.ts';
import {
  appendChunk,
  cancelUpload,
  deleteBlob,
  finishUpload,
  readBlob,
  startUpload,
  uploadStatus,
} from './blobs.ts';
import { RegistryError } from './errors.ts';
import {
  listManifests,
  listReferrers,
  listRepositories,
  listTagNames,
  listTags,
  type Paging,
} from './listing.ts';
import {
  deleteManifest,
  deleteRepository,
  deleteTag,
  findManifest,
  type Place,
  pushManifest,
} from './manifests.ts';
import type { Route } from './route.ts';
import { linkToStorage } from './storage.ts';

export interface Operation {
  readonly route: Route;
  readonly request: Request;
  readonly bytes: Buffer;
  /** Whether the caller's token covers reading another repository, as a mount needs. */
  readonly mayPull: (repository: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface Host {
  readonly registry: RegistryEntry;
  readonly store: Store;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  /** Whether blobs are kept on another host. */
  readonly blobsElsewhere: boolean;
}

/** Does what the route says; throws RegistryError for every refusal. */
export function operate(host: Host, operation: Operation): Answer {
  const { route, request } = operation;
  const { loginServer, name } = host.registry;
  const registry = name.toLowerCase();
  const paging: Paging = queryTexts(request, ['n', 'last', 'orderby', 'digest']);
  if (route.kind === 'ping') return { status: 200, body: {} };
  if (route.kind === 'catalog') return listRepositories(host.store, registry, request.path, paging);
  const place = { registry, repository: route.repository };
  const of = { store: host.store, place, host: loginServer };
  switch (route.kind) {
    case 'manifest':
      return manifest(host, place, route.reference, operation);
    case 'blob':
      if (request.method === 'DELETE') return deleteBlob(host.store, place, route.digest);
      if (host.blobsElsewhere && request.method === 'GET')
        return linkToStorage(loginServer, place, route.digest, operation.now);
      return readBlob(host.store, place, route.digest, request.headers.range);
    case 'upload-start':
      return newUpload(host.store, place, operation);
    case 'upload':
      return upload(host.store, place, route.upload, operation);
    case 'tag-names':
      return listTagNames(host.store, place, request.path, paging);
    case 'referrers':
      return listReferrers(
        host.store,
        place,
        route.digest,
        queryTexts(request, ['artifactType']).artifactType,
      );
    case 'tags':
      return listTags(host.store, place, loginServer, request.path, paging);
    case 'manifests':
      return listManifests(host.store, place, loginServer, request.path, paging);
    case 'repository':
    case 'tag':
    case 'manifest-attributes':
      return attributes(host, of, route, operation);
  }
}

type AttributeRoute = Extract<Route, { kind: 'repository' | 'tag' | 'manifest-attributes' }>;

function attributes(host: Host, of: AttributesOf, route: AttributeRoute, operation: Operation): Answer {
  const { method } = operation.request;
  if (method === 'DELETE') return removal(host, of, route);
  const change = method === 'PATCH' ? readChanges(operation.bytes) : undefined;
  refuseFaultyLock(host.faults, change);
  switch (route.kind) {
    case 'repository':
      return repositoryAttributes(of, change);
    case 'tag':
      return tagAttributes(of, route.tag, change);
    case 'manifest-attributes':
      return manifestAttributes(of, route.digest, change);
  }
}

/** A deleted tag is told to nobody: ACR has no event for it. */
function removal({ webhooks }: Host, of: AttributesOf, route: AttributeRoute): Answer {
  switch (route.kind) {
    case 'repository': {
      const body = deleteRepository(of.store, of.place);
      webhooks.deleted(of.place.registry, of.place.repository);
      return { status: 202, body };
    }
    case 'tag':
      deleteTag(of.store, of.place, route.tag);
      return { status: 202 };
    case 'manifest-attributes':
      throw methodNotAllowed('DELETE');
  }
}

function manifest({ store, webhooks }: Host, place: Place, reference: string, operation: Operation): Answer {
  const { request, bytes, now } = operation;
  const { registry, repository } = place;
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readManifestOf(store, place, reference, request.headers.accept);
    case 'PUT': {
      const record = pushManifest(store, place, {
        reference,
        contentType: request.headers['content-type'],
        bytes,
        now,
      });
      webhooks.pushed(registry, repository, record.digest, isDigest(reference) ? undefined : reference);
      const location = `/v2/${repository}/manifests/${record.digest}`;
      const subject = record.subject === undefined ? {} : { 'OCI-Subject': record.subject };
      return {
        status: 201,
        headers: { Location: location, 'Docker-Content-Digest': record.digest, ...subject },
      };
    }
    case 'DELETE':
      if (isDigest(reference)) {
        deleteManifest(store, place, reference);
        webhooks.deleted(registry, repository, reference);
      } else deleteTag(store, place, reference);
      return { status: 202 };
    default:
      throw methodNotAllowed(request.method);
  }
}

function readManifestOf(store: Store, place: Place, reference: string, accept: string | undefined): Answer {
  const record = findManifest(store, place, reference);
  // ACR hides a manifest from a client that does not accept its media type.
  if (accept !== undefined && !accept.includes('*/*') && !accept.includes(record.mediaType)) {
    throw new RegistryError(
      404,
      'MANIFEST_UNKNOWN',
      `manifest found of ${record.mediaType}, but the Accept header does not support it`,
    );
  }
  return {
    status: 200,
    headers: { 'Content-Type': record.mediaType, 'Docker-Content-Digest': record.digest },
    body: store.content.read(record.digest),
  };
}

/** A mount from where the caller may not read becomes a plain upload, as the specification allows. */
function newUpload(store: Store, place: Place, operation: Operation): Answer {
  const { digest, mount, from } = queryTexts(operation.request, ['digest', 'mount', 'from']);
  const mayMount = mount !== undefined && from !== undefined && operation.mayPull(from);
  return startUpload(store, place, {
    ...(digest === undefined ? {} : { digest }),
    ...(mayMount ? { mount, from } : {}),
    bytes: operation.bytes,
    now: operation.now,
  });
}

function upload(store: Store, place: Place, id: string, operation: Operation): Answer {
  const { request, bytes, now } = operation;
  switch (request.method) {
    case 'GET':
      return uploadStatus(store, place, id);
    case 'PATCH': {
      const contentRange = request.headers['content-range'];
      return appendChunk(store, place, id, {
        bytes,
        ...(contentRange === undefined ? {} : { contentRange }),
      });
    }
    case 'PUT':
      return finishUpload(store, place, id, {
        digest: queryTexts(request, ['digest']).digest ?? '',
        bytes,
        now,
      });
    case 'DELETE':
      return cancelUpload(store, id);
    default:
      throw methodNotAllowed(request.method);
  }
}

function refuseFaultyLock(faults: Faults, change: FlagChanges | undefined): void {
  const isLock = change !== undefined && Object.values(change).includes(false);
  if (isLock && faults.strikes('lock-refused')) {
    throw new RegistryError(403, 'DENIED', 'requested access to the resource is denied');
  }
}

function queryTexts<Name extends string>(
  request: Request,
  names: readonly Name[],
): { [key in Name]?: string } {
  const texts: { [key in Name]?: string } = {};
  for (const name of names) {
    const value = request.query[name];
    if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}

const methodNotAllowed = (method: string): RegistryError =>
  new RegistryError(405, 'UNSUPPORTED', `the method ${method} is not supported here`);
