// Sends the bot what Slack would send: signed with the signing secret (v0 HMAC-SHA256 of `v0:timestamp:body`), 3 s to
// answer, redelivered with x-slack-retry-num where Slack would. Over the socket, once the bot opened one.
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackControls } from './controls.ts';
import type { EnvelopeType, SocketHub } from './socket.ts';

/** How the bot answered. `status` 0: it did not (see `error`). */
export interface Delivery {
  readonly ok: boolean;
  readonly status: number;
  /** The parsed JSON of the answer, or its text. */
  readonly body: unknown;
  readonly attempts: number;
  readonly durationMs: number;
  readonly error?: string;
}

export interface Deliver {
  /** A slash command or an interaction: a form. */
  readonly form: (fields: Record<string, string>) => Promise<Delivery>;
  /** An event: JSON, redelivered until the bot answers 2xx. */
  readonly event: (payload: object) => Promise<Delivery>;
  /** Sends the last delivery again, a signed request byte for byte, as an attacker would. */
  readonly replay: () => Promise<Delivery>;
  /** Deliveries since the start, for the bench. */
  readonly counters: () => { sent: number; failed: number; retried: number };
}

interface SignedRequest {
  readonly body: string;
  readonly headers: Record<string, string>;
}

export function createDeliver(options: {
  botUrl: () => string;
  signingSecret: string;
  socket: SocketHub;
  controls: SlackControls;
  now: () => number;
}): Deliver {
  const counts = { sent: 0, failed: 0, retried: 0 };
  let last: (() => Promise<Delivery>) | undefined;

  const signed = (body: string, contentType: string, retry: number): SignedRequest =>
    sign(options.signingSecret, Math.floor(options.now() / 1000), { body, contentType, retry });
  const post = async (request: SignedRequest, attempts: number): Promise<Delivery> => {
    const from = performance.now();
    const took = (): number => Math.round(performance.now() - from);
    counts.sent += 1;
    try {
      const signal = AbortSignal.timeout(options.controls.answerWithinMs);
      const answer = await fetch(`${options.botUrl()}/slack/events`, { method: 'POST', ...request, signal });
      const body = parsed(await answer.text());
      if (!answer.ok) counts.failed += 1;
      return { ok: answer.ok, status: answer.status, body, attempts, durationMs: took() };
    } catch (error) {
      counts.failed += 1;
      return { ok: false, status: 0, body: undefined, attempts, durationMs: took(), error: reasonOf(error) };
    }
  };

  const overSocket = async (message: Message, attempt: number): Promise<Delivery> => {
    const withinMs = options.controls.answerWithinMs;
    counts.sent += 1;
    const delivery = await options.socket.send(message.type, message.payload, { attempt, withinMs });
    if (!delivery.ok) counts.failed += 1;
    return delivery;
  };
  const once = (message: Message, attempt: number): Promise<Delivery> => {
    const request = signed(message.body, message.contentType, attempt - 1);
    const again = () =>
      options.socket.isConnected() ? overSocket(message, attempt) : post(request, attempt);
    last = again;
    return again();
  };

  const send = async (message: Message, retries: readonly number[]): Promise<Delivery> => {
    let delivery = await once(message, 1);
    for (const [index, pause] of retries.entries()) {
      if (delivery.ok) return delivery;
      await sleep(pause);
      counts.retried += 1;
      delivery = await once(message, index + 2);
    }
    return delivery;
  };

  return {
    form: (fields) =>
      send(formMessage(fields), options.controls.retryInteractions ? options.controls.retryPausesMs : []),
    event: (payload) =>
      send(
        { type: 'events_api', payload, body: JSON.stringify(payload), contentType: 'application/json' },
        options.controls.retryPausesMs,
      ),
    replay: async () => {
      if (!last) throw new Error('Nothing was delivered yet, so there is nothing to replay.');
      return last();
    },
    counters: () => ({ ...counts }),
  };
}

/** One thing to tell the bot, as it goes over either transport. */
interface Message {
  readonly type: EnvelopeType;
  readonly payload: unknown;
  readonly body: string;
  readonly contentType: string;
}

const formMessage = (fields: Record<string, string>): Message => ({
  ...(fields['payload'] === undefined
    ? { type: 'slash_commands', payload: fields }
    : { type: 'interactive', payload: JSON.parse(fields['payload']) as unknown }),
  body: new URLSearchParams(fields).toString(),
  contentType: 'application/x-www-form-urlencoded',
});

/** Slack's v0 signature; `seconds` since 1970. */
function sign(
  secret: string,
  seconds: number,
  { body, contentType, retry }: { body: string; contentType: string; retry: number },
): SignedRequest {
  const digest = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  const retried = { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_error' };
  const headers = {
    'content-type': contentType,
    'x-slack-request-timestamp': String(seconds),
    'x-slack-signature': `v0=${digest}`,
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    ...(retry > 0 ? retried : {}),
  };
  return { body, headers };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Slack's own two words for a bot that does not answer. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.name === 'TimeoutError' ? 'operation_timeout' : 'dispatch_failed';
}
