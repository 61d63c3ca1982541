// A small world for the tests: the stand-in of Teams on one port and a real botbuilder CloudAdapter on another. The
// adapter gets its tokens from a local managed-identity endpoint, as in the sandbox.
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import express from 'express';
import { afterAll } from 'vitest';
import { teamsApp, tenantId } from '../../../src/sandbox/cast.ts';
import { createTeams, type TeamsStandIn } from '../../../src/sandbox/teams/teams.ts';
import { createTokens, type Tokens } from '../../../src/sandbox/tokens.ts';

export interface TeamsWorld {
  readonly teams: TeamsStandIn;
  readonly tokens: Tokens;
  readonly adapter: CloudAdapter;
  readonly url: string;
  readonly botUrl: string;
  readonly dataDir: string;
  /** What the bot does with a turn; set by each test. */
  turn: (context: TurnContext) => Promise<void>;
  readonly stop: () => Promise<void>;
}

// One key for all worlds of a file: the identity client keeps a token beyond its adapter.
const keyDir = mkdtempSync(join(tmpdir(), 'teams-key-'));
const keys = createTokens(keyDir);
afterAll(() => rmSync(keyDir, { recursive: true, force: true }));

export async function startWorld(now?: () => number): Promise<TeamsWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'teams-'));
  const tokens = await keys;
  const urls = { bot: '', teams: '' };
  const teams = createTeams({
    botUrl: () => urls.bot,
    publicUrl: () => urls.teams,
    tokens,
    dataDir,
    ...(now ? { now } : {}),
  });
  const sandbox = express();
  sandbox.use('/teams', teams.router);
  sandbox.get('/identity', async (req, res) => {
    const claims = { aud: req.query['resource'] as string, appid: teamsApp.id, tid: tenantId };
    const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
    res.json({
      access_token: await tokens.sign(claims),
      expires_on,
      resource: claims.aud,
      token_type: 'Bearer',
    });
  });
  const [server, url] = await listen(sandbox);
  urls.teams = url;

  process.env['IDENTITY_ENDPOINT'] = `${url}/identity`;
  process.env['IDENTITY_HEADER'] = 'sandbox';
  const adapter = new CloudAdapter(
    new ConfigurationBotFrameworkAuthentication({
      MicrosoftAppType: 'UserAssignedMSI',
      MicrosoftAppId: teamsApp.id,
      MicrosoftAppTenantId: tenantId,
      BotOpenIdMetadata: `${url}/teams/.well-known/openidconfiguration`,
      // botbuilder takes one such setting as "all are given": the public cloud's defaults must be named with it.
      ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
      ToChannelFromBotOAuthScope: 'https://api.botframework.com',
      ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
      ToBotFromEmulatorOpenIdMetadataUrl: `${url}/teams/.well-known/openidconfiguration`,
      OAuthUrl: `${url}/teams/oauth`,
    }),
  );
  const bot = express();
  const [botServer, botUrl] = await listen(bot);
  urls.bot = botUrl;
  const world: TeamsWorld = {
    teams,
    tokens,
    adapter,
    url,
    botUrl,
    dataDir,
    turn: () => Promise.resolve(),
    stop: async () => {
      await Promise.all([close(server), close(botServer)]);
      teams.flush();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  bot.post('/api/messages', express.json(), (req, res) =>
    adapter.process(req, res, (context) => world.turn(context)),
  );
  return world;
}

async function listen(app: express.Express): Promise<[Server, string]> {
  const server = await new Promise<Server>((resolve) => {
    const started: Server = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}

function close(server: Server): Promise<unknown> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}

/** A card with one Action.Execute. */
export function card(text: string, extra: object = {}): { contentType: string; content: object } {
  return {
    contentType: 'application/vnd.microsoft.card.adaptive',
    content: {
      type: 'AdaptiveCard',
      version: '1.5',
      body: [{ type: 'TextBlock', text, wrap: true }],
      actions: [{ type: 'Action.Execute', title: 'Approve', verb: 'approve', data: { id: 'r-1' } }],
      ...extra,
    },
  };
}
