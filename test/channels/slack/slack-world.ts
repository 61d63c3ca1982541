// A small world: the stand-in of Slack on one port, our channel with a recording dispatch on another.
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { startSlack } from '../../../src/channels/slack/channel.ts';
import type { SlackConfig } from '../../../src/channels/slack/connect.ts';
import type { Messenger, ReferenceStore } from '../../../src/ports.ts';
import { createSlack, type SlackStandIn } from '../../../src/sandbox/slack/slack.ts';
import {
  createRecordingDispatch,
  createRecordingLog,
  type RecordingDispatch,
} from '../recording-dispatch.ts';

export const signingSecret = 'shhh-sandbox';
export const botToken = 'xoxb-sandbox';
export const appToken = 'xapp-sandbox';

export const oauth = {
  kind: 'oauth',
  clientId: '1.2',
  clientSecret: 'client-shhh',
  stateSecret: 'state-shhh',
  secretKey: 'a-key-of-more-than-thirty-two-characters',
} as const;

export interface World {
  readonly slack: SlackStandIn;
  readonly dispatch: RecordingDispatch;
  readonly messenger: Messenger;
  readonly log: ReturnType<typeof createRecordingLog>;
  /** What the channel stored for itself, by place. */
  readonly kept: ReadonlyMap<string, string>;
  readonly references: ReferenceStore;
  readonly apiUrl: string;
  readonly botUrl: string;
  readonly stop: () => Promise<void>;
}

/** `clock` moves the bot's clock, not the stand-in's. */
export async function startWorld(
  clock: () => number = Date.now,
  config: Partial<SlackConfig> = {},
): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'slack-channel-'));
  const urls = { bot: '', slack: '' };
  const slack = createSlack({
    botUrl: () => urls.bot,
    signingSecret,
    botToken,
    appToken,
    oauth,
    publicUrl: () => urls.slack,
    dataDir,
  });
  slack.controls.rateLimit = undefined;
  const sandbox = express().use('/slack/api', slack.router).use('/slack/oauth', slack.consent);
  const [standIn, url] = await listen(sandbox);
  urls.slack = url;
  slack.attach(standIn);
  const app = express();
  const dispatch = createRecordingDispatch();
  const log = createRecordingLog();
  const references = createReferences();
  const channel = await startSlack({
    app,
    config: {
      transport: { kind: 'http', signingSecret },
      tokens: { kind: 'single', botToken },
      apiUrl: `${url}/slack/api/`,
      validate: true,
      ...config,
    },
    references,
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
    kept: references.kept,
    references,
    apiUrl: `${url}/slack/api/`,
    botUrl,
    stop: async () => {
      await channel.close();
      const broken = log.lines.filter((line) => line.includes('breaks the limits'));
      if (broken.length > 0) throw new Error(broken.join('\n'));
      await Promise.all([close(bot), close(standIn)]);
      slack.flush();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a channel keeps for itself, in memory. */
function createReferences(): ReferenceStore & { readonly kept: ReadonlyMap<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: async (place) => kept.get(place),
    put: async (place, body) => void kept.set(place, body),
    remove: async (place) => void kept.delete(place),
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
