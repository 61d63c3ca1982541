// Slack, put together: deliveries over signed HTTP or Socket Mode, one workspace or many, and one way out. Bolt is loaded
// only here and only when Slack is configured.
import type { App, Receiver } from '@slack/bolt';
import type { Express } from 'express';
import { type Clock, type Dispatch, type Log, type Messenger, type ReferenceStore } from '../../ports.ts';
import { connectSlack, quietLogger, type SlackConfig } from './connect.ts';
import { createMessenger } from './deliver.ts';
import { bodyLimit, createGuard } from './guard.ts';
import { registerHome } from './home.ts';
import { createLadder } from './identity.ts';
import { registerRemoval, serveInstall } from './install.ts';
import { createPresenter } from './present.ts';
import { registerReceivers } from './receive.ts';
import { createSocket } from './socket.ts';

export interface SlackOptions {
  readonly app: Express;
  readonly config: SlackConfig;
  readonly dispatch: Dispatch;
  readonly references: ReferenceStore;
  readonly log: Log;
  readonly clock: Clock;
  /** Milliseconds between repeats of a call, and between messages of a channel; tests make them short. */
  readonly pace?: { readonly pauses: readonly number[]; readonly interval: number };
}

const endpoint = '/slack/events';
const slowPace = { pauses: [500, 2000, 8000], interval: 1000 };

/**
 * Serves `/slack/events` on the app, which must have no body parser before it, or opens a socket. Needs no answer of Slack
 * to start.
 */
export async function startSlack(
  options: SlackOptions,
): Promise<{ readonly messenger: Messenger; close(): Promise<void> }> {
  const { App, webApi } = await import('@slack/bolt');
  const { config, dispatch, log, clock } = options;
  const { tokens } = config;
  const pace = options.pace ?? slowPace;
  const { workspaces, installations, stored, anonymous, apiUrl } = connectSlack({
    ...options,
    webApi,
    pauses: pace.pauses,
  });
  if (tokens.kind === 'oauth' && stored)
    serveInstall(options.app, { ...tokens, installations: stored, api: anonymous, apiUrl, clock, log });
  const messenger = createMessenger({ workspaces, clock, log, interval: pace.interval });
  const presenter = createPresenter({ workspaces, messenger, apiUrl: config.apiUrl, log });
  const ladder = createLadder({ workspaces, installations, clock });

  const transport = await openTransport(options, apiUrl, pace.pauses[0] ?? 500);
  const bolt: App = new App({
    receiver: transport.receiver,
    // Who is not installed is refused by the ladder, with a sentence and a row in the audit.
    authorize: async ({ teamId, enterpriseId }) => {
      const found = await installations.find(teamId ?? '', enterpriseId ?? '');
      return { ...(teamId && { teamId }), ...(found && { botToken: found.token }) };
    },
    logger: quietLogger(log),
    ...(apiUrl && { clientOptions: { slackApiUrl: apiUrl } }),
  });
  bolt.error(async (error) => log.error('a delivery of Slack failed', { error: error.message }));
  const running = new Set<Promise<unknown>>();
  const background = (work: Promise<unknown>): void => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  registerReceivers(bolt, { dispatch, ladder, presenter, workspaces, log, background });
  registerHome(bolt, { dispatch, ladder, workspaces, log });
  if (stored) registerRemoval(bolt, stored, log);
  transport.open();
  return {
    messenger,
    close: async () => {
      await transport.close();
      await Promise.all(running);
      await messenger.idle();
    },
  };
}

interface Transport {
  readonly receiver: Receiver;
  open(): void;
  close(): Promise<void>;
}

async function openTransport(
  { app, config, clock, log }: SlackOptions,
  apiUrl: string | undefined,
  firstPause: number,
): Promise<Transport> {
  const { ExpressReceiver, SocketModeReceiver } = await import('@slack/bolt');
  const logger = quietLogger(log);
  if (config.transport.kind === 'socket') {
    const clientOptions = { ...(apiUrl && { slackApiUrl: apiUrl }), retryConfig: { retries: 0 } };
    const { appToken } = config.transport;
    const receiver = new SocketModeReceiver({
      appToken,
      logger,
      autoReconnectEnabled: false,
      installerOptions: { clientOptions },
    });
    return createSocket(receiver, log, firstPause);
  }
  app.use(endpoint, createGuard(clock));
  const { signingSecret } = config.transport;
  const receiver = new ExpressReceiver({ app, signingSecret, endpoints: endpoint, bodyLimit, logger });
  return { receiver, open: () => undefined, close: async () => undefined };
}
