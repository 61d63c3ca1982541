// Calls to the Bot Connector: our token, hosts that we know, a pause where Teams asks for one, and Teams' refusals as
// what they mean for a delivery.
import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '../../ports.ts';
import { isJson, type Json, part, text } from './activity.ts';
import { isKnownService } from './guard.ts';
import type { TeamsConfig, TeamsTransport } from './transport.ts';

export interface Connector {
  /** Calls `v3/PATH` at the service. Throws ConnectorError. */
  call(serviceUrl: string, method: 'GET' | 'POST' | 'PUT', path: string, body?: Json): Promise<Json>;
}

/** A refusal of the Bot Connector. */
export class ConnectorError extends DeliveryError {
  /** HTTP status; 0: no answer. */
  readonly status: number;
  constructor(status: number, problem: DeliveryError['problem'], message: string, retryAfter?: number) {
    super(problem, message, retryAfter);
    this.name = 'ConnectorError';
    this.status = status;
  }
}

const passing = new Set([412, 429, 500, 502, 503, 504]);
const goneCodes = new Set([
  'MessageWritesBlocked',
  'ConversationBlockedByUser',
  'BotNotInConversationRoster',
  'ConversationNotFound',
  'ActivityNotFoundInConversation',
]);
/** The longest pause Teams may ask for within one call, in milliseconds. */
const longestPause = 30_000;

/** `pauses`: milliseconds before each repeat. */
export function createConnector(
  transport: TeamsTransport,
  config: TeamsConfig,
  pauses: readonly number[],
): Connector {
  const once = async (url: string, method: string, body?: Json): Promise<Response> => {
    const authorization = await transport.authorization();
    return fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
  };
  return {
    call: async (serviceUrl, method, path, body) => {
      if (!isKnownService(serviceUrl, config))
        throw new ConnectorError(0, 'refused', 'The service URL is none of TEAMS_SERVICE_URLS.');
      const url = `${serviceUrl.replace(/\/+$/, '')}/v3/${path}`;
      for (let attempt = 0; ; attempt += 1) {
        const error = await once(url, method, body).then(readAnswer, unreachable);
        if (!(error instanceof ConnectorError)) return error;
        const pause = pauses[attempt];
        const asked = error.retryAfter ?? 0;
        // Without an answer the message may be there: only the job that wanted it knows whether to try again.
        const isOver = pause === undefined || error.status === 0 || !passing.has(error.status);
        if (isOver || asked > longestPause) throw error;
        await sleep(Math.max(pause, asked));
      }
    },
  };
}

async function readAnswer(answer: Response): Promise<Json | ConnectorError> {
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return isJson(body) ? body : {};
  const code = text(part(body, 'error')['code']);
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  const isGone = answer.status === 404 || goneCodes.has(code);
  const problem = isGone ? 'gone' : passing.has(answer.status) ? 'transient' : 'refused';
  const retryAfter = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return new ConnectorError(
    answer.status,
    problem,
    `Teams: ${answer.status} ${code.slice(0, 80)}`,
    retryAfter,
  );
}

const unreachable = (error: unknown): ConnectorError =>
  new ConnectorError(
    0,
    'transient',
    `Teams could not be reached: ${error instanceof Error ? error.name : 'error'}`,
  );
