// Locks that really block: each flag alone, and what it does not guard.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAdmin, indexType, type RegistryClient } from './registry-client.ts';
import { type Running, startStandIn } from './stand-in.ts';

let running: Running;
let admin: RegistryClient;

beforeAll(async () => {
  running = await startStandIn();
  admin = asAdmin(running);
});
afterAll(() => running.stop());

const patch = (path: string, flags: object) =>
  admin.call('PATCH', `/acr/v1/${path}`, { body: JSON.stringify(flags) });
const stored = (repository: string) =>
  running.azure
    .inspect()
    .find((one) => one.name === 'legacyhub')
    ?.repositories.find((one) => one.name === repository);

describe('a locked tag', () => {
  it('cannot be moved and cannot be deleted', async () => {
    const digest = await admin.pushImage('lock/tag', 'v1', 'one');
    await patch('lock/tag/_tags/v1', { writeEnabled: false, deleteEnabled: false });

    await admin.pushImage('lock/tag', 'v1', 'two');
    const removal = await admin.call('DELETE', '/acr/v1/lock/tag/_tags/v1');

    expect([removal.status, removal.json.errors[0].code]).toEqual([405, 'UNSUPPORTED']);
    expect(stored('lock/tag')?.tags.map((tag) => [tag.name, tag.digest])).toEqual([['v1', digest]]);
  });

  it('leaves its manifest deletable by digest', async () => {
    const digest = await admin.pushImage('lock/loose', 'v1', 'loose');
    await patch('lock/loose/_tags/v1', { writeEnabled: false, deleteEnabled: false });

    const removal = await admin.call('DELETE', `/v2/lock/loose/manifests/${digest}`);

    expect(removal.status).toBe(202);
    expect(stored('lock/loose')?.tags).toEqual([]);
  });
});

describe('a locked manifest', () => {
  it('cannot be deleted by digest, and saves its repository', async () => {
    const digest = await admin.pushImage('lock/manifest', 'v1', 'kept');
    await patch(`lock/manifest/_manifests/${digest}`, { deleteEnabled: false });

    const one = await admin.call('DELETE', `/v2/lock/manifest/manifests/${digest}`);
    const all = await admin.call('DELETE', '/acr/v1/lock/manifest');

    expect([one.status, all.status]).toEqual([405, 405]);
    expect(stored('lock/manifest')?.manifests.map((manifest) => manifest.digest)).toEqual([digest]);
  });

  it('that is an index leaves its children deletable', async () => {
    const child = await admin.pushImage('lock/index', 'child', 'child');
    const index = await admin.pushManifest('lock/index', 'v1', {
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: child, size: 1 }],
    });
    await patch(`lock/index/_manifests/${index.digest}`, { deleteEnabled: false, writeEnabled: false });

    const removal = await admin.call('DELETE', `/v2/lock/index/manifests/${child}`);

    expect(removal.status).toBe(202);
    expect(stored('lock/index')?.manifests.map((manifest) => manifest.digest)).toEqual([index.digest]);
  });
});

describe('a flag', () => {
  it('of listing hides a tag, and of reading refuses the pull', async () => {
    await admin.pushImage('lock/hidden', 'v1', 'hidden');
    await patch('lock/hidden/_tags/v1', { listEnabled: false, readEnabled: false });

    const list = await admin.call('GET', '/v2/lock/hidden/tags/list');
    const pull = await admin.call('GET', '/v2/lock/hidden/manifests/v1');

    expect(list.json.tags).toEqual([]);
    expect(pull.status).toBe(405);
  });

  it('of a repository stops every push into it', async () => {
    await admin.pushImage('lock/repo', 'v1', 'first');
    await patch('lock/repo', { writeEnabled: false });

    const upload = await admin.call('POST', '/v2/lock/repo/blobs/uploads/');
    await admin.pushImage('lock/repo', 'v2', 'second');

    expect(upload.status).toBe(405);
    expect(stored('lock/repo')?.tags.map((tag) => tag.name)).toEqual(['v1']);
  });

  it('can be taken back, and then everything goes', async () => {
    await admin.pushImage('lock/freed', 'v1', 'freed');
    await patch('lock/freed/_tags/v1', { deleteEnabled: false });
    await patch('lock/freed/_tags/v1', { deleteEnabled: true });

    const removal = await admin.call('DELETE', '/acr/v1/lock/freed');

    expect([removal.status, removal.json.tagsDeleted]).toEqual([202, ['v1']]);
    expect(stored('lock/freed')).toBeUndefined();
  });

  it('is refused where the body is none of the four', async () => {
    const reply = await patch('crm/web/_tags/v3.2.1', { writeEnabled: 'no' });

    expect(reply.status).toBe(400);
  });
});

describe('a push behind everybody', () => {
  it('is refused by a locked tag too', () => {
    expect(() => running.azure.pushSample('contosoprod', 'shop/web', 'v1.4.0')).toThrow(/disallowed/);
  });

  it('moves a tag that is free', () => {
    const digest = running.azure.pushSample('contosouat', 'shop/web', 'v1.4.2');

    const uat = running.azure.inspect().find((one) => one.name === 'contosouat');
    const tags = uat?.repositories.find((one) => one.name === 'shop/web')?.tags;
    expect(tags?.find((tag) => tag.name === 'v1.4.2')?.digest).toBe(digest);
  });
});
