// The ports of the stand-in: https servers that first listen and get their app later, because an app needs to know the
// ports of all.
import { createServer, type Server } from 'node:https';
import type { Express } from 'express';
import type { Certificate } from './certificate.ts';

interface Listener {
  readonly port: number;
  /** Hands requests to the app; a shared port keeps the first one, as all its registries are empty alike. */
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
  let isServed = false;
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    serve: (app) => {
      if (isServed) return;
      isServed = true;
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

/** Names of registries, and which of them hold something that only a port of their own can serve. */
export interface PortNeeds {
  readonly names: readonly string[];
  readonly mustHaveOwn: (name: string) => boolean;
}

/** Up to here every registry gets a port; an estate of thousands shares one among those without images. */
const mostOwnPorts = 200;

/** Registries take `port + 10` and on where these are free, so that a restart finds them at the same place. */
export async function openPorts(certificate: Certificate, port: number, needs: PortNeeds): Promise<Ports> {
  const arm = await listen(certificate, port);
  const isCrowded = needs.names.length > mostOwnPorts;
  const shared = isCrowded ? await listen(certificate, 0) : undefined;
  const opened = new Map<string, Listener>();
  for (const [index, name] of needs.names.entries()) {
    const wanted = port === 0 || isCrowded ? 0 : port + 10 + index;
    const isOwn = shared === undefined || needs.mustHaveOwn(name);
    opened.set(name.toLowerCase(), isOwn ? await listen(certificate, wanted, true) : shared);
  }
  return { arm, registries: opened };
}

export async function closePorts(ports: Ports): Promise<void> {
  const listeners = new Set([ports.arm, ...ports.registries.values()]);
  await Promise.all([...listeners].map((listener) => listener.close()));
}
