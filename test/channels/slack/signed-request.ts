// Requests as an attacker would make them: any body, any timestamp, any secret.
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { signingSecret } from './slack-world.ts';

export interface Forgery {
  readonly body: string;
  readonly contentType?: string;
  /** Seconds from now. */
  readonly age?: number;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function sendSigned(botUrl: string, forgery: Forgery): Promise<number> {
  const timestamp = String(Math.floor(Date.now() / 1000) - (forgery.age ?? 0));
  const signature = createHmac('sha256', forgery.secret ?? signingSecret)
    .update(`v0:${timestamp}:${forgery.body}`)
    .digest('hex');
  const headers = {
    'content-type': forgery.contentType ?? 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
    ...forgery.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${botUrl}/slack/events`, { method: 'POST', headers, agent }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject).end(forgery.body);
  });
}

const agent = new Agent({ keepAlive: true });

/** The form of a slash command of Dana's. */
export const commandBody = (more: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams({
    command: '/acr',
    text: 'status',
    team_id: 'T01CONTOSO',
    user_id: 'U01DANA',
    channel_id: 'C01RELEASES',
    api_app_id: 'A01WARDEN',
    trigger_id: 't.1',
    response_url: '',
    ...more,
  }).toString();

/** The form of an interaction. */
export const interactionBody = (payload: unknown): string =>
  new URLSearchParams({
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  }).toString();
