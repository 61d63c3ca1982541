// A small world: the stand-in of Teams with a managed-identity endpoint on one port, our channel with a recording dispatch
// on another. Tokens are checked both ways.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { startTeams, type TeamsConfig } from '../../../src/channels/teams/channel.ts';
import type { Messenger, ReferenceStore } from '../../../src/ports.ts';
import { teamsApp, tenantId } from '../../../src/sandbox/cast.ts';
import { createGraph, type GraphStandIn } from '../../../src/sandbox/graph.ts';
import { createTeams, type TeamsStandIn } from '../../../src/sandbox/teams/teams.ts';
import { createTokens, type Tokens } from '../../../src/sandbox/tokens.ts';
import {
  createRecordingDispatch,
  createRecordingLog,
  type RecordingDispatch,
} from '../recording-dispatch.ts';
import { close, listen } from '../slack/slack-world.ts';

export interface World {
  readonly teams: TeamsStandIn;
  readonly graph: GraphStandIn;
  readonly tokens: Tokens;
  readonly dispatch: RecordingDispatch;
  readonly messenger: Messenger;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly references: Map<string, string>;
  readonly config: TeamsConfig;
  readonly url: string;
  readonly botUrl: string;
  readonly stop: () => Promise<void>;
}

// One key for all worlds of a file: the identity client keeps a token beyond its adapter.
const keyDir = mkdtempSync(join(tmpdir(), 'teams-channel-key-'));
const keys = createTokens(keyDir).finally(() => rmSync(keyDir, { recursive: true, force: true }));

export async function startWorld(change: Partial<TeamsConfig> = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'teams-channel-'));
  const tokens = await keys;
  const urls = { bot: '', teams: '' };
  const teams = createTeams({ botUrl: () => urls.bot, publicUrl: () => urls.teams, tokens, dataDir });
  teams.controls.limits = [];
  const graph = createGraph(tokens, teams.posts);
  const sandbox = express().use('/teams', teams.router).use('/graph', graph.router);
  sandbox.get('/identity', async (req, res) => {
    const claims = { aud: req.query['resource'] as string, appid: teamsApp.id, tid: tenantId };
    res.json({
      access_token: await tokens.sign(claims),
      expires_on: String(Math.floor(Date.now() / 1000) + 3600),
      resource: claims.aud,
      token_type: 'Bearer',
    });
  });
  const [standIn, url] = await listen(sandbox);
  urls.teams = url;
  process.env['IDENTITY_ENDPOINT'] = `${url}/identity`;
  process.env['IDENTITY_HEADER'] = 'sandbox';

  const app = express();
  const dispatch = createRecordingDispatch();
  const log = createRecordingLog();
  const references = new Map<string, string>();
  const config: TeamsConfig = {
    appId: teamsApp.id,
    tenantId,
    type: 'userAssignedMsi',
    tenants: [tenantId],
    serviceUrls: [`${url}/teams/`],
    openIdMetadata: `${url}/teams/.well-known/openidconfiguration`,
    graphUrl: `${url}/graph`,
    ...change,
  };
  const channel = await startTeams({
    app,
    config,
    dispatch,
    log,
    clock: Date.now,
    references: storeOf(references),
    pace: { pauses: [5, 5, 5], interval: 1, cap: 10 },
  });
  const [bot, botUrl] = await listen(app);
  urls.bot = botUrl;
  return {
    teams,
    graph,
    tokens,
    dispatch,
    messenger: channel.messenger,
    log,
    references,
    config,
    url,
    botUrl,
    stop: async () => {
      await channel.close();
      await Promise.all([close(bot), close(standIn)]);
      teams.flush();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const storeOf = (map: Map<string, string>): ReferenceStore => ({
  get: (place) => Promise.resolve(map.get(place)),
  put: (place, json) => Promise.resolve(void map.set(place, json)),
  remove: (place) => Promise.resolve(void map.delete(place)),
});
