// Stories of what registries tell: pushed past the product, imported by it, built by the CI, pushed to where an edge asks
// by itself.
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { adminPassword } from '../../src/sandbox/azure/registry/credentials.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { registryId } from '../../src/sandbox/estate/contoso/places.ts';
import { type EventsWorld, createEventsWorld } from '../events/events-world.ts';
import { refreshToken } from '../sandbox/azure/stand-in.ts';
import { inspect } from '../world.ts';

const text = (cards: readonly Card[]): string => JSON.stringify(cards);
const skopeo = '/usr/bin/skopeo';
const isThere = existsSync(skopeo);
if (!isThere) console.log(`skipped: no ${skopeo}`);

/** The bundled estate, in which the admin user of production is on: whoever has its password pushes past everything. */
function withAdminUser(): ReturnType<typeof contosoEstate> {
  const estate = contosoEstate();
  const resources = (estate.tables['resources'] ?? []).map((row) =>
    row['id'] === registryId('contosoprod')
      ? { ...row, properties: { ...(row['properties'] as object), adminUserEnabled: true } }
      : row,
  );
  return { ...estate, tables: { ...estate.tables, resources } };
}

describe('what happens in production', () => {
  let world: EventsWorld;
  const hostOf = (name: string) =>
    world.azure.registries().find((each) => each.name === name)?.loginServer ?? '';
  beforeAll(async () => {
    world = await createEventsWorld({ azure: { estate: withAdminUser() } });
  });
  afterAll(() => world.close());

  it('past the product is alarmed in both chats, once, with what was pushed where', async () => {
    const digest = world.azure.pushSample('contosoprod', 'shop/web', 'v6.6.6');
    await expect.poll(() => world.alarms('teams').length, { timeout: 10_000 }).toBe(1);

    expect(world.alarms()).toHaveLength(1);
    expect(text(world.alarms())).toContain('shop/web:v6.6.6');
    expect(text(world.alarms())).toContain(digest);
    const [row] = await world.product.doors.ledger.auditRows({ subject: 'prod/shop/web' });
    expect(row).toMatchObject({ action: 'unexplained-push', facts: { digest } });
  });

  it('by a promotion is no alarm, but the same image under another tag is', async () => {
    const before = world.alarms().length;
    const request = await world.ask();
    await world.click(world.as('release-approver', 'slack'), 'approve', request);
    await world.until(request.id, 'promoted');
    await world.quiet();
    expect(world.alarms()).toHaveLength(before);

    const { digest } = request.evidence!;
    const body = {
      id: 'retagged',
      timestamp: new Date().toISOString(),
      action: 'push',
      target: { repository: 'shop/web', digest, tag: 'v9.9.9' },
      request: { host: hostOf('contosoprod') },
    };
    const headers = { 'x-acr-warden-secret': 'a-secret-of-the-registries' };
    const sent = await fetch(world.address, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(sent.status).toBe(200);
    await expect.poll(() => world.alarms().length).toBe(before + 1);
  });

  it('in a repository of the CI is alarmed while others can write there too, and says so', async () => {
    const before = world.alarms().length;
    world.azure.pushSample('contosoprodus', 'base/node', 'v22.0.1');
    await expect.poll(() => world.alarms().length, { timeout: 10_000 }).toBe(before + 1);

    expect(text(world.alarms())).toMatch(/TEN-01 is (fail|unknown)/);
  });

  it('by a deletion is alarmed', async () => {
    const before = world.alarms().length;
    const host = hostOf('contosoprod');
    const held = inspect(world.azure, 'contosoprod', 'shop/web').tags.find((each) => each.name === 'v6.6.6');
    const body = {
      id: 'deleted',
      timestamp: new Date().toISOString(),
      action: 'delete',
      target: { repository: 'shop/web', digest: held?.digest },
      request: { host },
    };
    const headers = { 'x-acr-warden-secret': 'a-secret-of-the-registries' };
    for (let i = 0; i < 3; i++)
      await fetch(world.address, { method: 'POST', headers, body: JSON.stringify(body) });
    await world.quiet();

    expect(world.alarms()).toHaveLength(before + 1);
    expect(text(world.alarms().slice(-1))).toContain('Deleted in prod');
  });

  it.skipIf(!isThere)('by skopeo is alarmed within seconds', async () => {
    const certs = mkdtempSync(join(tmpdir(), 'skopeo-certs-'));
    copyFileSync(world.environment['NODE_EXTRA_CA_CERTS'] ?? '', join(certs, 'ca.crt'));
    const run = (...args: string[]) => promisify(execFile)(skopeo, ['--insecure-policy', ...args]);
    const running = { azure: world.azure, tokens: world.tokens } as Parameters<typeof refreshToken>[0];
    const user = '00000000-0000-0000-0000-000000000000';
    const source = `${user}:${await refreshToken(running, 'contosouat', 'warden-reader')}`;
    const target = `contosoprod:${adminPassword('contosoprod')}`;
    const before = world.alarms().length;
    const begun = Date.now();
    await run(
      'copy',
      '--all',
      '--preserve-digests',
      '--src-cert-dir',
      certs,
      '--dest-cert-dir',
      certs,
      '--src-creds',
      source,
      '--dest-creds',
      target,
      `docker://${hostOf('contosouat')}/shop/cart:v2.4.0`,
      `docker://${hostOf('contosoprod')}/shop/smuggled:v0.0.1-skopeo`,
    );
    const pushed = Date.now();
    await expect.poll(() => text(world.alarms()).includes('v0.0.1-skopeo'), { timeout: 10_000 }).toBe(true);

    console.log(`skopeo pushed in ${pushed - begun} ms; the alarm stood ${Date.now() - pushed} ms after it`);
    expect(world.alarms().length).toBeGreaterThan(before);
  });
});
