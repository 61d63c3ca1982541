// A small registry client of the tests' own: every request is written out, so that the wire is what is tested.
import { createHash } from 'node:crypto';
import { adminPassword } from '../../../src/sandbox/azure/registry/credentials.ts';
import { ask, loginServer, type Reply, type Running } from './stand-in.ts';

export const imageType = 'application/vnd.oci.image.manifest.v1+json';
export const indexType = 'application/vnd.oci.image.index.v1+json';
export const digestOf = (bytes: Buffer | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export interface RegistryClient {
  readonly host: string;
  call(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: Buffer | string },
  ): Promise<Reply>;
  /** Uploads in one go; gives the descriptor. */
  pushBlob(
    repository: string,
    text: string,
    mediaType?: string,
  ): Promise<{ mediaType: string; digest: string; size: number }>;
  pushManifest(repository: string, reference: string, manifest: object): Promise<Reply & { digest: string }>;
  /** An image of one layer; gives its digest. */
  pushImage(repository: string, tag: string, text: string, more?: object): Promise<string>;
}

/** The admin user of legacyhub, who may do anything there. */
export function asAdmin(running: Running): RegistryClient {
  const secret = Buffer.from(`legacyhub:${adminPassword('legacyhub')}`).toString('base64');
  return registryClient(loginServer(running, 'legacyhub'), `Basic ${secret}`);
}

export function registryClient(host: string, authorization?: string): RegistryClient {
  const call: RegistryClient['call'] = (method, path, options = {}) =>
    ask(`https://${host}${path}`, {
      method,
      headers: { ...(authorization === undefined ? {} : { authorization }), ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
    });
  const pushBlob: RegistryClient['pushBlob'] = async (
    repository,
    text,
    mediaType = 'application/octet-stream',
  ) => {
    const digest = digestOf(text);
    await call('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { body: text });
    return { mediaType, digest, size: Buffer.byteLength(text) };
  };
  const pushManifest: RegistryClient['pushManifest'] = async (repository, reference, manifest) => {
    const body = JSON.stringify(manifest);
    const type = 'manifests' in manifest ? indexType : imageType;
    const reply = await call('PUT', `/v2/${repository}/manifests/${reference}`, {
      headers: { 'content-type': type },
      body,
    });
    return { ...reply, digest: digestOf(body) };
  };
  return {
    host,
    call,
    pushBlob,
    pushManifest,
    pushImage: async (repository, tag, text, more = {}) => {
      const config = await pushBlob(
        repository,
        `{"architecture":"amd64","os":"linux","of":"${text}"}`,
        'application/vnd.oci.image.config.v1+json',
      );
      const layer = await pushBlob(repository, text);
      const image = { schemaVersion: 2, mediaType: imageType, config, layers: [layer], ...more };
      return (await pushManifest(repository, tag, image)).digest;
    },
  };
}
