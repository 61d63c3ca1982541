import { describe, expect, it } from 'vitest';
import { createRegistryWebhook, type WebhookRequest } from '../../src/events/registry-webhook.ts';
import type { RegistryEvent } from '../../src/ports.ts';
import { ids } from '../../src/server/ids.ts';
import { keptLog } from '../schedule/schedule-world.ts';
import { acrBody, secret } from './events-world.ts';

const topic =
  '/subscriptions/0000-1/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/ContosoProd';
const gridEvent = (change: Record<string, unknown> = {}) => ({
  id: 'e1',
  topic,
  subject: 'shop/web:v9.0.0',
  eventType: 'Microsoft.ContainerRegistry.ImagePushed',
  eventTime: '2026-11-22T12:00:00Z',
  data: acrBody(),
  dataVersion: '1.0',
  metadataVersion: '1',
  ...change,
});
const cloudEvent = (change: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  id: 'c1',
  source: topic,
  subject: 'shop/web:v9.0.0',
  type: 'Microsoft.ContainerRegistry.ImagePushed',
  time: '2026-11-22T12:00:00Z',
  data: acrBody(),
  ...change,
});

function receiver(wanted: string | undefined = secret) {
  const taken: RegistryEvent[] = [];
  const { log, lines } = keptLog();
  let bodies = 0;
  const receive = createRegistryWebhook({
    secret: wanted,
    hash: ids.hash,
    take: async (events) => void taken.push(...events),
    log,
  });
  const send = (
    body: unknown,
    {
      headers = { 'x-acr-warden-secret': secret },
      query = {},
      method = 'POST',
    }: { headers?: Record<string, string>; query?: Record<string, string>; method?: string } = {},
  ) => {
    const request: WebhookRequest = {
      method,
      header: (name) => headers[name.toLowerCase()],
      query: (name) => query[name],
      body: async () => {
        bodies += 1;
        return typeof body === 'string' ? body : JSON.stringify(body);
      },
    };
    return receive(request);
  };
  return { send, taken, lines, bodies: () => bodies };
}

describe('the address that registries call', () => {
  it('takes a webhook of ACR, an Event Grid event and a CloudEvent as the same thing', async () => {
    const { send, taken } = receiver();
    const answers = [await send(acrBody()), await send([gridEvent()]), await send(cloudEvent())];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const same = {
      id: '831e1650-001e-001b-66ab-eeb76e069631',
      at: Date.parse('2026-11-22T12:00:00.070Z'),
      action: 'push',
      repository: 'shop/web',
      tag: 'v9.0.0',
      digest: `sha256:${'a'.repeat(64)}`,
      host: 'contosoprod.azurecr.io',
    };
    expect(taken).toEqual([
      same,
      { ...same, registry: topic.toLowerCase() },
      { ...same, registry: topic.toLowerCase() },
    ]);
  });

  it('reads nothing of who does not know the secret, by header or by query', async () => {
    const { send, taken, bodies } = receiver();
    const strangers = [{}, { 'x-acr-warden-secret': '' }, { 'x-acr-warden-secret': `${secret} ` }];
    for (const headers of strangers)
      expect(await send(acrBody(), { headers })).toMatchObject({ status: 401 });
    expect(await send(acrBody(), { headers: {}, query: { secret: 'guess' } })).toMatchObject({ status: 401 });
    expect(bodies()).toBe(0);
    expect(taken).toEqual([]);

    expect(await send([gridEvent()], { headers: {}, query: { secret } })).toMatchObject({ status: 200 });
    expect(taken).toHaveLength(1);
  });

  it('is shut while no secret is configured, and says how to open it', async () => {
    const { send } = receiver('');
    const shut = createRegistryWebhook({
      secret: undefined,
      hash: ids.hash,
      take: () => Promise.reject(new Error('taken')),
      log: keptLog().log,
    });
    const request = {
      header: () => undefined,
      query: () => undefined,
      body: async () => '{}',
      method: 'POST',
    };

    expect(await shut(request)).toMatchObject({ status: 503, body: { error: /ACR_WEBHOOK_SECRET/ } });
    expect(await send(acrBody())).toMatchObject({ status: 401 });
  });

  it('shakes hands with Event Grid in both of its ways', async () => {
    const { send } = receiver();
    const validation = gridEvent({
      eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
      topic: '/subscriptions/0000-1',
      data: { validationCode: '512d38b6-c7b8-40c8-89fe-f46f9e9622b6' },
    });
    const headers = { 'x-acr-warden-secret': secret, 'webhook-request-origin': 'eventgrid.azure.net' };

    expect(await send([validation])).toEqual({
      status: 200,
      body: { validationResponse: '512d38b6-c7b8-40c8-89fe-f46f9e9622b6' },
    });
    expect(await send('', { method: 'OPTIONS', headers })).toMatchObject({
      status: 200,
      headers: { 'WebHook-Allowed-Origin': 'eventgrid.azure.net', 'WebHook-Allowed-Rate': /^\d+$/ },
    });
    expect(await send('', { method: 'OPTIONS' })).toMatchObject({ status: 400 });
    expect(
      await send('', { method: 'OPTIONS', headers: { 'webhook-request-origin': 'eventgrid.azure.net' } }),
    ).toMatchObject({ status: 401 });
  });

  it.each([
    ['nothing', ''],
    ['half a body', '{"action":'],
    ['a number', '7'],
    ['another shape', { hello: 1 }],
    ['a time that is none', acrBody({ timestamp: 'yesterday' })],
    ['markup for a repository', acrBody({}, { repository: '<!channel>' })],
    ['a mention for a tag', acrBody({}, { tag: '<@U1>' })],
    ['a digest that is none', acrBody({}, { digest: 'sha256:zz' })],
    ['no registry', acrBody({ request: {} })],
    ['a NUL', acrBody({ id: 'a\0b' })],
    ['a topic elsewhere', gridEvent({ topic: 'https://evil.example' })],
    ['a length that is none', acrBody({ action: { length: { toString: 1 } } })],
    ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ])('answers 400 to %s, and repeats none of it', async (_name, body) => {
    const { send, taken, lines } = receiver();
    const answer = await send(body);

    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer) + lines.join()).not.toMatch(/<!|<@|evil|zz|yesterday/);
    expect(taken).toEqual([]);
  });

  it('takes what is good in a batch, and passes over what is of no concern', async () => {
    const { send, taken } = receiver();
    const other = gridEvent({ eventType: 'Microsoft.Storage.BlobCreated', topic: '/subscriptions/0000-1' });
    const ping = { id: 'p', timestamp: '2026-11-22T12:00:00Z', action: 'ping' };

    expect(await send([gridEvent(), { eventType: 7 }])).toMatchObject({ status: 400 });
    expect(taken).toHaveLength(1);
    for (const body of [ping, other, []]) expect(await send(body)).toMatchObject({ status: 200 });
    expect(await send(acrBody(), { method: 'GET' })).toMatchObject({ status: 405 });
    expect(taken).toHaveLength(1);
  });
});
