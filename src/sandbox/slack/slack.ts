// The sandbox's stand-in of Slack: it answers the bot's Web API calls, keeps channels, messages and views, and sends the
// bot the signed requests Slack would send when a person types or clicks.
import type { Server } from 'node:http';
import express, { type Router } from 'express';
import type { SlackControls } from './controls.ts';
import { createCore } from './core.ts';
import { createDeliver, type Delivery } from './deliver.ts';
import { createInstallPages, type InstallPages, type OAuthApp } from './install.ts';
import { chatMethods } from './methods-chat.ts';
import { readMethods } from './methods-read.ts';
import { viewMethods } from './methods-views.ts';
import { createPeopleActions, type PeopleActions } from './people-actions.ts';
import { createResponseUrls } from './response-url.ts';
import { createSocketHub, type SocketHub } from './socket.ts';
import type { SlackState } from './state.ts';
import { createWebApi, type Method } from './web-api.ts';

export interface SlackStandIn extends PeopleActions {
  /** Mounted at /slack/api. Brings its own body parsers: mount it before any other. */
  readonly router: Router;
  /** Mounted at /slack/oauth: the page that asks whether an app may be installed. */
  readonly consent: InstallPages['router'];
  /** What Slack holds now; tests may change flags of users and channels. */
  readonly state: SlackState;
  readonly controls: SlackControls;
  /** Calls the listener after each change; returns how to stop. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Calls by method, posts refused because they came too soon, and deliveries to the bot, since the start. */
  readonly counters: () => {
    calls: Record<string, number>;
    early: number;
    deliveries: { sent: number; failed: number; retried: number };
  };
  /** Sends the last signed request again, byte for byte. */
  readonly replay: () => Promise<Delivery>;
  /** Socket Mode: takes the bot's connection on this server; from then on deliveries go over it. */
  readonly attach: (server: Server) => void;
  readonly socket: Pick<SocketHub, 'isConnected' | 'refresh' | 'cut'>;
  /** Writes the state to its file now. */
  readonly flush: () => void;
}

/** `now` in milliseconds since 1970; `publicUrl` is where this stand-in is reached, without a slash at its end. */
export function createSlack(options: {
  botUrl: () => string;
  signingSecret: string;
  botToken: string;
  /** For apps.connections.open; without it there is no Socket Mode. */
  appToken?: string;
  /** For installing; without it nothing can be installed. */
  oauth?: OAuthApp;
  publicUrl: () => string;
  dataDir: string;
  now?: () => number;
}): SlackStandIn {
  const now = options.now ?? Date.now;
  const core = createCore({ dataDir: options.dataDir, publicUrl: options.publicUrl, now });
  const { botUrl, signingSecret } = options;
  const socket = createSocketHub();
  const deliver = createDeliver({ botUrl, signingSecret, socket, controls: core.gate.controls, now });
  const install = createInstallPages({ ...options, app: options.oauth, now });
  const methods: Record<string, Method> = {
    ...readMethods,
    ...chatMethods,
    ...viewMethods,
    'oauth.v2.access': install.exchange,
    'apps.connections.open': () => ({ ok: true, url: socket.ticket(options.publicUrl()) }),
  };
  const api = createWebApi(core, options, methods);
  const router = express.Router();
  router.use(createResponseUrls(core), api.router);
  return {
    ...createPeopleActions(core, deliver),
    router,
    consent: install.router,
    state: core.state,
    controls: core.gate.controls,
    subscribe: core.subscribe,
    counters: () => ({ calls: { ...api.calls }, early: core.gate.early(), deliveries: deliver.counters() }),
    replay: deliver.replay,
    attach: socket.attach,
    socket,
    flush: core.flush,
  };
}
