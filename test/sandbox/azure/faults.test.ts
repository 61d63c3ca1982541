// Each fault of the list, seen from outside; and that a rate strikes the same requests in every run.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFaults, faultNames, parseFault } from '../../../src/sandbox/azure/faults.ts';
import { registryId } from '../../../src/sandbox/estate/contoso/places.ts';
import { asAdmin } from './registry-client.ts';
import { askArm, type Reply, type Running, startStandIn } from './stand-in.ts';

let running: Running;

beforeAll(async () => {
  running = await startStandIn({ importMs: 5 });
});
afterEach(() => running.azure.setFaults([]));
afterAll(() => running.stop());

const uat = registryId('contosouat');
const get = () => askArm(running, `${uat}?api-version=2025-11-01`);
const graph = () =>
  askArm(running, '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', {
    method: 'POST',
    body: {
      query:
        "resources | where type =~ 'microsoft.containerregistry/registries' | project id, properties, sku | order by id asc",
    },
  });

describe('the fault', () => {
  it('403-diagnostics closes the diagnostic settings and nothing else', async () => {
    running.azure.setFaults([{ name: '403-diagnostics' }]);

    const settings = await askArm(
      running,
      `${uat}/providers/microsoft.insights/diagnosticSettings?api-version=2021-05-01-preview`,
    );

    expect([settings.status, (await get()).status]).toEqual([403, 200]);
  });

  it('403-registry closes registries on both planes', async () => {
    running.azure.setFaults([{ name: '403-registry' }]);

    const data = await asAdmin(running).call('GET', '/v2/_catalog');

    expect([(await get()).status, data.status, data.json.errors[0].code]).toEqual([403, 403, 'DENIED']);
  });

  it('429 says when to come back: Retry-After, or the quota headers of Resource Graph', async () => {
    running.azure.setFaults([{ name: '429' }]);

    const [arm, rows, data] = [await get(), await graph(), await asAdmin(running).call('GET', '/v2/')];

    expect([arm.status, rows.status, data.status]).toEqual([429, 429, 429]);
    expect([arm.headers['retry-after'], data.headers['retry-after']]).toEqual(['1', '1']);
    expect([rows.headers['retry-after'], rows.headers['x-ms-user-quota-resets-after']]).toEqual([
      undefined,
      '00:00:01',
    ]);
    expect(rows.json.error.code).toBe('RateLimiting');
  });

  it('500 answers an error of the server', async () => {
    running.azure.setFaults([{ name: '500' }]);

    expect([(await get()).status, (await asAdmin(running).call('GET', '/v2/')).status]).toEqual([500, 500]);
  });

  it('drop breaks the connection', async () => {
    running.azure.setFaults([{ name: 'drop' }]);

    await expect(get()).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  it('slow takes a second and answers all the same', async () => {
    running.azure.setFaults([{ name: 'slow' }]);
    const before = performance.now();

    const reply = await get();

    expect(reply.status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(900);
  });

  it('malformed-row spoils one row of Resource Graph', async () => {
    running.azure.setFaults([{ name: 'malformed-row' }]);

    const rows: { properties: unknown }[] = (await graph()).json.data;

    expect(rows).toHaveLength(10);
    expect(rows.filter((row) => typeof row.properties !== 'object' || row.properties === null)).toHaveLength(
      1,
    );
  });

  it('lock-refused refuses a lock and lets the reading be', async () => {
    running.azure.setFaults([{ name: 'lock-refused' }]);
    const admin = asAdmin(running);

    const lock = await admin.call('PATCH', '/acr/v1/crm/web/_tags/v3.2.1', {
      body: '{"writeEnabled":false}',
    });

    const tag = await admin.call('GET', '/acr/v1/crm/web/_tags/v3.2.1');
    expect([lock.status, tag.json.tag.changeableAttributes.writeEnabled]).toEqual([403, true]);
  });
});

describe('an import under the fault', () => {
  const start = (tag: string) =>
    askArm(running, `${registryId('contosoprod')}/importImage?api-version=2025-11-01`, {
      as: 'importer-to-prod',
      method: 'POST',
      body: {
        source: { resourceId: uat, sourceImage: 'shop/web:v1.4.2' },
        targetTags: [`faulty/web:${tag}`],
      },
    });
  const poll = async (accepted: Reply, rounds = 30): Promise<Reply> => {
    const reply = await askArm(running, String(accepted.headers['location']).slice(running.azure.url.length));
    if (reply.status !== 202 || rounds === 0) return reply;
    await pause(10);
    return poll(accepted, rounds - 1);
  };
  const stored = (tag: string) => {
    const prod = running.azure.inspect().find((one) => one.name === 'contosoprod');
    return prod?.repositories.find((one) => one.name === 'faulty/web')?.tags.find((one) => one.name === tag);
  };

  it('import-fails ends with 200 and the status Failed, and copies nothing', async () => {
    running.azure.setFaults([{ name: 'import-fails' }]);

    const end = await poll(await start('fails'));

    expect([end.status, end.json.status, stored('fails')]).toEqual([200, 'Failed', undefined]);
  });

  it('import-hangs never ends', async () => {
    running.azure.setFaults([{ name: 'import-hangs' }]);

    const end = await poll(await start('hangs'), 5);

    expect([end.status, stored('hangs')]).toEqual([202, undefined]);
  });

  it('import-wrong-digest ends well with a tag on something else', async () => {
    running.azure.setFaults([{ name: 'import-wrong-digest' }]);

    const end = await poll(await start('wrong'));

    const uatRow = running.azure.inspect().find((one) => one.name === 'contosouat');
    const source = uatRow?.repositories
      .find((one) => one.name === 'shop/web')
      ?.tags.find((one) => one.name === 'v1.4.2');
    expect([end.status, end.text]).toEqual([200, '']);
    expect(stored('wrong')?.digest).toMatch(/^sha256:/);
    expect(stored('wrong')?.digest).not.toBe(source?.digest);
  });
});

describe('a rate', () => {
  it('strikes its share, and the same chances in each run', () => {
    const run = () => {
      const faults = createFaults([{ name: '500', rate: 0.3 }]);
      return Array.from({ length: 1000 }, () => faults.strikes('500'));
    };

    const first = run();

    expect(run()).toEqual(first);
    expect(first.filter(Boolean).length).toBeGreaterThan(250);
    expect(first.filter(Boolean).length).toBeLessThan(350);
  });

  it('is read from NAME:RATE, and anything else is refused with what is known', () => {
    expect(parseFault('drop:0.25')).toEqual({ name: 'drop', rate: 0.25 });
    expect(parseFault('slow')).toEqual({ name: 'slow' });
    expect(() => parseFault('fire')).toThrow(faultNames.join(', '));
    expect(() => parseFault('drop:2')).toThrow(/from 0 to 1/);
  });
});
