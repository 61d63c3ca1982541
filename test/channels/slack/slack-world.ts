// A small world: the stand-in of Slack on one port, our channel with a recording dispatch on another.
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { startSlack } from '../../../src/channels/slack/channel.ts';
import type { Messenger } from '../../../src/ports.ts';
import { createSlack, type SlackStandIn } from '../../../src/sandbox/slack/slack.ts';
import {
  createRecordingDispatch,
  createRecordingLog,
  type RecordingDispatch,
} from '../recording-dispatch.ts';

export const signingSecret = 'shhh-sandbox';
export const botToken = 'xoxb-sandbox';

export interface World {
  readonly slack: SlackStandIn;
  readonly dispatch: RecordingDispatch;
  readonly messenger: Messenger;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly botUrl: string;
  readonly stop: () => Promise<void>;
}

/** `clock` moves the bot's clock, not the stand-in's. */
export async function startWorld(clock: () => number = Date.now): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'slack-channel-'));
  const urls = { bot: '', slack: '' };
  const slack = createSlack({
    botUrl: () => urls.bot,
    signingSecret,
    botToken,
    publicUrl: () => urls.slack,
    dataDir,
  });
  slack.controls.rateLimit = undefined;
  const sandbox = express().use('/slack/api', slack.router);
  const [standIn, url] = await listen(sandbox);
  urls.slack = url;
  const app = express();
  const dispatch = createRecordingDispatch();
  const log = createRecordingLog();
  const channel = await startSlack({
    app,
    config: { signingSecret, botToken, apiUrl: `${url}/slack/api/` },
    dispatch,
    log,
    clock,
    pace: { pauses: [5, 5, 5], interval: 1 },
  });
  const [bot, botUrl] = await listen(app);
  urls.bot = botUrl;
  return {
    slack,
    dispatch,
    messenger: channel.messenger,
    log,
    botUrl,
    stop: async () => {
      await channel.close();
      await Promise.all([close(bot), close(standIn)]);
      slack.flush();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function listen(app: express.Express): Promise<[Server, string]> {
  const server = await new Promise<Server>((resolve) => {
    const started: Server = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}

export function close(server: Server): Promise<unknown> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}
