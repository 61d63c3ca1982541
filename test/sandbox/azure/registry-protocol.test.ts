// The distribution protocol and ACR's own interface, request by request.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asAdmin,
  digestOf,
  imageType,
  indexType,
  type RegistryClient,
  registryClient,
} from './registry-client.ts';
import { loginServer, type Running, startStandIn } from './stand-in.ts';

let running: Running;
let admin: RegistryClient;

beforeAll(async () => {
  running = await startStandIn();
  admin = asAdmin(running);
});
afterAll(() => running.stop());

describe('a challenge', () => {
  it('names the realm, the service and the scope that is missing', async () => {
    const host = loginServer(running, 'devshop');

    const reply = await registryClient(host).call('GET', '/v2/shop/web/manifests/v1.4.2');

    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toBe(
      `Bearer realm="https://${host}/oauth2/token",service="${host}",scope="repository:shop/web:pull"`,
    );
    expect(reply.json.errors[0].code).toBe('UNAUTHORIZED');
  });

  it('of the ping names no scope', async () => {
    const reply = await registryClient(loginServer(running, 'devshop')).call('GET', '/v2/');

    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).not.toContain('scope=');
  });
});

describe('a blob', () => {
  it('is uploaded in chunks and read back whole and in part', async () => {
    const start = await admin.call('POST', '/v2/raw/one/blobs/uploads/');
    const first = await admin.call('PATCH', String(start.headers['location']), {
      body: 'hello ',
      headers: { 'content-range': '0-5' },
    });
    const end = await admin.call(
      'PUT',
      `${String(first.headers['location'])}?digest=${digestOf('hello world')}`,
      { body: 'world' },
    );

    const whole = await admin.call('GET', String(end.headers['location']));
    const part = await admin.call('GET', String(end.headers['location']), {
      headers: { range: 'bytes=6-8' },
    });
    const head = await admin.call('HEAD', String(end.headers['location']));

    expect([start.status, first.status, end.status]).toEqual([202, 202, 201]);
    expect(first.headers['range']).toBe('0-5');
    expect(whole.text).toBe('hello world');
    expect([part.status, part.text, part.headers['content-range']]).toEqual([206, 'wor', 'bytes 6-8/11']);
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '11', '']);
  });

  it('is refused where the digest is not that of its bytes', async () => {
    const reply = await admin.call('POST', `/v2/raw/one/blobs/uploads/?digest=${digestOf('other')}`, {
      body: 'bytes',
    });

    expect([reply.status, reply.json.errors[0].code]).toEqual([400, 'DIGEST_INVALID']);
  });

  it('is refused where a chunk does not start where the last one ended', async () => {
    const start = await admin.call('POST', '/v2/raw/one/blobs/uploads/');

    const reply = await admin.call('PATCH', String(start.headers['location']), {
      body: 'x',
      headers: { 'content-range': '5-5' },
    });

    expect(reply.status).toBe(416);
  });

  it('belongs to its repository until it is mounted into another', async () => {
    const blob = await admin.pushBlob('raw/one', 'mounted');

    const before = await admin.call('HEAD', `/v2/raw/two/blobs/${blob.digest}`);
    const mount = await admin.call('POST', `/v2/raw/two/blobs/uploads/?mount=${blob.digest}&from=raw/one`);
    const after = await admin.call('HEAD', `/v2/raw/two/blobs/${blob.digest}`);

    expect([before.status, mount.status, after.status]).toEqual([404, 201, 200]);
  });

  it('keeps an upload that is under way over a restart', async () => {
    const start = await admin.call('POST', '/v2/raw/one/blobs/uploads/');
    await admin.call('PATCH', String(start.headers['location']), { body: 'half ' });
    running = await running.restart();
    admin = asAdmin(running);

    const end = await admin.call(
      'PUT',
      `${String(start.headers['location'])}?digest=${digestOf('half done')}`,
      { body: 'done' },
    );

    expect(end.status).toBe(201);
  });
});

describe('a manifest', () => {
  it('is refused where a layer is missing, and accepted once it is there', async () => {
    const config = await admin.pushBlob('raw/img', '{}');
    const layer = { mediaType: 'application/octet-stream', digest: digestOf('late'), size: 4 };
    const image = { schemaVersion: 2, mediaType: imageType, config, layers: [layer] };

    const early = await admin.pushManifest('raw/img', 'v1', image);
    await admin.pushBlob('raw/img', 'late');
    const late = await admin.pushManifest('raw/img', 'v1', image);

    expect([early.status, early.json.errors[0].code]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN']);
    expect([late.status, late.headers['docker-content-digest']]).toEqual([201, late.digest]);
  });

  it('is refused under a digest that is not its own, and where it is no manifest', async () => {
    const image = { schemaVersion: 2, mediaType: imageType, layers: [] };

    const wrong = await admin.pushManifest('raw/img', digestOf('something'), image);
    const none = await admin.call('PUT', '/v2/raw/img/manifests/v2', {
      headers: { 'content-type': imageType },
      body: 'no json',
    });

    expect([wrong.status, wrong.json.errors[0].code]).toEqual([400, 'DIGEST_INVALID']);
    expect([none.status, none.json.errors[0].code]).toEqual([400, 'MANIFEST_INVALID']);
  });

  it('is hidden from a client that does not accept its media type', async () => {
    await admin.pushImage('raw/img', 'v3', 'accept');

    const docker = await admin.call('GET', '/v2/raw/img/manifests/v3', {
      headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
    });
    const oci = await admin.call('GET', '/v2/raw/img/manifests/v3', { headers: { accept: imageType } });

    expect([docker.status, docker.json.errors[0].code]).toEqual([404, 'MANIFEST_UNKNOWN']);
    expect([oci.status, oci.headers['content-type']]).toEqual([200, imageType]);
  });

  it('is found as a referrer of its subject, by artifact type too', async () => {
    const subject = await admin.pushImage('raw/img', 'v4', 'subject');
    const more = {
      artifactType: 'application/x-note',
      subject: { mediaType: imageType, digest: subject, size: 1 },
    };
    const note = await admin.pushImage('raw/img', 'note', 'a note', more);

    const all = await admin.call('GET', `/v2/raw/img/referrers/${subject}`);
    const some = await admin.call('GET', `/v2/raw/img/referrers/${subject}?artifactType=application/x-other`);

    expect(all.headers['content-type']).toBe(indexType);
    expect(all.json.manifests.map((one: { digest: string }) => one.digest)).toEqual([note]);
    expect([some.json.manifests, some.headers['oci-filters-applied']]).toEqual([[], 'artifactType']);
  });
});

describe('lists', () => {
  it('page by n and last, with a Link to the rest', async () => {
    const all: string[] = [];
    let path = '/v2/_catalog?n=2';
    for (let rounds = 0; rounds < 10 && path !== ''; rounds += 1) {
      const reply = await admin.call('GET', path);
      all.push(...reply.json.repositories);
      path = /^<([^>]+)>; rel="next"$/.exec(String(reply.headers['link']))?.[1] ?? '';
    }

    const acr = await admin.call('GET', '/acr/v1/_catalog');
    expect(all).toEqual(acr.json.repositories);
    expect(all.length).toBeGreaterThan(4);
  });

  it('understand a repository name plain and percent-encoded', async () => {
    const plain = await admin.call('GET', '/acr/v1/crm/web/_tags');
    const encoded = await admin.call('GET', '/acr/v1/crm%2Fweb/_tags');

    expect(plain.json.tags.map((tag: { name: string }) => tag.name)).toEqual(['v3.2.1']);
    expect(encoded.json).toEqual(plain.json);
  });

  it('keep the tags of one digest, and order by time', async () => {
    const first = await admin.pushImage('raw/list', 'b', 'one');
    await admin.pushImage('raw/list', 'a', 'two');

    const byDigest = await admin.call('GET', `/acr/v1/raw/list/_tags?digest=${first}`);
    const byTime = await admin.call('GET', '/acr/v1/raw/list/_tags?orderby=timeasc');
    const names = await admin.call('GET', '/v2/raw/list/tags/list');

    expect(byDigest.json.tags.map((tag: { name: string }) => tag.name)).toEqual(['b']);
    expect(byTime.json.tags.map((tag: { name: string }) => tag.name)).toEqual(['b', 'a']);
    expect(names.json).toEqual({ name: 'raw/list', tags: ['a', 'b'] });
  });

  it('answer 404 for what is not there', async () => {
    const paths = [
      '/v2/nothing/tags/list',
      '/acr/v1/nothing/_tags',
      '/acr/v1/crm/web/_tags/v0',
      '/v2/crm/web/manifests/v0',
      '/v9/other',
    ];

    const replies = await Promise.all(paths.map((path) => admin.call('GET', path)));

    expect(replies.map((reply) => [reply.status, reply.json.errors[0].code])).toEqual([
      [404, 'NAME_UNKNOWN'],
      [404, 'NAME_UNKNOWN'],
      [404, 'TAG_UNKNOWN'],
      [404, 'MANIFEST_UNKNOWN'],
      [404, 'UNSUPPORTED'],
    ]);
  });
});
