// What an import does and refuses, and what a poll says of it.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type IdentityName,
  registryId,
  type RegistryName,
} from '../../../src/sandbox/estate/contoso/places.ts';
import { askArm, type Reply, type Running, startStandIn } from './stand-in.ts';

let running: Running;

beforeEach(async () => {
  running = await startStandIn({ importMs: 20 });
});
afterEach(() => running.stop());

const uat = registryId('contosouat');
const version = 'api-version=2025-11-01';

function stored(registry: RegistryName, repository: string) {
  const found = running.azure.inspect().find((one) => one.name === registry);
  return found?.repositories.find((one) => one.name === repository);
}

const tagged = (registry: RegistryName, repository: string, tag: string) =>
  stored(registry, repository)?.tags.find((one) => one.name === tag);

function start(target: RegistryName, body: object, as: IdentityName = 'importer-to-prod'): Promise<Reply> {
  return askArm(running, `${registryId(target)}/importImage?${version}`, { as, method: 'POST', body });
}

/** Polls until the operation has ended. */
async function ended(accepted: Reply): Promise<Reply> {
  const path = String(accepted.headers['location']).slice(running.azure.url.length);
  for (let round = 0; round < 100; round += 1) {
    const reply = await askArm(running, path);
    if (reply.status !== 202) return reply;
    await pause(10);
  }
  throw new Error('the import did not end');
}

const web = (tag: string, more: object = {}) => ({
  source: { resourceId: uat, sourceImage: `shop/web@${tagged('contosouat', 'shop/web', tag)?.digest}` },
  targetTags: [`shop/web:${tag}`],
  mode: 'NoForce',
  ...more,
});

describe('an import', () => {
  it('answers 202 with a Location, then 202 while it runs, then 200 without a body', async () => {
    const accepted = await start('contosoprod', web('v1.4.2'));
    const end = await ended(accepted);

    expect([accepted.status, accepted.text]).toEqual([202, '']);
    expect(accepted.headers['location']).toMatch(
      /\/locations\/westeurope\/operationResults\/operationStatuses\/registries-[0-9a-f-]{36}\?api-version=/,
    );
    expect([end.status, end.text]).toEqual([200, '']);
  });

  it('of a locked image does not bring its locks along', async () => {
    const digest = tagged('contosoprod', 'base/node', 'v2026.11')?.digest;
    const source = { resourceId: registryId('contosoprod'), sourceImage: `base/node@${digest}` };

    await ended(await start('devpay', { source, targetTags: ['base/copy:v1'] }, 'mirror-base'));

    const copy = tagged('devpay', 'base/copy', 'v1');
    const manifest = stored('devpay', 'base/copy')?.manifests.find((one) => one.digest === digest);
    expect([copy?.attributes.writeEnabled, manifest?.attributes.deleteEnabled]).toEqual([true, true]);
  });

  it('brings a referrer into an untagged repository when it is asked for it by digest', async () => {
    await ended(await start('contosoprod', web('v1.4.2')));
    const root = tagged('contosouat', 'shop/web', 'v1.4.2')?.digest;
    const signature = stored('contosouat', 'shop/web')?.manifests.find(
      (one) => one.subject === root && one.artifactType === 'application/vnd.cncf.notary.signature',
    );
    const source = { resourceId: uat, sourceImage: `shop/web@${signature?.digest}` };

    await ended(await start('contosoprod', { source, untaggedTargetRepositories: ['shop/web'] }));

    const kept = stored('contosoprod', 'shop/web')?.manifests.find((one) => one.digest === signature?.digest);
    expect(kept).toMatchObject({ subject: root, tags: [] });
  });

  it('is found by ids in any case and with a doubled slash', async () => {
    const path = `/${registryId('contosoprod').toUpperCase()}/importImage?${version}`;
    const body = web('v1.4.2', { source: { ...web('v1.4.2').source, resourceId: uat.toUpperCase() } });

    const reply = await askArm(running, path, { as: 'importer-to-prod', method: 'POST', body });

    expect(reply.status).toBe(202);
  });
});

describe('an existing target tag', () => {
  it('is a conflict before anything is copied', async () => {
    const before = JSON.stringify(stored('contosoprod', 'shop/web'));

    const reply = await start('contosoprod', web('v1.4.0'));

    expect([reply.status, reply.json.error.code]).toEqual([409, 'TagAlreadyExists']);
    expect(JSON.stringify(stored('contosoprod', 'shop/web'))).toBe(before);
    expect(running.azure.counters()['import started contosoprod']).toBeUndefined();
  });

  it('can be refused with another code, as nobody has measured the true one', async () => {
    running = await running.restart({ importConflict: { status: 400, code: 'InvalidTargetTag' } });

    const reply = await start('contosoprod', web('v1.4.0'));

    expect([reply.status, reply.json.error.code]).toEqual([400, 'InvalidTargetTag']);
  });

  it('is moved by Force where it is free', async () => {
    const body = web('v1.4.2', { targetTags: ['shop/hotfix:v1.0.1'], mode: 'Force' });

    await ended(await start('contosoprod', body));

    expect(tagged('contosoprod', 'shop/hotfix', 'v1.0.1')?.digest).toBe(
      tagged('contosouat', 'shop/web', 'v1.4.2')?.digest,
    );
  });

  it('is not moved by Force where it is locked, and the poll says Failed with 200', async () => {
    const before = tagged('contosoprod', 'shop/web', 'v1.4.0')?.digest;
    const body = web('v1.4.2', { targetTags: ['shop/web:v1.4.0'], mode: 'Force' });

    const end = await ended(await start('contosoprod', body));

    expect([end.status, end.json.status]).toEqual([200, 'Failed']);
    expect(tagged('contosoprod', 'shop/web', 'v1.4.0')?.digest).toBe(before);
  });

  it('that appears while an import runs fails the import', async () => {
    running = await running.restart({ importMs: 200 });
    const accepted = await start('contosoprod', web('v1.4.2'));
    const digest = running.azure.pushSample('contosoprod', 'shop/web', 'v1.4.2');

    const end = await ended(accepted);

    expect(end.json.status).toBe('Failed');
    expect(tagged('contosoprod', 'shop/web', 'v1.4.2')?.digest).toBe(digest);
  });
});

describe('an import is refused', () => {
  it('to who has no right on the target, or none on the source', async () => {
    const target = await start('contosoprod', web('v1.4.2'), 'importer-to-uat');
    const source = await start(
      'contosouat',
      { source: { resourceId: registryId('devshop'), sourceImage: 'shop/web:v1.4.2' }, targetTags: ['x:y'] },
      'importer-to-uat',
    );

    expect([target.status, target.json.error.code]).toEqual([403, 'AuthorizationFailed']);
    expect(target.json.error.message).toContain('importImage/action');
    expect([source.status, source.json.error.message.includes('devshop')]).toEqual([403, true]);
  });

  it('of what the source does not have, and of what says nothing', async () => {
    const missing = await start('contosoprod', {
      source: { resourceId: uat, sourceImage: 'shop/web:v9' },
      targetTags: ['a:b'],
    });
    const nowhere = await start('contosoprod', {
      source: { resourceId: uat, sourceImage: 'shop/web:v1.4.2' },
    });
    const malformed = await start('contosoprod', { source: { sourceImage: 5 } });

    expect([missing.status, nowhere.status, malformed.status]).toEqual([404, 400, 400]);
  });
});
