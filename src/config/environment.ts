// The only reader of process.env. Says which of Slack, Teams and Azure are set up, and refuses halves: a channel with
// one of its variables missing is an error that names it, never a silent fallback.
import { mkdirSync, accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { readBotSecret } from './bot-secret.ts';
import { ConfigurationError } from './configuration-error.ts';

export interface Environment {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly policyFile: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly logLevel: string;
  readonly auditKey: string | undefined;
  /** What ACR webhooks and Event Grid deliveries have to know; without it none is taken. */
  readonly webhookSecret: string | undefined;
  /** Whether the terminal may write, as one of the policy's people: set by the launcher for its own sandbox only. */
  readonly terminalWrites: boolean;
  readonly slack: SlackSettings | undefined;
  readonly teams: TeamsSettings | undefined;
  readonly azure: AzureSettings | undefined;
}

interface SlackSettings {
  readonly transport:
    | { readonly kind: 'http'; readonly signingSecret: string }
    | { readonly kind: 'socket'; readonly appToken: string };
  readonly tokens:
    | { readonly kind: 'single'; readonly botToken: string }
    | {
        readonly kind: 'oauth';
        readonly clientId: string;
        readonly clientSecret: string;
        readonly stateSecret: string;
        readonly secretKey: string;
      };
  readonly apiUrl?: string;
  readonly validate?: boolean;
}

interface TeamsSettings {
  readonly appId: string;
  readonly tenantId: string;
  readonly type: 'singleTenant' | 'userAssignedMsi' | 'none';
  readonly password?: string;
  readonly certificate?: { readonly thumbprint: string; readonly privateKey: string };
  readonly tenants: readonly string[];
  readonly serviceUrls: readonly string[];
  readonly openIdMetadata?: string;
  readonly graphUrl?: string;
}

interface AzureSettings {
  readonly cloud: 'public' | 'china' | 'usgov';
  readonly resourceManagerUrl: string | undefined;
  /** Where Microsoft Graph is, if not where the cloud has it. */
  readonly graphUrl: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

const teamsServiceUrls = [
  'https://smba.trafficmanager.net/',
  'https://smba.infra.gcc.teams.microsoft.com/',
  'https://smba.infra.gov.teams.microsoft.us/',
  'https://smba.infra.dod.teams.microsoft.us/',
];

/** Reads the variables of the contract. Throws ConfigurationError. */
export function readEnvironment(variables: Variables = process.env): Environment {
  const host = variables['HOST'] ?? '127.0.0.1';
  const policyFile = variables['ACR_WARDEN_POLICY'];
  const azure = readAzure(variables);
  return {
    port: readPort(variables['PORT']),
    host,
    data: resolve(variables['ACR_WARDEN_DATA'] ?? '.acr-warden'),
    policyFile: policyFile ? resolve(policyFile) : undefined,
    databaseUrl: readDatabaseUrl(variables['DATABASE_URL']),
    logLevel: oneOf('LOG_LEVEL', variables['LOG_LEVEL'] ?? 'info', [
      'debug',
      'info',
      'warn',
      'error',
      'silent',
    ]),
    auditKey: variables['ACR_WARDEN_AUDIT_KEY'],
    webhookSecret: readWebhookSecret(variables['ACR_WEBHOOK_SECRET']),
    terminalWrites: variables['ACR_WARDEN_TERMINAL'] === 'writes' && isOnLoopback(azure?.resourceManagerUrl),
    slack: readSlack(variables),
    teams: readTeams(variables, host),
    azure,
  };
}

/** Makes the data folder, or says why it cannot be used. */
export function prepareDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new ConfigurationError(
      `Cannot write to the data folder ${folder} (${code}). Set ACR_WARDEN_DATA to a folder that this user may write to.`,
    );
  }
}

/** Deliveries by Socket Mode where there is an app token, else signed; one bot token, or installations by OAuth. */
function readSlack(variables: Variables): SlackSettings | undefined {
  const { SLACK_APP_TOKEN: appToken, SLACK_CLIENT_ID: clientId, SLACK_API_URL: apiUrl } = variables;
  const delivery = appToken ? 'SLACK_APP_TOKEN' : 'SLACK_SIGNING_SECRET';
  const oauth = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET', 'ACR_WARDEN_SECRET_KEY'];
  const names = [delivery, ...(clientId ? oauth : ['SLACK_BOT_TOKEN'])];
  const found = requireAll('Slack', variables, names, [...oauth.slice(0, 3), 'SLACK_API_URL']);
  if (!found) return undefined;
  const word = (name: string): string => found[name] ?? '';
  if (clientId && variables['SLACK_BOT_TOKEN'])
    throw new ConfigurationError(
      'Slack is configured twice: SLACK_BOT_TOKEN is of one workspace, SLACK_CLIENT_ID is for installations of several. Remove one of them.',
    );
  if (clientId && word('ACR_WARDEN_SECRET_KEY').length < 32)
    throw new ConfigurationError(
      'Invalid value for ACR_WARDEN_SECRET_KEY: it is too short. Must be 32 characters or more; make one with: openssl rand -base64 32',
    );
  return {
    transport: appToken
      ? { kind: 'socket', appToken }
      : { kind: 'http', signingSecret: word('SLACK_SIGNING_SECRET') },
    tokens: clientId
      ? {
          kind: 'oauth',
          clientId,
          clientSecret: word('SLACK_CLIENT_SECRET'),
          stateSecret: word('SLACK_STATE_SECRET'),
          secretKey: word('ACR_WARDEN_SECRET_KEY'),
        }
      : { kind: 'single', botToken: word('SLACK_BOT_TOKEN') },
    ...(apiUrl && { apiUrl: checkUrl('SLACK_API_URL', apiUrl) }),
    ...(variables['LOG_LEVEL'] === 'debug' && { validate: true }),
  };
}

function readTeams(variables: Variables, host: string): TeamsSettings | undefined {
  if (variables['TEAMS_AUTH'] === 'none') return openTeams(variables, host);
  oneOf('TEAMS_AUTH', variables['TEAMS_AUTH'] || 'none', ['none']);
  const found = requireAll(
    'Teams',
    variables,
    ['MicrosoftAppId', 'MicrosoftAppTenantId', 'MicrosoftAppType'],
    [
      'MicrosoftAppPassword',
      'MicrosoftAppCertificateThumbprint',
      'MicrosoftAppCertificatePrivateKey',
      'TEAMS_TENANTS',
      'TEAMS_SERVICE_URLS',
      'BotOpenIdMetadata',
    ],
  );
  if (!found) return undefined;
  const appId = found['MicrosoftAppId'] ?? '';
  const tenantId = found['MicrosoftAppTenantId'] ?? '';
  const type = oneOf('MicrosoftAppType', found['MicrosoftAppType'] ?? '', [
    'SingleTenant',
    'UserAssignedMSI',
  ]);
  const openIdMetadata = variables['BotOpenIdMetadata'];
  return {
    appId,
    tenantId,
    type: type === 'SingleTenant' ? 'singleTenant' : 'userAssignedMsi',
    ...(type === 'SingleTenant' && readBotSecret(variables)),
    tenants: list(variables['TEAMS_TENANTS']) ?? [tenantId],
    serviceUrls: list(variables['TEAMS_SERVICE_URLS']) ?? teamsServiceUrls,
    ...(variables['GRAPH_URL'] && { graphUrl: checkGraph(variables['GRAPH_URL']) }),
    ...(openIdMetadata && { openIdMetadata: checkUrl('BotOpenIdMetadata', openIdMetadata) }),
  };
}

/** Without tokens, for local clients: loopback only. */
function openTeams(variables: Variables, host: string): TeamsSettings {
  if (!isLoopback(host)) {
    throw new ConfigurationError(
      `TEAMS_AUTH=none lets anybody speak for anybody, so it works on loopback only; HOST is ${host}. Remove TEAMS_AUTH or set HOST=127.0.0.1.`,
    );
  }
  const tenantId = variables['MicrosoftAppTenantId'] ?? '00000000-0000-0000-0000-000000000001';
  return {
    appId: '',
    tenantId,
    type: 'none',
    tenants: list(variables['TEAMS_TENANTS']) ?? [tenantId],
    serviceUrls: list(variables['TEAMS_SERVICE_URLS']) ?? ['http://127.0.0.1', 'http://localhost'],
  };
}

function readAzure(variables: Variables): AzureSettings | undefined {
  const cloud = variables['AZURE_CLOUD'];
  const url = variables['AZURE_RESOURCE_MANAGER_URL'];
  const graphUrl = variables['GRAPH_URL'];
  if (!cloud) {
    if (url)
      throw new ConfigurationError(
        'Azure is half configured: AZURE_RESOURCE_MANAGER_URL is set but AZURE_CLOUD is not. Set AZURE_CLOUD to public, china or usgov.',
      );
    return undefined;
  }
  return {
    cloud: oneOf('AZURE_CLOUD', cloud, ['public', 'china', 'usgov']),
    resourceManagerUrl: url ? checkHttps('AZURE_RESOURCE_MANAGER_URL', url) : undefined,
    graphUrl: graphUrl ? checkGraph(graphUrl) : undefined,
  };
}

/** All of the variables, none of them, or an error that names the missing ones. `others` only make sense beside them. */
function requireAll(
  what: string,
  variables: Variables,
  names: readonly string[],
  others: readonly string[],
): Variables | undefined {
  const missing = names.filter((name) => !variables[name]);
  if (missing.length === names.length && others.every((name) => !variables[name])) return undefined;
  if (missing.length > 0) {
    throw new ConfigurationError(
      `${what} is half configured: set ${missing.join(' and ')} as well, or none of ${names.join(', ')}.`,
    );
  }
  return variables;
}

function oneOf<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value);
  if (!found)
    throw new ConfigurationError(
      `Invalid value for ${name}: ${value}. Must be one of: ${allowed.join(', ')}.`,
    );
  return found;
}

function readPort(text = '3978'): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new ConfigurationError(`Invalid value for PORT: ${text}. Must be a number from 0 to 65535.`);
  return port;
}

/** Never shown in an error. It is all that tells a registry from anybody else, so it must not be guessed. */
function readWebhookSecret(secret: string | undefined): string | undefined {
  if (!secret) return undefined;
  if (/^[\x21-\x7e]{16,200}$/.test(secret)) return secret;
  throw new ConfigurationError(
    'Invalid value for ACR_WEBHOOK_SECRET. Must be 16 to 200 printable characters without blanks, for example from: openssl rand -hex 24',
  );
}

/** Never shown in an error: it holds a password. */
function readDatabaseUrl(url: string | undefined): string | undefined {
  if (!url) return undefined;
  if (URL.canParse(url) && ['postgres:', 'postgresql:'].includes(new URL(url).protocol)) return url;
  throw new ConfigurationError(
    'Invalid value for DATABASE_URL. Must be postgres://ROLE:PASSWORD@HOST:PORT/DATABASE; in the password, what is not a letter or digit is written as %XX.',
  );
}

const isLoopback = (host: string): boolean => ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(host);
const isOnLoopback = (url: string | undefined): boolean =>
  url !== undefined && isLoopback(new URL(url).hostname);

function checkUrl(name: string, value: string): string {
  if (!URL.canParse(value))
    throw new ConfigurationError(`Invalid value for ${name}: ${value}. Must be a URL.`);
  return value;
}

/** Tokens are sent there, and the SDKs send none without TLS. */
function checkHttps(name: string, value: string): string {
  if (URL.canParse(value) && new URL(value).protocol === 'https:') return value;
  throw new ConfigurationError(`Invalid value for ${name}: ${value}. Must be an https URL.`);
}

/** Without TLS on loopback only: tokens are sent there. */
const checkGraph = (value: string): string =>
  URL.canParse(value) && new URL(value).protocol === 'http:' && isOnLoopback(value)
    ? value
    : checkHttps('GRAPH_URL', value);

const list = (text: string | undefined): readonly string[] | undefined =>
  text
    ?.split(',')
    .map((part) => part.trim())
    .filter(Boolean);
