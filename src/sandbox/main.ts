// The sandbox's own process: stand-ins of whatever is not configured, on loopback, and the workspace page. It tells its
// parent the environment that makes the product speak to it, and leaves the same in a file for commands that come later.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { randomBytes } from 'node:crypto';
import express from 'express';
import { parseFault } from './azure/faults.ts';
import { type AzureStandIn, startAzure } from './azure/server.ts';
import { slackTeam, teamsApp, tenantId } from './cast.ts';
import { contosoEstate } from './estate/contoso/estate.ts';
import { policyFor } from './estate/contoso/policy.ts';
import { loadEstate } from './estate/load.ts';
import { authorityFile, ensureAuthority } from './estate/notation.ts';
import { createGraph } from './graph.ts';
import { createSlack } from './slack/slack.ts';
import { createTeams } from './teams/teams.ts';
import { createTokens } from './tokens.ts';
import { createWorkspace } from './workspace/workspace.ts';

/** What the parent is told, and what `sandbox.json` holds. */
export interface SandboxReady {
  readonly pid: number;
  /** For the product's process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly pageUrl: string | undefined;
  readonly armUrl: string | undefined;
}

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    'bot-url': { type: 'string', default: 'http://127.0.0.1:3978' },
    parts: { type: 'string', default: 'azure,slack,teams' },
    estate: { type: 'string' },
    latency: { type: 'string', default: '0' },
    fault: { type: 'string', multiple: true, default: [] },
    quota: { type: 'string' },
    slack: { type: 'string' },
    // Of another sandbox, whose policy this one is to fit.
    authority: { type: 'string' },
    'print-policy': { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (!['http', 'socket', undefined].includes(values.slack))
    throw new RangeError(`Invalid value for --slack: ${values.slack}. Must be one of: http, socket.`);
  const estate = values.estate ? loadEstate(values.estate) : contosoEstate();
  const dataDir = resolve(values.data ?? join('.acr-warden', 'sandbox'));
  const authorityDir = values.authority ?? join(dataDir, 'azure');
  if (values['print-policy']) {
    // The policy names the authority's certificate, wherever it is saved: so it is there before any image is signed.
    const trusted = authorityFile(authorityDir);
    if (!existsSync(trusted)) ensureAuthority(authorityDir, new Date());
    process.stdout.write(`${policyFor(estate, trusted)}\n`);
    return;
  }
  mkdirSync(dataDir, { recursive: true });
  const parts = new Set(values.parts.split(','));
  if (values.slack !== undefined && !parts.has('slack'))
    throw new RangeError(
      '--slack is about the stand-in of Slack, and here is none: it goes with start and sandbox, where no variable of Slack is set.',
    );
  const port = wholeNumber('--port', values.port);
  const tokens = await createTokens(dataDir);
  const azure = parts.has('azure')
    ? await startAzure({
        dataDir: join(dataDir, 'azure'),
        authorityDir,
        port: port === 0 ? 0 : port + 1,
        estate,
        tokens,
        latencyMs: wholeNumber('--latency', values.latency),
        faults: values.fault.map(parseFault),
        webhook: { url: `${values['bot-url']}/webhooks/acr`, secret: webhookSecret },
        ...(values.quota !== undefined && { quota: wholeNumber('--quota', values.quota) }),
      })
    : undefined;
  const policyFile = join(dataDir, 'policy.yaml');
  if (azure) writeFileSync(policyFile, policyFor(estate, azure.signingCaFile));
  const { server, url, flush } = await openPage(dataDir, port, parts, tokens, azure);
  const chats = parts.has('slack') || parts.has('teams');
  const ready: SandboxReady = {
    pid: process.pid,
    environment: {
      ...(azure && azureEnvironment(azure, url, policyFile)),
      ...(parts.has('slack') && slackEnvironment(url)),
      ...(parts.has('teams') && teamsEnvironment(url)),
    },
    pageUrl: chats ? `${url}/` : undefined,
    armUrl: azure?.url,
  };
  const stateFile = join(dataDir, 'sandbox.json');
  writeFileSync(stateFile, JSON.stringify(ready, null, 2), { mode: 0o600 });
  process.send?.(ready);
  // While the product starts.
  setImmediate(() => azure?.warm());
  const stop = () => {
    flush();
    rmSync(stateFile, { force: true });
    server.close();
    void azure?.close().finally(() => process.exit(0));
    if (!azure) process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A parent that is gone leaves nobody to stop this process.
  process.on('disconnect', stop);
}

/** One's own, to send events by hand; else nobody knows it but the two processes. */
const webhookSecret = process.env['ACR_WEBHOOK_SECRET'] || randomBytes(24).toString('hex');

const slackSecrets = {
  signingSecret: process.env['SANDBOX_SLACK_SIGNING_SECRET'] ?? randomBytes(16).toString('hex'),
  botToken: `xoxb-sandbox-${slackTeam.id}`,
  appToken: `xapp-sandbox-${slackTeam.id}`,
};

/** The plain-http side: stand-ins of the chats, tokens of managed identities, the page. */
async function openPage(
  dataDir: string,
  port: number,
  parts: ReadonlySet<string>,
  tokens: Awaited<ReturnType<typeof createTokens>>,
  azure: AzureStandIn | undefined,
): Promise<{ server: Server; url: string; flush: () => void }> {
  const app = express();
  app.disable('x-powered-by');
  let url = '';
  let flush = () => {};
  let attach: (server: Server) => void = () => {};
  let posts: ReturnType<typeof createTeams>['posts'] = () => [];
  const graph = createGraph(tokens, (channel, root) => posts(channel, root));
  if (azure) app.use(azure.managedIdentity).use('/graph', graph.router);
  const shared = { botUrl: () => values['bot-url'], publicUrl: () => url };
  if (parts.has('slack') || parts.has('teams')) {
    const slack = createSlack({
      ...shared,
      ...slackSecrets,
      dataDir: join(dataDir, 'slack'),
    });
    attach = slack.attach;
    const teams = createTeams({
      ...shared,
      tokens,
      dataDir: join(dataDir, 'teams'),
    });
    posts = teams.posts;
    const workspace = createWorkspace({
      slack,
      teams,
      botUrl: shared.botUrl,
      dataDir,
      ...(azure && { azure }),
    });
    app.use('/slack/api', slack.router);
    app.use('/teams', teams.router);
    app.use(workspace.router);
    flush = () => {
      slack.flush();
      teams.flush();
    };
    if (parts.has('teams')) void installWhenReady(teams);
    workspace
      .build()
      .catch((error: unknown) => console.error(`The workspace page could not be built: ${String(error)}`));
  }
  const server = await new Promise<Server>((resolve, reject) => {
    const opened = app.listen(port, '127.0.0.1', (error?: Error) =>
      error ? reject(error) : resolve(opened),
    );
  });
  attach(server);
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
  return { server, url, flush };
}

/** Teams tells a bot that it was installed; here that is as soon as the bot says it is ready. */
async function installWhenReady(teams: ReturnType<typeof createTeams>): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ready = await fetch(`${values['bot-url']}/readyz`).catch(() => undefined);
    if (ready?.ok) break;
  }
  await teams.install();
}

const azureEnvironment = (azure: AzureStandIn, url: string, policyFile: string): Record<string, string> => ({
  AZURE_CLOUD: 'public',
  AZURE_RESOURCE_MANAGER_URL: azure.url,
  GRAPH_URL: `${url}/graph`,
  IDENTITY_ENDPOINT: `${url}/msi/token`,
  IDENTITY_HEADER: azure.identityHeader,
  NODE_EXTRA_CA_CERTS: azure.caFile,
  ACR_WARDEN_POLICY: policyFile,
  ACR_WEBHOOK_SECRET: webhookSecret,
});

/** By which way Slack's deliveries come to the bot: signed to its address, or over a connection that it opens. */
const slackEnvironment = (url: string): Record<string, string> => ({
  ...(values.slack === 'socket'
    ? { SLACK_APP_TOKEN: slackSecrets.appToken }
    : { SLACK_SIGNING_SECRET: slackSecrets.signingSecret }),
  SLACK_BOT_TOKEN: slackSecrets.botToken,
  SLACK_API_URL: `${url}/slack/api/`,
});

const teamsEnvironment = (url: string): Record<string, string> => ({
  MicrosoftAppId: teamsApp.id,
  MicrosoftAppTenantId: tenantId,
  MicrosoftAppType: 'UserAssignedMSI',
  TEAMS_SERVICE_URLS: `${url}/teams/`,
  BotOpenIdMetadata: `${url}/teams/.well-known/openidconfiguration`,
});

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new RangeError(`Invalid value for ${name}: ${text}. Must be a whole number.`);
  return value;
}

const unwritable = new Set(['EACCES', 'ENOTDIR', 'EROFS', 'EEXIST', 'EPERM', 'ENOSPC']);

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  const port = (error as { port?: number }).port;
  const text =
    code !== undefined && unwritable.has(code)
      ? `Cannot write to the data folder ${values.data} (${code}). Set ACR_WARDEN_DATA to a folder that this user may write to.`
      : code === 'EADDRINUSE'
        ? `Port ${port ?? values.port} is in use. Set PORT to another one (the sandbox uses PORT+1 and following).`
        : message;
  if (process.send) process.send({ failed: text });
  else console.error(text);
  process.exitCode = 78;
  process.disconnect?.();
});
