// The whole workspace for browser tests: both stand-ins and the page on one port, and a small bot (Bolt and botbuilder)
// on another that shows every kind of block and card once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { teamsApp, tenantId } from '../../../src/sandbox/cast.ts';
import { createSlack, type SlackStandIn } from '../../../src/sandbox/slack/slack.ts';
import { createTeams, type TeamsStandIn } from '../../../src/sandbox/teams/teams.ts';
import { createTokens } from '../../../src/sandbox/tokens.ts';
import { createWorkspace } from '../../../src/sandbox/workspace/workspace.ts';
import { close, listen } from '../slack/slack-world.ts';
import { createShowcase } from './showcase-bot.ts';

export interface WorkspaceWorld {
  readonly url: string;
  readonly slack: SlackStandIn;
  readonly teams: TeamsStandIn;
  /** What the stand-in Azure shows; tests change it. */
  readonly estate: { registries: Registry[] };
  /** Ends the bot, as a crash would. */
  readonly stopBot: () => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

interface Attributes {
  writeEnabled: boolean;
  deleteEnabled: boolean;
}
export const locked: Attributes = { writeEnabled: false, deleteEnabled: false };
export const unlocked: Attributes = { writeEnabled: true, deleteEnabled: true };

export interface Registry {
  name: string;
  stage: string;
  repositories: { name: string; tags: { name: string; digest: string; attributes: Attributes }[] }[];
}

const signingSecret = 'shhh-sandbox';
const botToken = 'xoxb-sandbox';

export async function startWorkspace(): Promise<WorkspaceWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'workspace-'));
  const tokens = await createTokens(dataDir);
  const urls = { bot: '', sandbox: '' };
  const common = { botUrl: () => urls.bot, publicUrl: () => urls.sandbox, dataDir };
  const slack = createSlack({ ...common, signingSecret, botToken });
  const teams = createTeams({ ...common, tokens });
  const estate = { registries: sampleRegistries() };
  const workspace = createWorkspace({
    slack,
    teams,
    azure: { inspect: () => estate.registries },
    botUrl: common.botUrl,
    dataDir,
  });
  const app = express();
  app.use('/slack/api', slack.router);
  app.use('/teams', teams.router);
  app.get('/identity', async (req, res) => {
    const aud = req.query['resource'] as string;
    const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
    res.json({
      access_token: await tokens.sign({ aud, appid: teamsApp.id, tid: tenantId }),
      expires_on,
      resource: aud,
    });
  });
  app.use(workspace.router);
  await workspace.build();
  const [server, url] = await listen(app);
  urls.sandbox = url;
  const [botServer, botUrl] = await listen(createShowcase({ url, signingSecret, botToken }));
  urls.bot = botUrl;
  return {
    url,
    slack,
    teams,
    estate,
    stopBot: () => close(botServer),
    stop: async () => {
      await Promise.all([close(server), close(botServer)]);
      slack.flush();
      teams.flush();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function sampleRegistries(): Registry[] {
  const digest = (seed: string): string => `sha256:${seed.repeat(64).slice(0, 64)}`;
  return ['dev', 'uat', 'prod'].map((stage, index) => ({
    name: `contoso${stage}`,
    stage,
    repositories: [
      {
        name: 'shop/web',
        tags: ['v1.4.0', 'v1.4.1', 'v1.4.2'].slice(0, 3 - index).map((name, at) => ({
          name,
          digest: digest(`a${at}f`),
          attributes: stage === 'prod' ? locked : unlocked,
        })),
      },
      {
        name: 'shop/api',
        tags: [{ name: 'v2.0.1', digest: digest('7be'), attributes: stage === 'prod' ? locked : unlocked }],
      },
    ],
  }));
}
