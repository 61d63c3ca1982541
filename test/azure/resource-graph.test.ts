import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudOf } from '../../src/azure/clouds.ts';
import { toAzureError } from '../../src/azure/errors.ts';
import { quotaPolicy } from '../../src/azure/quota.ts';
import { createResourceGraph } from '../../src/azure/resource-graph.ts';
import { scanEstate } from '../../src/azure/scan.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { type Running, startStandIn } from '../sandbox/azure/stand-in.ts';
import { graphOfRows } from './graph.ts';

const request = createPipelineRequest({ url: 'https://localhost/' });
const response = (status: number, headers: Record<string, string> = {}): PipelineResponse => ({
  request,
  status,
  headers: createHttpHeaders(headers),
});

/** A clock that sleeping moves. */
function fakeTime() {
  let now = 1_000_000;
  return {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('the quota policy', () => {
  it('waits as long as the headers say after a 429 without Retry-After', async () => {
    const time = fakeTime();
    const policy = quotaPolicy(time);
    const sentAt: number[] = [];
    const answer = await policy.sendRequest(request, async () => {
      sentAt.push(time.now());
      return sentAt.length < 3
        ? response(429, { 'x-ms-user-quota-resets-after': '00:00:04' })
        : response(200);
    });

    expect(answer.status).toBe(200);
    expect(sentAt.map((at) => at - sentAt[0]!)).toEqual([0, 4000, 8000]);
  });

  it('sends no more than twelve in any five seconds', async () => {
    const time = fakeTime();
    const policy = quotaPolicy(time);
    const sentAt: number[] = [];
    for (let i = 0; i < 60; i++)
      await policy.sendRequest(request, async () => {
        sentAt.push(time.now());
        return response(200);
      });

    for (const at of sentAt)
      expect(sentAt.filter((other) => other >= at && other < at + 5000).length).toBeLessThanOrEqual(12);
  });

  it('holds everybody back when the quota is used up', async () => {
    const time = fakeTime();
    const policy = quotaPolicy(time);
    await policy.sendRequest(request, async () =>
      response(200, { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:03' }),
    );
    const before = time.now();
    await policy.sendRequest(request, async () => response(200));

    expect(time.now() - before).toBe(3000);
  });
});

describe('an error of Azure', () => {
  it.each([
    [{ statusCode: 403 }, 'forbidden', false],
    [{ statusCode: 404 }, 'not-found', false],
    [{ statusCode: 408 }, 'unavailable', true],
    [{ statusCode: 429 }, 'throttled', true],
    [{ statusCode: 503 }, 'unavailable', true],
    [{ code: 'ECONNRESET' }, 'ECONNRESET', true],
    [new DOMException('too long', 'TimeoutError'), 'unavailable', true],
    [undefined, 'unavailable', true],
  ])('%o is %s, to be tried again: %s', (error, code, retry) => {
    expect(toAzureError(error, 'reading')).toMatchObject({ code, retry, name: 'AzureError' });
  });
});

describe('an estate of 2,300 registries', () => {
  let running: Running;
  beforeAll(async () => {
    const estate = contosoEstate();
    const [row] = estate.tables['resources']!.filter((each) => each['name'] === 'contosoprod');
    const many = Array.from({ length: 2300 }, (_, i) => ({
      ...row,
      id: `/subscriptions/s/resourceGroups/g${i % 40}/providers/Microsoft.ContainerRegistry/registries/r${i}`,
      name: `r${i}`,
      resourceGroup: `g${i % 40}`,
      subscriptionId: 's',
    }));
    running = await startStandIn({ estate: { ...estate, images: {}, tables: { resources: many } } });
  });
  afterAll(() => running.stop());

  it('is read whole, page by page', async () => {
    const cloud = cloudOf('public', running.azure.url);
    const graph = await createResourceGraph(cloud, running.credential('warden-reader'));
    const scan = await scanEstate(graph, 5);

    expect(new Set(scan.registries.map((facts) => facts.name)).size).toBe(2300);
    expect(scan.gaps).toEqual([]);
  });
});

describe('an answer of Resource Graph that is not whole', () => {
  it('costs its part, with the reason, and lets nothing pass', async () => {
    const prod = {
      id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/prod',
      name: 'prod',
      location: 'westeurope',
      resourceGroup: 'g',
      subscriptionId: 's',
      properties: {},
    };
    const scan = await scanEstate(
      graphOfRows((query) => {
        if (query.includes('/replications')) throw toAzureError({ statusCode: 429 }, 'querying');
        if (query.includes('insights')) return [{ id: 'x' }];
        return query.includes('sku') ? [prod, { id: 'broken' }] : [];
      }),
      5,
    );

    expect(scan.registries[0]).toMatchObject({
      replications: { read: false },
      alerts: { read: false, reason: '1 malformed alerts' },
      group: { read: true },
    });
    expect(scan.gaps).toEqual([
      '1 registries could not be read',
      '1 alerts could not be read',
      expect.stringContaining('replicas: Azure is throttling'),
    ]);
  });
});
