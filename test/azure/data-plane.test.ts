import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataPlane, type DataPlane, readScope } from '../../src/azure/data-plane.ts';
import { asAdmin, digestOf } from '../sandbox/azure/registry-client.ts';
import { loginServer, type Running, startStandIn } from '../sandbox/azure/stand-in.ts';

let running: Running;
let plane: DataPlane;
beforeAll(async () => {
  running = await startStandIn({ blobsElsewhere: true });
  plane = createDataPlane({
    loginServer: loginServer(running, 'legacyhub'),
    credential: running.credential('warden-reader'),
    audience: 'https://containerregistry.azure.net',
    now: Date.now,
  });
  await asAdmin(running).pushBlob('raw/one', 'layer');
});
afterAll(() => running.stop());

const digest = digestOf('layer');
const read = (limit: number, wanted = digest) =>
  plane.bytes(`/v2/raw/one/blobs/${digest}`, readScope('raw/one'), { digest: wanted, limit });

describe('bytes of a registry', () => {
  it('are followed to where the registry keeps them', async () => {
    expect((await read(5)).toString()).toBe('layer');
  });

  it('are at most as many as were asked for', async () => {
    await expect(read(4)).rejects.toMatchObject({ code: 'too-large', retry: false });
  });

  it('are those of the digest, or an error', async () => {
    await expect(read(5, digestOf('other'))).rejects.toMatchObject({ code: 'wrong-digest', retry: false });
  });
});
