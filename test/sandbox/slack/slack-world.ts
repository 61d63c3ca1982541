// A small world for the tests: the stand-in of Slack on one port and a real Bolt app on another, both ephemeral.
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, ExpressReceiver } from '@slack/bolt';
import { LogLevel } from '@slack/bolt';
import { rapidRetryPolicy } from '@slack/web-api/dist/retry-policies.js';
import { WebClient } from '@slack/web-api';
import express from 'express';
import { createSlack, type SlackStandIn } from '../../../src/sandbox/slack/slack.ts';

export const signingSecret = 'shhh-sandbox';
export const botToken = 'xoxb-sandbox';

export interface SlackWorld {
  readonly slack: SlackStandIn;
  readonly app: App;
  readonly receiver: ExpressReceiver;
  /** A client with the bot's token that does not retry. */
  readonly client: WebClient;
  readonly url: string;
  readonly dataDir: string;
  readonly stop: () => Promise<void>;
}

/** Starts both; `now` moves the stand-in's clock. */
export async function startWorld(now?: () => number): Promise<SlackWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'slack-'));
  const ports = { bot: '', slack: '' };
  const slack = createSlack({
    botUrl: () => ports.bot,
    signingSecret,
    botToken,
    publicUrl: () => ports.slack,
    dataDir,
    ...(now ? { now } : {}),
  });
  const sandbox = express();
  sandbox.use('/slack/api', slack.router);
  const [server, url] = await listen(sandbox);
  ports.slack = url;

  const receiver = new ExpressReceiver({
    signingSecret,
    endpoints: '/slack/events',
    logLevel: LogLevel.ERROR,
  });
  const clientOptions = { slackApiUrl: `${url}/slack/api/` };
  const app = new App({ token: botToken, receiver, clientOptions, logLevel: LogLevel.ERROR });
  const [botServer, botUrl] = await listen(receiver.app);
  ports.bot = botUrl;
  const client = new WebClient(botToken, {
    ...clientOptions,
    retryConfig: { ...rapidRetryPolicy, retries: 0 },
    rejectRateLimitedCalls: true,
  });
  return {
    slack,
    app,
    receiver,
    client,
    url,
    dataDir,
    stop: async () => {
      await Promise.all([close(server), close(botServer)]);
      slack.flush();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function listen(app: express.Express | ExpressReceiver['app']): Promise<[Server, string]> {
  const server = await new Promise<Server>((resolve) => {
    const started: Server = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}

export function close(server: Server): Promise<unknown> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}
