// The workspace page's server: a person plays both chats in a browser, as one of the sample people, and watches the
// registries change.
import express, { type Router } from 'express';
import type { SlackStandIn } from '../slack/slack.ts';
import type { TeamsStandIn } from '../teams/teams.ts';
import { createApi } from './api.ts';
import { buildPage } from './build.ts';
import { defaultCommands, defaultTries } from './commands.ts';
import { createLive } from './live.ts';
import { registriesOf } from './registries.ts';
import type { CommandHint } from './shapes.ts';

export interface Workspace {
  /** Mounted at /, after the stand-ins. */
  readonly router: Router;
  /** Bundles the page if its sources changed; until then / answers 503. */
  readonly build: () => Promise<void>;
}

/** `azure.inspect()` gives `[{name, stage?, repositories: [{name, tags: [{name, digest, attributes}], manifests}]}]`. */
export function createWorkspace(options: {
  slack: SlackStandIn;
  teams: TeamsStandIn;
  azure?: { inspect(): unknown; pushSample?: (registry: string, repository: string, tag: string) => string };
  botUrl: () => string;
  dataDir: string;
  commands?: readonly CommandHint[];
  tries?: readonly string[];
}): Workspace {
  const { slack, teams, azure, botUrl } = options;
  const registries = () => registriesOf(azure?.inspect());
  const live = createLive(() => JSON.stringify(registries()));
  slack.subscribe(() => live.tell('slack'));
  teams.subscribe(() => live.tell('teams'));
  let page: express.Handler | undefined;

  const router = express.Router();
  router.use(onlyThisHost, (_req, res, next) => {
    // Nothing is fetched from elsewhere; styles are set on elements by the card renderer.
    res.set(
      'content-security-policy',
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    );
    next();
  });
  router.get('/api/events', live.open);
  const { commands = defaultCommands, tries = defaultTries } = options;
  router.use(
    '/api',
    createApi({ slack, teams, registries, push: azure?.pushSample, botUrl, commands, tries }),
  );
  router.use((req, res, next) => {
    if (page) return page(req, res, next);
    res.status(503).type('text').send('The workspace page is being built. Try again in a moment.');
  });
  return {
    router,
    build: async () => {
      page = express.static(await buildPage(options.dataDir));
    },
  };
}

/** Another site's page must not act in the workspace: only same-origin requests may change anything. */
const onlyThisHost: express.Handler = (req, res, next) => {
  const { origin, host } = req.headers;
  if (origin === undefined || origin === `http://${host}` || req.method === 'GET') return next();
  res.status(403).json({ error: 'Other sites may not act here.' });
};
