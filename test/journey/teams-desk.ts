// The real Teams channel over a whole world: the stand-in of Teams in front, the product with its store and registries
// behind. Tokens are checked as in production; whoever is refused here is refused there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { startTeams, type TeamsConfig } from '../../src/channels/teams/channel.ts';
import type { ChannelName, Messenger } from '../../src/ports.ts';
import { teamsApp, tenantId } from '../../src/sandbox/cast.ts';
import { createGraph } from '../../src/sandbox/graph.ts';
import { createTeams, type TeamsStandIn } from '../../src/sandbox/teams/teams.ts';
import { close, listen } from '../channels/slack/slack-world.ts';
import type { World } from '../world.ts';

export interface Desk {
  readonly teams: TeamsStandIn;
  /** Of the stand-in; activities name `URL/teams/` as their service. */
  readonly url: string;
  readonly botUrl: string;
  close(): Promise<void>;
}

/** `keysOf`: changes the key set that the bot checks tokens by. */
export async function openDesk(
  { product, tokens }: World,
  change: Partial<TeamsConfig> = {},
  keysOf = (keys: { keys: object[] }) => keys,
): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'teams-desk-'));
  const urls = { bot: '', teams: '' };
  const shown = { ...tokens, jwks: async () => keysOf(await tokens.jwks()) };
  const teams = createTeams({
    botUrl: () => urls.bot,
    publicUrl: () => urls.teams,
    tokens: shown,
    dataDir: folder,
  });
  teams.controls.limits = [];
  const graph = createGraph(tokens, teams.posts);
  const [standIn, url] = await listen(express().use('/teams', teams.router).use('/graph', graph.router));
  urls.teams = url;
  const app = express();
  const { doors, dispatch } = product;
  const channel = await startTeams({
    app,
    config: {
      appId: teamsApp.id,
      tenantId,
      type: 'userAssignedMsi',
      tenants: [tenantId],
      serviceUrls: [`${url}/teams/`],
      openIdMetadata: `${url}/teams/.well-known/openidconfiguration`,
      graphUrl: `${url}/graph`,
      ...change,
    },
    dispatch,
    log: doors.log,
    clock: doors.clock,
    references: doors.ledger,
    pace: { pauses: [5, 5, 5], interval: 1, cap: 10 },
  });
  const messengers = doors.messengers as Map<ChannelName, Messenger>;
  messengers.set('teams', channel.messenger);
  const [bot, botUrl] = await listen(app);
  urls.bot = botUrl;
  return {
    teams,
    url,
    botUrl,
    close: async () => {
      await channel.close();
      await Promise.all([close(bot), close(standIn)]);
      teams.flush();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
