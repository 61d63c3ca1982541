// The per-user quota of Resource Graph: so many queries in a window, told in two headers, and 429 without a Retry-After.

export interface QuotaOptions {
  /** Queries a user may send in a window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Whether a 429 carries Retry-After (the real service's does not). */
  readonly retryAfter?: boolean;
}

/** What one request cost. `headers` are those of the answer, throttled or not. */
export interface Charge {
  readonly isAllowed: boolean;
  readonly headers: Record<string, string>;
}

const mostUsers = 1000;

/** Counts requests; a user's window begins with the first request after the last window's end. */
export function createQuota(options: QuotaOptions): (user: string, at: number) => Charge {
  const windows = new Map<string, { start: number; used: number }>();
  return (user, at) => {
    let window = windows.get(user);
    if (!window || at - window.start >= options.windowMs) {
      if (windows.size >= mostUsers) dropEnded(windows, at - options.windowMs);
      window = { start: at, used: 0 };
      windows.set(user, window);
    }
    const isAllowed = window.used < options.limit;
    if (isAllowed) window.used += 1;
    const seconds = Math.max(1, Math.ceil((window.start + options.windowMs - at) / 1000));
    const headers = quotaHeaders(options.limit - window.used, seconds);
    return {
      isAllowed,
      headers: isAllowed || !options.retryAfter ? headers : { ...headers, 'Retry-After': String(seconds) },
    };
  };
}

function quotaHeaders(remaining: number, seconds: number): Record<string, string> {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return {
    'x-ms-user-quota-remaining': String(remaining),
    'x-ms-user-quota-resets-after': parts.map((part) => String(part).padStart(2, '0')).join(':'),
  };
}

function dropEnded(windows: Map<string, { start: number }>, before: number): void {
  for (const [user, window] of windows) if (window.start <= before) windows.delete(user);
}

/** The body of a 429. */
export function throttledBody(): object {
  const message =
    'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.';
  return {
    error: {
      code: 'RateLimiting',
      message: 'Please provide below info when asking for support.',
      details: [{ code: 'RateLimiting', message }],
    },
  };
}
