// The whole product with its Slack channel over the stand-ins of Slack and Azure, by either transport.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { startSlack } from '../../src/channels/slack/channel.ts';
import type { SlackConfig } from '../../src/channels/slack/connect.ts';
import type { ChannelName, Messenger } from '../../src/ports.ts';
import { createSlack, type SlackStandIn } from '../../src/sandbox/slack/slack.ts';
import { createWorld, type World } from '../world.ts';
import { close, listen } from '../channels/slack/slack-world.ts';

export interface SlackChat {
  readonly world: World;
  readonly slack: SlackStandIn;
  readonly botUrl: string;
  /** Of the stand-in's Web API. */
  readonly apiUrl: string;
  close(): Promise<void>;
}

export const secrets = {
  signingSecret: 'journey-secret',
  botToken: 'xoxb-journey',
  appToken: 'xapp-journey',
};

export async function createSlackChat(
  transport: SlackConfig['transport']['kind'],
  options: Parameters<typeof createWorld>[0] = {},
): Promise<SlackChat> {
  const world = await createWorld(options);
  const dataDir = mkdtempSync(join(tmpdir(), 'slack-chat-'));
  const urls = { bot: '', slack: '' };
  const slack = createSlack({ ...secrets, botUrl: () => urls.bot, publicUrl: () => urls.slack, dataDir });
  slack.controls.rateLimit = undefined;
  const [standIn, url] = await listen(express().use('/slack/api', slack.router));
  urls.slack = url;
  slack.attach(standIn);
  const app = express();
  const { dispatch, doors } = world.product;
  const channel = await startSlack({
    app,
    config: {
      transport: { kind: transport, ...secrets } as SlackConfig['transport'],
      tokens: { kind: 'single', botToken: secrets.botToken },
      apiUrl: `${url}/slack/api/`,
    },
    dispatch,
    references: doors.ledger,
    log: doors.log,
    clock: doors.clock,
    pace: { pauses: [5, 5], interval: 1 },
  });
  (doors.messengers as Map<ChannelName, Messenger>).set('slack', channel.messenger);
  const [bot, botUrl] = await listen(app);
  urls.bot = botUrl;
  return {
    world,
    slack,
    botUrl,
    apiUrl: `${url}/slack/api/`,
    close: async () => {
      await channel.close();
      await Promise.all([close(bot), close(standIn)]);
      slack.flush();
      await world.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
