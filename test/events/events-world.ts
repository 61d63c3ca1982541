// The product over the stand-in Azure, with the one address that registries call served for real: the stand-in's webhooks
// come in over HTTP.
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import express from 'express';
import type { Card } from '../../src/cards/card.ts';
import { takeEvents } from '../../src/commands/registry-events.ts';
import { createRegistryWebhook } from '../../src/events/registry-webhook.ts';
import { createLog } from '../../src/server/log.ts';
import { closeRoutes } from '../../src/server/server.ts';
import { serveWebhook } from '../../src/server/webhook-route.ts';
import { createWorld, type World } from '../world.ts';

export const secret = 'a-secret-of-the-registries';

export interface EventsWorld extends World {
  /** `http://127.0.0.1:PORT/webhooks/acr` */
  readonly address: string;
  /** What the product wrote to its log. */
  readonly logged: () => string;
  /** Alarms about registries that stand in the security channel of one chat, oldest first. */
  alarms(channel?: 'slack' | 'teams'): readonly Card[];
  /** Waits until all that was stored is done; fails after 20 seconds. */
  quiet(): Promise<void>;
}

export async function createEventsWorld(
  options: Parameters<typeof createWorld>[0] = {},
): Promise<EventsWorld> {
  const app = express();
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/acr`;
  const world = await createWorld({
    ...options,
    azure: { ...options.azure, webhook: { url: address, secret } },
  });
  const { doors } = world.product;
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  serveWebhook(
    app,
    createRegistryWebhook({
      secret,
      hash: doors.ids.hash,
      take: (events) => takeEvents(doors, events),
      log,
    }),
  );
  closeRoutes(app);
  const security = (channel: string) =>
    doors.policy().channels.security.find((place) => place.startsWith(channel)) ?? '';
  return {
    ...world,
    address,
    logged: () => lines.join(''),
    alarms: (channel = 'slack') =>
      [...world.posted]
        .filter(
          ([place, card]) => place.startsWith(`${security(channel)} `) && card.name === 'registry-alarm',
        )
        .map(([, card]) => card),
    quiet: async () => {
      for (let wait = 0; wait < 400; wait++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (eventsLeft(world.folder) === 0) return;
      }
      throw new Error('events are left undone');
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await world.close();
    },
  };
}

/** Stored and not done yet, as the file of the data folder says. */
function eventsLeft(folder: string): number {
  const database = new DatabaseSync(join(folder, 'data', 'warden.sqlite'), { readOnly: true });
  const row = database
    .prepare("select count(*) as left from job where kind = 'event' and state = 'open'")
    .get();
  database.close();
  return Number(row?.['left']);
}

/** A body of an ACR webhook. */
export const acrBody = (change: Record<string, unknown> = {}, target: Record<string, unknown> = {}) => ({
  id: '831e1650-001e-001b-66ab-eeb76e069631',
  timestamp: '2026-11-22T12:00:00.0707808Z',
  action: 'push',
  target: {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 708,
    digest: `sha256:${'a'.repeat(64)}`,
    length: 708,
    repository: 'shop/web',
    tag: 'v9.0.0',
    ...target,
  },
  request: { id: 'r1', host: 'contosoprod.azurecr.io', method: 'PUT', useragent: 'docker' },
  ...change,
});
