// Slack, put together: one guard, one Bolt app on the shared express app, one way out. Bolt is loaded only here and only
// when Slack is configured.
import type { App } from '@slack/bolt';
import type { Express } from 'express';
import type { Clock, Dispatch, Log, Messenger } from '../../ports.ts';
import { createApi, type Json, type SlackApi } from './api.ts';
import { createMessenger } from './deliver.ts';
import { bodyLimit, createGuard } from './guard.ts';
import { registerHome } from './home.ts';
import { createLadder, type Installation } from './identity.ts';
import { createPresenter } from './present.ts';
import { registerReceivers } from './receive.ts';

interface SlackConfig {
  readonly signingSecret: string;
  readonly botToken: string;
  /** Another Slack-speaking server; default Slack's own. */
  readonly apiUrl?: string;
}

export interface SlackOptions {
  readonly app: Express;
  readonly config: SlackConfig;
  readonly dispatch: Dispatch;
  readonly log: Log;
  readonly clock: Clock;
  /** Milliseconds between repeats of a call, and between messages of a channel; tests make them short. */
  readonly pace?: { readonly pauses: readonly number[]; readonly interval: number };
}

const endpoint = '/slack/events';
const slowPace = { pauses: [500, 2000, 8000], interval: 1000 };

/** Serves `/slack/events` on the app, which must have no body parser before it. Needs no answer of Slack to start. */
export async function startSlack(
  options: SlackOptions,
): Promise<{ readonly messenger: Messenger; close(): Promise<void> }> {
  const { App, ExpressReceiver, webApi } = await import('@slack/bolt');
  const { app: server, config, dispatch, log, clock } = options;
  const pace = options.pace ?? slowPace;
  const apiUrl = config.apiUrl && `${config.apiUrl.replace(/\/+$/, '')}/`;
  const client = new webApi.WebClient(config.botToken, {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
    logger: quietLogger(log),
  });
  const api = createApi(client, pace.pauses);
  const installation = rememberInstallation(api);
  const messenger = createMessenger({ api, clock, log, interval: pace.interval });
  const presenter = createPresenter({ api, messenger, apiUrl: config.apiUrl, log });
  const ladder = createLadder({ api, installation, clock });

  server.use(endpoint, createGuard(clock));
  const bolt: App = new App({
    receiver: new ExpressReceiver({
      app: server,
      signingSecret: config.signingSecret,
      endpoints: endpoint,
      bodyLimit,
      logger: quietLogger(log),
    }),
    authorize: async () => ({ botToken: config.botToken, teamId: (await installation()).team }),
    logger: quietLogger(log),
    ...(apiUrl && { clientOptions: { slackApiUrl: apiUrl } }),
  });
  bolt.error(async (error) => log.error('a delivery of Slack failed', { error: error.message }));
  const running = new Set<Promise<unknown>>();
  const background = (work: Promise<unknown>): void => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  registerReceivers(bolt, { dispatch, ladder, presenter, api, log, background });
  registerHome(bolt, { dispatch, ladder, api, log });
  return {
    messenger,
    close: async () => {
      await Promise.all(running);
      await messenger.idle();
    },
  };
}

/** auth.test once; a failure is not remembered, so Slack may be down when the bot starts. */
function rememberInstallation(api: SlackApi): () => Promise<Installation> {
  let known: Promise<Installation> | undefined;
  const ask = async (): Promise<Installation> => {
    const answer: Json = await api.call('auth.test', {});
    const word = (key: string): string => (typeof answer[key] === 'string' ? answer[key] : '');
    return { team: word('team_id'), enterprise: word('enterprise_id'), appId: word('app_id') };
  };
  return () => {
    known ??= ask().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

/** Bolt's log lines may hold bodies, so only their first words are kept, and only from warnings up. */
function quietLogger(log: Log) {
  const words = (messages: readonly unknown[]): string => String(messages[0]).slice(0, 120);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...messages: unknown[]) => log.warn('Slack library', { said: words(messages) }),
    error: (...messages: unknown[]) => log.error('Slack library', { said: words(messages) }),
    setLevel: () => undefined,
    getLevel: () => 'warn' as never,
    setName: () => undefined,
  };
}
