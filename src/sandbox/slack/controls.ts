// The switches tests and demonstrations use on the stand-in of Slack: rate limits and faults by method name.

/** What one call to a method meets. `lost-answer` does the work, then drops the connection. */
export type SlackFault =
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'lost-answer' };

const botScopes = [
  'commands',
  'chat:write',
  'users:read',
  'usergroups:read',
  'channels:read',
  'groups:read',
  'im:read',
  'im:write',
  'channels:history',
  'groups:history',
  'im:history',
];

export interface SlackControls {
  /** Calls of chat.postMessage a channel may take: `perSecond` on the long run, `burst` at once; undefined is off. */
  rateLimit: { perSecond: number; burst: number } | undefined;
  /** Redeliver commands and interactions too. Slack itself redelivers only events. */
  retryInteractions: boolean;
  /** How long the bot may take to answer, in milliseconds. */
  answerWithinMs: number;
  /** The pauses before each redelivery, in milliseconds (Slack: at once, a minute, five minutes). */
  retryPausesMs: readonly number[];
  /** Scopes of the bot's token, as the header x-oauth-scopes names them. */
  scopes: readonly string[];
  /** The next `times` calls of `method` (such as `chat.postMessage`, or `*`) meet the fault. */
  readonly fault: (method: string, fault: SlackFault, times?: number) => void;
  readonly clearFaults: () => void;
}

export interface Gatekeeper {
  readonly controls: SlackControls;
  /** The fault this call meets, which is thereby used up. */
  readonly takeFault: (method: string) => SlackFault | undefined;
  /** Seconds to wait, if the channel is over its limit; 0 takes one of its calls. */
  readonly takeTurn: (channel: string) => number;
  /** Calls that came before their channel's time, since the start. */
  readonly early: () => number;
}

export function createGatekeeper(now: () => number): Gatekeeper {
  const faults: { method: string; fault: SlackFault; left: number }[] = [];
  let early = 0;
  const buckets = new Map<string, { tokens: number; at: number }>();
  const controls: SlackControls = {
    rateLimit: { perSecond: 1, burst: 8 },
    retryInteractions: false,
    scopes: botScopes,
    answerWithinMs: 3000,
    retryPausesMs: [0, 1000, 2000],
    fault: (method, fault, times = 1) => void faults.push({ method, fault, left: times }),
    clearFaults: () => void faults.splice(0),
  };
  const takeFault = (method: string): SlackFault | undefined => {
    const found = faults.find((one) => one.left > 0 && (one.method === method || one.method === '*'));
    if (found) found.left -= 1;
    return found?.fault;
  };
  const takeTurn = (channel: string): number => {
    const limit = controls.rateLimit;
    if (!limit) return 0;
    const last = buckets.get(channel) ?? { tokens: limit.burst, at: now() };
    const tokens = Math.min(limit.burst, last.tokens + ((now() - last.at) / 1000) * limit.perSecond);
    const allowed = tokens >= 1;
    if (!allowed) early += 1;
    buckets.set(channel, { tokens: allowed ? tokens - 1 : tokens, at: now() });
    return allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / limit.perSecond));
  };
  return { controls, takeFault, takeTurn, early: () => early };
}
