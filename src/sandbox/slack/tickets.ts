// The short-lived rights Slack hands out: trigger ids (3 s, once) and response urls (30 minutes, five uses).
import { randomUUID } from 'node:crypto';

const triggerLifeMs = 3000;
const responseLifeMs = 30 * 60_000;
const responseUses = 5;

/** What a response url may change. */
export interface ResponseTicket {
  readonly channel: string;
  readonly user: string;
  /** The message the click was on; none for a slash command. */
  readonly messageTs?: string;
  readonly expires: number;
  uses: number;
}

export interface Tickets {
  /** A new trigger id for this person. */
  readonly trigger: (user: string) => string;
  /** The person of the trigger id, which is then used up; or Slack's error. */
  readonly exchange: (id: string) => { user: string } | { error: string };
  /** The token of a new response url. */
  readonly response: (ticket: Pick<ResponseTicket, 'channel' | 'user' | 'messageTs'>) => string;
  /** Uses a response url once; or Slack's error. */
  readonly respond: (token: string) => ResponseTicket | { error: 'expired_url' | 'used_url' };
}

export function createTickets(now: () => number): Tickets {
  const triggers = new Map<string, { user: string; expires: number; used: boolean }>();
  const responses = new Map<string, ResponseTicket>();
  return {
    trigger: (user) => {
      forget(triggers, now());
      const id = `${now()}.${Math.floor(Math.random() * 1e9)}.${randomUUID().replaceAll('-', '')}`;
      triggers.set(id, { user, expires: now() + triggerLifeMs, used: false });
      return id;
    },
    exchange: (id) => {
      const found = triggers.get(id);
      if (!found) return { error: 'invalid_trigger' };
      if (found.used) return { error: 'exchanged_trigger_id' };
      if (found.expires < now()) return { error: 'expired_trigger_id' };
      found.used = true;
      return { user: found.user };
    },
    response: (ticket) => {
      forget(responses, now());
      const token = randomUUID();
      responses.set(token, { ...ticket, expires: now() + responseLifeMs, uses: 0 });
      return token;
    },
    respond: (token) => {
      const found = responses.get(token);
      if (!found || found.expires < now()) return { error: 'expired_url' };
      if (found.uses >= responseUses) return { error: 'used_url' };
      found.uses += 1;
      return found;
    },
  };
}

/** Forgets what ended an hour ago: until then an old ticket still gets its own error. */
function forget(tickets: Map<string, { expires: number }>, now: number): void {
  for (const [key, { expires }] of tickets) if (expires < now - 3_600_000) tickets.delete(key);
}
