// What Slack's refusals mean for a delivery: whether the place is gone, whether waiting helps.
import { DeliveryError } from '../../ports.ts';

/** The shapes of the errors @slack/web-api throws, as far as they matter here. */
interface WebApiError {
  readonly code?: string;
  readonly data?: { readonly error?: string };
  readonly statusCode?: number;
  /** Seconds. */
  readonly retryAfter?: number;
}

const gone = new Set([
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'user_not_found',
  'user_disabled',
  'message_not_found',
  'thread_not_found',
  'team_not_found',
  'account_inactive',
]);
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

/** Slack's own word for a refusal (`channel_not_found`), if it was one. */
export const slackCode = (error: unknown): string | undefined => (error as WebApiError).data?.error;

/** Seconds Slack asks to wait, if it does. */
export const waitSeconds = (error: unknown): number | undefined => (error as WebApiError).retryAfter;

/** Whether the call may have been done though no answer came: never repeat a post on it without looking. */
export function isUncertain(error: unknown): boolean {
  const { code, statusCode } = error as WebApiError;
  return code === 'slack_webapi_request_error' || (statusCode !== undefined && statusCode >= 500);
}

/** Whether the same call may succeed later. */
export function isPassing(error: unknown): boolean {
  const word = slackCode(error);
  return isUncertain(error) || waitSeconds(error) !== undefined || (word !== undefined && passing.has(word));
}

export function deliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const word = slackCode(error);
  if (word !== undefined && gone.has(word)) return new DeliveryError('gone', `Slack: ${word}`);
  const seconds = waitSeconds(error);
  if (isPassing(error))
    return new DeliveryError(
      'transient',
      `Slack: ${word ?? (error as WebApiError).code ?? 'no answer'}`,
      seconds === undefined ? undefined : seconds * 1000,
    );
  return new DeliveryError('refused', `Slack: ${word ?? (error as WebApiError).code ?? 'unknown error'}`);
}
