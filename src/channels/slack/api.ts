// The one way to Slack's Web API: waits where Slack says so, repeats what may be repeated, and draws a card again
// without the newer blocks where a workspace does not take them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import type { Card } from '../../cards/card.ts';
import { isPassing, isUncertain, slackCode, waitSeconds } from './errors.ts';
import { type RenderedMessage, renderMessage, type Surface } from './render.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface SlackApi {
  /** Calls a method. `once`: not repeated where it may have been done already. Throws what @slack/web-api throws. */
  call(method: string, args: Json, options?: { readonly once?: boolean }): Promise<Json>;
}

/** The Web API as the app of one workspace speaks to it. */
export type Workspaces = (team: string) => SlackApi;

/** The longest a call waits for a rate limit before it gives up, in seconds. */
const longestWait = 30;

/**
 * `pauses`: milliseconds between repeats. The client must neither retry nor wait for rate limits by itself. `tokenOf`
 * throws where the app is not installed. `look` is shown what is about to be sent.
 */
export function createWorkspaces(
  client: webApi.WebClient,
  pauses: readonly number[],
  tokenOf: (team: string) => Promise<string>,
  look?: (method: string, args: Json) => void,
): Workspaces {
  return (team) => ({
    call: async (method, args, options = {}) => {
      look?.(method, args);
      const token = await tokenOf(team);
      for (let attempt = 0; ; attempt += 1) {
        try {
          return (await client.apiCall(method, { ...args, ...(token && { token }) })) as unknown as Json;
        } catch (error) {
          const pause = pauses[attempt];
          const seconds = waitSeconds(error);
          const hopeless = !isPassing(error) || (seconds ?? 0) > longestWait;
          if (pause === undefined || hopeless || (options.once && isUncertain(error))) throw error;
          await sleep(seconds === undefined ? pause : seconds * 1000);
        }
      }
    },
  });
}

const blockCodes = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_arguments',
  'msg_blocks_too_long',
]);

/** Sends a card, and where its blocks are refused sends it again without the native data blocks. */
export async function sendCard<T>(
  card: Card,
  send: (message: RenderedMessage) => Promise<T>,
  surface: Surface = 'message',
): Promise<T> {
  try {
    return await send(renderMessage(card, { surface }));
  } catch (error) {
    if (!blockCodes.has(slackCode(error) ?? '')) throw error;
    return send(renderMessage(card, { native: false }));
  }
}
