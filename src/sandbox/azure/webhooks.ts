// The webhooks of the stand-in's registries: what is pushed or deleted is told to the product, as ACR does it. ACR gives up
// after a while, so an address that does not answer gets a few tries and no more.
import { randomUUID } from 'node:crypto';
import type { Store } from './store.ts';
import type { RegistryEntry } from './tables.ts';

/** Where events go, and the secret they carry in a header. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

export interface Webhooks {
  pushed(registry: string, repository: string, digest: string, tag?: string): void;
  deleted(registry: string, repository: string, digest?: string): void;
  /** Nothing is sent any more. */
  close(): void;
}

/** Milliseconds before each further try. */
const pauses = [500, 2000, 8000];

export function createWebhooks(
  target: WebhookTarget | undefined,
  registries: readonly RegistryEntry[],
  store: Store,
): Webhooks {
  const closing = new AbortController();

  async function send(body: object): Promise<void> {
    if (!target) return;
    for (const pause of [0, ...pauses]) {
      await new Promise((resolve) => setTimeout(resolve, pause).unref());
      if (closing.signal.aborted) return;
      const answer = await fetch(target.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-acr-warden-secret': target.secret },
        body: JSON.stringify(body),
        signal: closing.signal,
      }).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer && answer.status < 500) return;
    }
  }

  function tell(action: string, registry: string, repository: string, digest?: string, tag?: string): void {
    const host = registries.find(({ name }) => name.toLowerCase() === registry.toLowerCase())?.loginServer;
    const found = digest && store.manifests.get(registry.toLowerCase(), repository, digest);
    void send({
      id: randomUUID(),
      timestamp: new Date().toISOString(),
      action,
      target: {
        ...(found && { mediaType: found.mediaType, size: found.size, length: found.size }),
        ...(digest !== undefined && { digest }),
        repository,
        ...(tag !== undefined && { tag }),
      },
      request: {
        id: randomUUID(),
        host,
        method: action === 'push' ? 'PUT' : 'DELETE',
        useragent: 'stand-in',
      },
    });
  }

  return {
    pushed: (registry, repository, digest, tag) => tell('push', registry, repository, digest, tag),
    deleted: (registry, repository, digest) => tell('delete', registry, repository, digest),
    close: () => closing.abort(),
  };
}
