// Where the soak plays: the stand-ins of Azure, Slack and Teams in this process, which stay, and the bot in a process of its
// own, which dies and comes back.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { type AzureStandIn, startAzure } from '../../src/sandbox/azure/server.ts';
import { slackTeam, teamsApp, tenantId } from '../../src/sandbox/cast.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { policyFor } from '../../src/sandbox/estate/contoso/policy.ts';
import { createGraph } from '../../src/sandbox/graph.ts';
import { createSlack, type SlackStandIn } from '../../src/sandbox/slack/slack.ts';
import { createTeams, type TeamsStandIn } from '../../src/sandbox/teams/teams.ts';
import { createTokens } from '../../src/sandbox/tokens.ts';
import { freePort } from '../bench/measure.ts';
import { close, listen } from '../channels/slack/slack-world.ts';

export interface Stage {
  readonly azure: AzureStandIn;
  readonly slack: SlackStandIn;
  readonly teams: TeamsStandIn;
  /** Of the stand-ins and of the bot: `azure`, `data`. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly bot: Bot;
  close(): Promise<void>;
}

export interface Bot {
  /** Resolves once it answers on its port. */
  start(): Promise<void>;
  /** SIGKILL: nothing is cleaned up. */
  kill(): Promise<void>;
  /** Ends as an operator ends it; gives the exit code. */
  stop(): Promise<number | null>;
  /** Of the running process, as the kernel counts: resident memory in MiB, and what is open. */
  use(): { readonly memory: number; readonly handles: number };
  /** Exits that nobody asked for. */
  deaths(): number;
}

const secrets = { signingSecret: 'soak-secret', botToken: `xoxb-soak-${slackTeam.id}` };

/** Everything but the bot runs when it resolves. */
export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const tokens = await createTokens(folder);
  const estate = contosoEstate();
  const azure = await startAzure({ dataDir: join(folder, 'azure'), port: 0, estate, tokens, importMs: 200 });
  const botUrl = `http://127.0.0.1:${await freePort()}`;
  const urls = { page: '' };
  const shared = { botUrl: () => botUrl, publicUrl: () => urls.page };
  const slack = createSlack({ ...shared, ...secrets, dataDir: join(folder, 'slack') });
  const teams = createTeams({ ...shared, tokens, dataDir: join(folder, 'teams') });
  // Limits of the chats have suites of their own; here they would only make the end come later.
  slack.controls.rateLimit = undefined;
  teams.controls.limits = [];
  const app = express().use(azure.managedIdentity).use('/graph', createGraph(tokens, teams.posts).router);
  const [server, page] = await listen(app.use('/slack/api', slack.router).use('/teams', teams.router));
  urls.page = page;
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, openPolicy(policyFor(estate, azure.signingCaFile)));
  const environment = {
    ...chatEnvironment(page),
    PORT: new URL(botUrl).port,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    AZURE_CLOUD: 'public',
    AZURE_RESOURCE_MANAGER_URL: azure.url,
    GRAPH_URL: `${page}/graph`,
    IDENTITY_ENDPOINT: `${page}/msi/token`,
    IDENTITY_HEADER: azure.identityHeader,
    NODE_EXTRA_CA_CERTS: azure.caFile,
    ACR_WARDEN_POLICY: policy,
    ACR_WARDEN_DATA: join(folder, 'data'),
  };
  return {
    azure,
    slack,
    teams,
    folder,
    environment,
    bot: createBot(environment),
    close: async () => {
      await Promise.all([close(server), azure.close()]);
    },
  };
}

const chatEnvironment = (page: string): Record<string, string> => ({
  SLACK_SIGNING_SECRET: secrets.signingSecret,
  SLACK_BOT_TOKEN: secrets.botToken,
  SLACK_API_URL: `${page}/slack/api/`,
  MicrosoftAppId: teamsApp.id,
  MicrosoftAppTenantId: tenantId,
  MicrosoftAppType: 'UserAssignedMSI',
  TEAMS_SERVICE_URLS: `${page}/teams/`,
  BotOpenIdMetadata: `${page}/teams/.well-known/openidconfiguration`,
});

/** Nobody scanned or signed what is pushed here, and nobody asks this often: gates and limits are other suites'. */
const openPolicy = (text: string): string =>
  text
    .replace(
      /limits: .*/,
      'limits: { openPerPerson: 9999, openPerRepository: 9999, commandsPerMinute: 999999 }',
    )
    .replace(/ {4}gates:\n(?: {6}.*\n)+/, '');

function createBot(environment: Readonly<Record<string, string>>): Bot {
  let child: ChildProcess | undefined;
  let isWanted = false;
  let deaths = 0;
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    isWanted = false;
    const gone = once(child!, 'exit') as Promise<[number | null]>;
    child?.kill(signal);
    return (await gone)[0];
  };
  return {
    start: async () => {
      const file = new URL('../bench/product-process.ts', import.meta.url);
      child = fork(file, { env: { ...process.env, ...environment }, stdio: 'inherit' });
      isWanted = true;
      child.once('exit', () => {
        if (isWanted) deaths += 1;
      });
      await Promise.race([once(child, 'message'), once(child, 'exit')]);
      if (child.exitCode !== null) throw new Error(`the bot does not start: exit code ${child.exitCode}`);
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    use: () => {
      const proc = `/proc/${child?.pid}`;
      const memory = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`${proc}/status`, 'utf8'))?.[1];
      return { memory: Math.round(Number(memory) / 1024), handles: readdirSync(`${proc}/fd`).length };
    },
    deaths: () => deaths,
  };
}
