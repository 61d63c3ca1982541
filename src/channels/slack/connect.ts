// The way out to Slack's Web API, by the tokens of the configuration: of one workspace, or of as many as installed the app.
import type { webApi } from '@slack/bolt';
import { DeliveryError, type Log, type ReferenceStore } from '../../ports.ts';
import { createWorkspaces, type SlackApi, type Workspaces } from './api.ts';
import {
  type Installations,
  singleInstallation,
  type StoredInstallations,
  storedInstallations,
} from './installations.ts';

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
  const apiUrl = config.apiUrl && `${config.apiUrl.replace(/\/+$/, '')}/`;
  const client = new options.webApi.WebClient(undefined, {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
    logger: quietLogger(log),
  });
  if (tokens.kind === 'single') {
    const workspaces = createWorkspaces(client, pauses, async () => tokens.botToken);
    const anonymous = workspaces('');
    const installations = singleInstallation(tokens.botToken, anonymous);
    return { workspaces, installations, stored: undefined, anonymous, apiUrl };
  }
  const stored = storedInstallations(references, tokens.secretKey);
  const workspaces = createWorkspaces(client, pauses, async (team) => {
    const found = await stored.find(team);
    if (found) return found.token;
    throw new DeliveryError('gone', `Slack: the app is not installed in ${team || 'this workspace'}`);
  });
  const anonymous = createWorkspaces(client, pauses, async () => '')('');
  return { workspaces, installations: stored, stored, anonymous, apiUrl };
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
