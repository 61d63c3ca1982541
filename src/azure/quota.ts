// Resource Graph's quota: about 15 queries in 5 seconds a user, told in headers. The SDK does not retry a 429 that has
// no Retry-After (measured), so this policy waits for what the headers say. Before that, a bucket of 12 in 5 seconds
// keeps us from getting there.
import type { PipelinePolicy } from '@azure/core-rest-pipeline';

const bucket = { size: 12, windowMs: 5000 };
const maxTries = 20;

export interface QuotaOptions {
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** One policy for all Resource Graph requests of this process. */
export function quotaPolicy(options: QuotaOptions = {}): PipelinePolicy {
  const now = options.now ?? Date.now;
  const sleep =
    options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)));
  let sent: number[] = [];
  let blockedUntil = 0;

  /** Waits for a place in the window; several waiters come one after the other, because each looks again. */
  async function takePlace(): Promise<void> {
    for (;;) {
      const at = now();
      sent = sent.filter((time) => time > at - bucket.windowMs);
      const wait = Math.max(
        blockedUntil - at,
        sent.length < bucket.size ? 0 : (sent[0] ?? at) + bucket.windowMs - at,
      );
      if (wait <= 0) {
        sent.push(at);
        return;
      }
      await sleep(wait);
    }
  }

  return {
    name: 'resourceGraphQuotaPolicy',
    sendRequest: async (request, next) => {
      for (let attempt = 1; ; attempt++) {
        await takePlace();
        const response = await next(request);
        const wait = waitOf(
          response.headers.get('retry-after'),
          response.headers.get('x-ms-user-quota-resets-after'),
        );
        if (response.status === 429) {
          blockedUntil = now() + (wait ?? 5000);
          if (attempt < maxTries) continue;
        } else if (response.headers.get('x-ms-user-quota-remaining') === '0' && wait !== undefined) {
          blockedUntil = now() + wait;
        }
        return response;
      }
    },
  };
}

/** Retry-After in seconds, else `hh:mm:ss` until the quota is new; milliseconds, rounded up to be surely after it. */
function waitOf(retryAfter: string | undefined, resetsAfter: string | undefined): number | undefined {
  if (retryAfter && Number.isFinite(Number(retryAfter))) return Number(retryAfter) * 1000;
  const match = /^(\d+):(\d\d):(\d\d)/.exec(resetsAfter ?? '');
  if (!match) return undefined;
  const seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
  return Math.max(250, seconds * 1000);
}
