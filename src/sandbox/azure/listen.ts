// The ports of the stand-in: https servers that first listen and get their app later, because an app needs to know the
// ports of all.
import { createServer, type Server } from 'node:https';
import type { Express } from 'express';
import type { Certificate } from './certificate.ts';

export interface Listener {
  readonly port: number;
  serve(app: Express): void;
  close(): Promise<void>;
}

/** Listens on loopback at the port, or at any free one where it is 0, or taken while `orAny`. */
async function listen(certificate: Certificate, port: number, orAny = false): Promise<Listener> {
  const server = createServer({ cert: certificate.cert, key: certificate.key });
  try {
    await bound(server, port);
  } catch (error) {
    if (!orAny) throw error;
    await bound(server, 0);
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    serve: (app) => {
      server.on('request', app);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bound(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The ports of a stand-in: the management plane, and one for each registry by its name in lower case. */
export interface Ports {
  readonly arm: Listener;
  readonly registries: ReadonlyMap<string, Listener>;
}

/** Registries take `port + 10` and on where these are free, so that a restart finds them at the same place. */
export async function openPorts(
  certificate: Certificate,
  port: number,
  registries: readonly string[],
): Promise<Ports> {
  const arm = await listen(certificate, port);
  const opened = new Map<string, Listener>();
  for (const [index, name] of registries.entries()) {
    const wanted = port === 0 ? 0 : port + 10 + index;
    opened.set(name.toLowerCase(), await listen(certificate, wanted, true));
  }
  return { arm, registries: opened };
}

export async function closePorts(ports: Ports): Promise<void> {
  await Promise.all([ports.arm, ...ports.registries.values()].map((port) => port.close()));
}
