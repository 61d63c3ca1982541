// In front of Bolt, which takes a timestamp an hour ahead: the window holds both ways, and what is no delivery of Slack is
// turned away before its body is read.
import type { RequestHandler } from 'express';
import type { Clock } from '../../ports.ts';

/** Seconds a delivery may be old, or ahead of our clock. */
const windowSeconds = 300;
/** Bytes of a request body. */
export const bodyLimit = 1024 * 1024;

export function createGuard(clock: Clock): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'POST') return void response.status(405).end();
    if (Number(request.headers['content-length'] ?? 0) > bodyLimit) return void response.status(413).end();
    const stamp = request.headers['x-slack-request-timestamp'];
    const sent = typeof stamp === 'string' && /^\d{1,12}$/.test(stamp) ? Number(stamp) : undefined;
    const isOurs = sent !== undefined && Math.abs(clock() / 1000 - sent) <= windowSeconds;
    if (!isOurs) return void response.status(401).end();
    next();
  };
}
