import { afterAll, beforeAll, expect, it } from 'vitest';
import { asAdmin, digestOf, type RegistryClient } from './registry-client.ts';
import { ask, type Running, startStandIn } from './stand-in.ts';

let running: Running;
let admin: RegistryClient;
beforeAll(async () => {
  running = await startStandIn({ blobsElsewhere: true });
  admin = asAdmin(running);
});
afterAll(() => running.stop());

it('a blob is given on another host, to whoever has the link and brings no token', async () => {
  await admin.pushBlob('raw/one', 'layer');
  const reply = await admin.call('GET', `/v2/raw/one/blobs/${digestOf('layer')}`);
  const link = String(reply.headers['location']);
  const other = link.replace(encodeURIComponent(digestOf('layer')), encodeURIComponent(digestOf('other')));

  const blob = await ask(link);
  const withToken = await ask(link, { headers: { authorization: 'Bearer x' } });

  expect(reply.status).toBe(307);
  expect(new URL(link).host).not.toBe(admin.host);
  expect([blob.status, blob.text]).toEqual([200, 'layer']);
  expect([withToken.status, (await ask(other)).status]).toEqual([403, 403]);
});
