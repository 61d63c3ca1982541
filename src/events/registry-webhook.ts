// What registries say by themselves: webhooks of ACR and deliveries of Event Grid at one address. They are not signed, so
// a shared secret stands for the sender; what is in them is untrusted all the same, and only claims what happened.
import type { Log, RegistryEvent } from '../ports.ts';
import { readEvents } from './read-events.ts';

/** The one address, as HTTP brought it. */
export interface WebhookRequest {
  readonly method: string;
  header(name: string): string | undefined;
  query(name: string): string | undefined;
  /** Read only once the secret is right. Rejects with `status` 413 where it is too long. */
  body(): Promise<string>;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface WebhookOptions {
  /** ACR_WEBHOOK_SECRET; without it nothing is taken. */
  readonly secret: string | undefined;
  readonly hash: (text: string) => string;
  /** Stores them: an answer of 200 means that they are not lost. */
  readonly take: (events: readonly RegistryEvent[]) => Promise<void>;
  readonly log: Log;
}

const secretHeader = 'x-acr-warden-secret';
/** Event Grid asks how many it may send a minute. */
const allowedRate = '600';

/** Answers what comes to `/webhooks/acr`: 401 without the secret, 400 for what is no event, 200 for what was stored. */
export function createRegistryWebhook({ secret, hash, take, log }: WebhookOptions) {
  const wanted = secret === undefined ? undefined : hash(secret);
  // Hashes are compared, so that the time it takes says nothing of the secret.
  const isKnown = (given: string | undefined): boolean => given !== undefined && hash(given) === wanted;

  return async (request: WebhookRequest): Promise<WebhookAnswer> => {
    if (wanted === undefined) return refusal(503, 'Registry events are off. Set ACR_WEBHOOK_SECRET.');
    if (!isKnown(request.header(secretHeader)) && !isKnown(request.query('secret'))) {
      log.warn('a registry event without the right secret was refused');
      return refusal(
        401,
        `Send the secret in the header ${secretHeader}, Event Grid also as the query value secret.`,
      );
    }
    if (request.method === 'OPTIONS') return allowOrigin(request.header('webhook-request-origin'));
    if (request.method !== 'POST')
      return refusal(405, 'Events are sent by POST.', { Allow: 'POST, OPTIONS' });
    const { events, validation, problems } = readEvents(parse(await request.body()));
    await take(events);
    if (validation !== undefined) return { status: 200, body: { validationResponse: validation } };
    if (problems.length === 0) return { status: 200, body: { taken: events.length } };
    log.warn('a registry event was not understood', { problems: problems.slice(0, 3) });
    return refusal(400, problems.slice(0, 3).join('; '));
  };
}

const refusal = (
  status: number,
  error: string,
  headers?: Readonly<Record<string, string>>,
): WebhookAnswer => ({
  status,
  body: { error },
  ...(headers && { headers }),
});

/** The handshake of CloudEvents: whoever may send is asked for beforehand, and named back. */
function allowOrigin(origin: string | undefined): WebhookAnswer {
  if (origin === undefined || !/^[\w.-]{1,253}$/.test(origin))
    return refusal(400, 'The header WebHook-Request-Origin must name a host.');
  return {
    status: 200,
    headers: {
      'WebHook-Allowed-Origin': origin,
      'WebHook-Allowed-Rate': allowedRate,
      Allow: 'POST, OPTIONS',
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
