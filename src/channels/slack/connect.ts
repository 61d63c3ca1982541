// The way out to Slack's Web API, by the tokens of the configuration: of one workspace, or of as many as installed the app.
import type { webApi } from '@slack/bolt';
import { DeliveryError, type Log, type ReferenceStore } from '../../ports.ts';
import { createWorkspaces, type Json, type SlackApi, type Workspaces } from './api.ts';
import { isJson } from './incoming.ts';
import {
  type Installations,
  singleInstallation,
  type StoredInstallations,
  storedInstallations,
} from './installations.ts';
import { checkMessage, checkView } from './limits.ts';

export interface SlackConfig {
  /** How deliveries come: signed to our address, or over a connection that we open. */
  readonly transport:
    | { readonly kind: 'http'; readonly signingSecret: string }
    | { readonly kind: 'socket'; readonly appToken: string };
  /** Where tokens come from: one of the environment, or whoever installs the app. */
  readonly tokens:
    | { readonly kind: 'single'; readonly botToken: string }
    | {
        readonly kind: 'oauth';
        readonly clientId: string;
        readonly clientSecret: string;
        readonly stateSecret: string;
        /** Encrypts installations at rest. */
        readonly secretKey: string;
      };
  /** Another Slack-speaking server; default Slack's own. */
  readonly apiUrl?: string;
  /** While developing: whatever is sent is held against Slack's limits first, and the log says what breaks them. */
  readonly validate?: boolean;
}

interface Connection {
  readonly workspaces: Workspaces;
  readonly installations: Installations;
  /** Where installations come by OAuth. */
  readonly stored: StoredInstallations | undefined;
  /** Where no workspace is known yet: by the one token, or by none. */
  readonly anonymous: SlackApi;
  /** With a slash at its end. */
  readonly apiUrl: string | undefined;
}

/** `pauses`: milliseconds between repeats of a call. Asks Slack nothing yet. */
export function connectSlack(options: {
  readonly config: SlackConfig;
  readonly webApi: typeof webApi;
  readonly references: ReferenceStore;
  readonly log: Log;
  readonly pauses: readonly number[];
}): Connection {
  const { config, references, log, pauses } = options;
  const { tokens } = config;
  const look = config.validate ? reportProblems(log) : undefined;
  const apiUrl = config.apiUrl && `${config.apiUrl.replace(/\/+$/, '')}/`;
  const client = new options.webApi.WebClient(undefined, {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
    logger: quietLogger(log),
  });
  if (tokens.kind === 'single') {
    const workspaces = createWorkspaces(client, pauses, async () => tokens.botToken, look);
    const anonymous = workspaces('');
    const installations = singleInstallation(tokens.botToken, anonymous);
    return { workspaces, installations, stored: undefined, anonymous, apiUrl };
  }
  const stored = storedInstallations(references, tokens.secretKey);
  const workspaces = createWorkspaces(
    client,
    pauses,
    async (team) => {
      const found = await stored.find(team);
      if (found) return found.token;
      throw new DeliveryError('gone', `Slack: the app is not installed in ${team || 'this workspace'}`);
    },
    look,
  );
  const anonymous = createWorkspaces(client, pauses, async () => '')('');
  return { workspaces, installations: stored, stored, anonymous, apiUrl };
}

/** Where and what, never the words themselves. */
function reportProblems(log: Log) {
  return (method: string, args: Json): void => {
    const { blocks, view } = args;
    const problems = [
      ...(Array.isArray(blocks) ? checkMessage(blocks as object[]) : []),
      ...(isJson(view) ? checkView(view) : []),
    ];
    if (problems.length > 0) log.error('this breaks the limits of Slack', { method, problems });
  };
}

/** Bolt's log lines may hold bodies, so only their first words are kept, and only from warnings up. */
export function quietLogger(log: Log) {
  const words = (messages: readonly unknown[]): string => String(messages[0]).slice(0, 120);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...messages: unknown[]) => log.warn('Slack library', { said: words(messages) }),
    error: (...messages: unknown[]) => log.error('Slack library', { said: words(messages) }),
    setLevel: () => undefined,
    getLevel: () => 'warn' as never,
    setName: () => undefined,
  };
}
