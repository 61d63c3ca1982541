import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { closeRoutes, createApp, listen } from '../../src/server/server.ts';

let close: (() => void) | undefined;
afterEach(() => close?.());

async function serve(ok = true) {
  const app = createApp({ ready: async () => ({ ok, detail: {} }) });
  app.get('/breaks', () => {
    throw new Error('the password is hush');
  });
  app.get('/too-large', () => {
    throw Object.assign(new Error('entity too large'), { status: 413 });
  });
  closeRoutes(app);
  const server = await listen(app, 0, '127.0.0.1');
  close = () => server.close();
  const { port } = server.address() as AddressInfo;
  return (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
}

describe('the server', () => {
  it('is alive before it is ready', async () => {
    const get = await serve(false);

    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/metrics')).headers.get('content-type')).toContain('text/plain');
  });

  it('says 404 for what nobody answers and 500 for what breaks, and nothing of why', async () => {
    const get = await serve();
    const broken = await get('/breaks');

    expect((await get('/nothing')).status).toBe(404);
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain('hush');
    expect((await get('/too-large')).status).toBe(413);
  });

  it('rejects with the code of the socket when the port is taken', async () => {
    const app = createApp({ ready: async () => ({ ok: true, detail: {} }) });
    const server = await listen(app, 0, '127.0.0.1');
    close = () => server.close();
    const { port } = server.address() as AddressInfo;

    await expect(listen(app, port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
