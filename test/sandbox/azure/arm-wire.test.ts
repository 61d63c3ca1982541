// The management plane as plain requests: errors, versions, batches, metrics, and what older clients send.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registryId } from '../../../src/sandbox/estate/contoso/places.ts';
import { ask, askArm, type Running, startStandIn, tokenOf } from './stand-in.ts';

let running: Running;

beforeAll(async () => {
  running = await startStandIn();
});
afterAll(() => running.stop());

const version = 'api-version=2025-11-01';
const uat = registryId('contosouat');
const settings = 'providers/microsoft.insights/diagnosticSettings?api-version=2021-05-01-preview';

describe('a call', () => {
  it('without a token, with a bad one, or for another audience is 401 with ARM’s codes', async () => {
    const url = `${running.azure.url}${uat}?${version}`;
    const other = await tokenOf(running.tokens, 'warden-reader', 'https://graph.microsoft.com');
    const stranger = await running.tokens.sign({ aud: 'https://management.azure.com', oid: 'nobody' });
    const as = (token: string) => ask(url, { headers: { authorization: `Bearer ${token}` } });

    const replies = [await ask(url), await as('a.b.c'), await as(other), await as(stranger)];

    expect(replies.map((reply) => [reply.status, reply.json.error.code])).toEqual([
      [401, 'AuthenticationFailed'],
      [401, 'InvalidAuthenticationToken'],
      [401, 'InvalidAuthenticationTokenAudience'],
      [401, 'InvalidAuthenticationToken'],
    ]);
    expect(replies[0]?.headers['www-authenticate']).toContain('authorization_uri=');
  });

  it('without an api-version, or with one that is none, is 400', async () => {
    const missing = await askArm(running, uat);
    const invalid = await askArm(running, `${uat}?api-version=latest`);

    expect([missing.status, missing.json.error.code]).toEqual([400, 'MissingApiVersionParameter']);
    expect([invalid.status, invalid.json.error.code]).toEqual([400, 'InvalidApiVersionParameter']);
  });

  it('to an unknown route or registry is an ARM-shaped 404', async () => {
    const route = await askArm(running, `/subscriptions/x/providers/Microsoft.Nothing/things?${version}`);
    const registry = await askArm(running, `${registryId('contosouat')}x?${version}`);

    expect([route.status, route.json.error.code]).toEqual([404, 'InvalidResourceType']);
    expect([registry.status, registry.json.error.code]).toEqual([404, 'ResourceNotFound']);
  });

  it('works with a doubled leading slash and in any case', async () => {
    const reply = await askArm(running, `/${uat.toUpperCase()}?${version}`);

    expect([reply.status, reply.json.name]).toEqual([200, 'contosouat']);
  });

  it('by an identity without the right is 403, and its lists are empty', async () => {
    const get = await askArm(running, `${uat}?${version}`, { as: 'ci-base' });
    const list = await askArm(
      running,
      `${uat.split('/resourceGroups')[0]}/providers/Microsoft.ContainerRegistry/registries?${version}`,
      { as: 'ci-base' },
    );

    expect([get.status, get.json.error.code]).toEqual([403, 'AuthorizationFailed']);
    expect(list.json.value).toEqual([]);
  });

  it('with a body that is no JSON is 400', async () => {
    const token = await tokenOf(running.tokens, 'warden-reader');

    const reply = await ask(`${running.azure.url}/batch?api-version=2020-06-01`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{',
    });

    expect([reply.status, reply.json.error.code]).toEqual([400, 'InvalidRequestContent']);
  });
});

describe('diagnostic settings', () => {
  it('come one by one, empty where there are none, 403 where they may not be read', async () => {
    const good = await askArm(running, `${uat}/${settings}`);
    const none = await askArm(running, `${registryId('devpay')}/${settings}`);
    const closed = await askArm(running, `${registryId('contosoprodus')}/${settings}`);

    expect(good.json.value[0].properties.logs.map((log: { category: string }) => log.category)).toEqual([
      'ContainerRegistryLoginEvents',
      'ContainerRegistryRepositoryEvents',
    ]);
    expect([none.status, none.json.value]).toEqual([200, []]);
    expect([closed.status, closed.json.error.code]).toEqual([403, 'AuthorizationFailed']);
  });

  it('come in a batch, each with its own status', async () => {
    const requests = [uat, registryId('contosoprodus'), `${uat}x`].map((id, index) => ({
      httpMethod: 'GET',
      name: String(index),
      relativeUrl: `${id}/${settings}`,
    }));

    const reply = await askArm(running, '/batch?api-version=2020-06-01', {
      method: 'POST',
      body: { requests },
    });

    const answers: { name: string; httpStatusCode: number }[] = reply.json.responses;
    expect(answers.map((one) => [one.name, one.httpStatusCode])).toEqual([
      ['0', 200],
      ['1', 403],
      ['2', 404],
    ]);
    expect(reply.json.responses[0].content.value).toHaveLength(1);
  });
});

describe('metrics', () => {
  it('give the days of the timespan, the last one today', async () => {
    const to = new Date();
    const from = new Date(to.getTime() - 7 * 24 * 3600 * 1000);
    const query = `metricnames=StorageUsed,TotalPullCount&aggregation=Average&timespan=${from.toISOString()}/${to.toISOString()}&api-version=2023-10-01`;

    const reply = await askArm(
      running,
      `${registryId('contosoprodus')}/providers/microsoft.insights/metrics?${query}`,
    );

    const [storage, pulls] = reply.json.value;
    expect([storage.name.value, storage.unit, pulls.unit]).toEqual(['StorageUsed', 'Bytes', 'Count']);
    expect(storage.timeseries[0].data.length).toBeGreaterThanOrEqual(7);
    expect(storage.timeseries[0].data.at(-1).average).toBe(436 * 1024 ** 3);
  });

  it('that do not exist are 400', async () => {
    const reply = await askArm(
      running,
      `${uat}/providers/microsoft.insights/metrics?metricnames=Nothing&api-version=2023-10-01`,
    );

    expect(reply.status).toBe(400);
  });
});

describe('credentials of the admin user', () => {
  it('need their own right, and the admin user to be on', async () => {
    const reader = await askArm(running, `${registryId('legacyhub')}/listCredentials?${version}`, {
      method: 'POST',
    });

    expect(reader.status).toBe(403);
  });
});

describe('the managed identity', () => {
  it('of Resource Graph counts its quota by caller', async () => {
    running = await running.restart({ quota: 2 });
    const query = () =>
      askArm(running, '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', {
        method: 'POST',
        body: { query: 'resources | project id | limit 1' },
      });

    const replies = [await query(), await query(), await query()];

    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 429]);
    expect(running.azure.counters()['resourceGraph.throttled']).toBe(1);
  });
});
