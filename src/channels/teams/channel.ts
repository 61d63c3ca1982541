// Teams, put together: `/api/messages` on the shared express app, and the way out. The SDK is loaded only here and only
// when Teams is configured.
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Clock, Dispatch, Log, Messenger, ReferenceStore } from '../../ports.ts';
import { isJson, readActivity } from './activity.ts';
import { createConnector } from './connector.ts';
import { createMessenger } from './deliver.ts';
import { tenantOf, turnAway } from './guard.ts';
import { createFinder, createPosts } from './posts.ts';
import { createPresenter } from './present.ts';
import { createReceive, type Reply } from './receive.ts';
import { createReferences } from './references.ts';
import { createTransport, type TeamsConfig, type TeamsTransport } from './transport.ts';

export type { TeamsConfig } from './transport.ts';

export interface TeamsOptions {
  readonly app: Express;
  readonly config: TeamsConfig;
  readonly dispatch: Dispatch;
  readonly log: Log;
  readonly clock: Clock;
  readonly references: ReferenceStore;
  /** Milliseconds between repeats of a call, and messages of a thread in an interval; tests make them short. */
  readonly pace?: { readonly pauses: readonly number[]; readonly interval: number; readonly cap: number };
}

const endpoint = '/api/messages';
const bodyLimit = 1024 * 1024;
const slowPauses = [500, 2000, 8000];

/** Serves `/api/messages` on the app, which must have no body parser before it. Needs no answer of Teams to start. */
export async function startTeams(
  options: TeamsOptions,
): Promise<{ readonly messenger: Messenger; close(): Promise<void> }> {
  const { app, config, dispatch, log } = options;
  const transport = await createTransport(config);
  const connector = createConnector(transport, config, options.pace?.pauses ?? slowPauses);
  const references = createReferences(options.references, options.clock);
  const messenger = createMessenger({
    connector,
    references,
    appId: config.appId,
    // Local clients without tokens do not.
    refreshes: config.type !== 'none',
    posts: createPosts(
      options.references,
      createFinder({ transport, graphUrl: config.graphUrl ?? 'https://graph.microsoft.com', log }),
    ),
    ...(options.pace && { pace: options.pace }),
  });
  const running = new Set<Promise<unknown>>();
  const background = (work: Promise<unknown>): void => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  const receive = createReceive({
    dispatch,
    references,
    log,
    background,
    presenter: createPresenter(messenger),
  });
  const router = express.Router();
  router.post('/', express.json({ limit: bodyLimit, type: () => true }), async (request, response) => {
    send(response, await admit(request, { config, transport, log, receive }));
  });
  router.all('/', (_request, response) => void response.status(405).end());
  router.use(malformed);
  app.use(endpoint, router);
  return {
    messenger,
    close: async () => {
      await Promise.all(running);
      await messenger.idle();
    },
  };
}

interface Admission {
  readonly config: TeamsConfig;
  readonly transport: TeamsTransport;
  readonly log: Log;
  readonly receive: ReturnType<typeof createReceive>;
}

/** Turned away, or handled. No error's words leave the process. */
async function admit(request: Request, { config, transport, log, receive }: Admission): Promise<Reply> {
  const body: unknown = request.body;
  if (!isJson(body)) return { status: 400 };
  const activity = readActivity(body);
  const refused = turnAway(activity, config);
  if (refused) {
    log.warn('an activity was turned away', { reason: refused.reason });
    return { status: refused.status };
  }
  if (!(await transport.isAuthentic(request.headers.authorization ?? '', body))) {
    log.warn('an activity with a bad token was turned away', {});
    return { status: 401 };
  }
  try {
    return await receive(activity, tenantOf(activity, config));
  } catch (error) {
    log.error('an activity of Teams failed', { type: activity.type, error: String(error) });
    return { status: 500 };
  }
}

function send(response: Response, reply: Reply): void {
  response.status(reply.status);
  if (reply.body) response.json(reply.body);
  else response.end();
}

/** What is no JSON, or too much of it. */
function malformed(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const { status } = error as { readonly status?: number };
  response.status(status === 413 ? 413 : 400).end();
}
