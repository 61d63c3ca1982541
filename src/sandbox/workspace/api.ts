// What the page can ask for: the pictures, and what a person does. Bodies are checked, because the page's code may be
// older than the server's.
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { people, slackTeam, teamsTeam } from '../cast.ts';
import type { SlackStandIn } from '../slack/slack.ts';
import type { TeamsStandIn } from '../teams/teams.ts';
import { slackPicture, teamsPicture } from './pictures.ts';
import type { CommandHint, RegistryPicture, Sent, Setup } from './shapes.ts';

export interface ApiOptions {
  readonly slack: SlackStandIn;
  readonly teams: TeamsStandIn;
  readonly registries: () => RegistryPicture[];
  /** Pushes a fresh image past the bot and gives its digest; throws where a lock refuses it. */
  readonly push: ((registry: string, repository: string, tag: string) => string) | undefined;
  readonly botUrl: () => string;
  readonly commands: readonly CommandHint[];
  readonly tries: readonly string[];
}

const role = z.enum(people.map((one) => one.role));
const given = z.union([
  z.string(),
  z.array(z.string()),
  z.object({ text: z.string(), value: z.string() }),
  z.null(),
]);
const values = z.record(z.string(), z.record(z.string(), given));
const place = z.union([z.object({ viewId: z.string() }), z.object({ channel: z.string(), ts: z.string() })]);
const ids = { actionId: z.string(), blockId: z.string().optional() };
const json = z.record(z.string(), z.unknown());
const post = { as: role, conversation: z.string() };

export function createApi(options: ApiOptions): Router {
  const { slack, teams } = options;
  const router = express.Router();
  router.use(express.json({ limit: '1mb' }));
  router.get('/setup', (_req, res) => void res.json(setupOf(options)));
  router.get('/slack', (req, res) => void res.json(slackPicture(slack, role.parse(req.query['as']))));
  router.get('/teams', (req, res) => void res.json(teamsPicture(teams, role.parse(req.query['as']))));
  router.get('/registries', (_req, res) => void res.json(options.registries()));
  registryRoutes(router, options);
  slackRoutes(router, slack);
  teamsRoutes(router, teams);
  return router;
}

function setupOf(options: ApiOptions): Setup {
  const { commands, tries } = options;
  return {
    people,
    commands,
    tries,
    team: teamsTeam.name,
    workspace: slackTeam.name,
    botUrl: options.botUrl(),
  };
}

type Action<T> = (body: T) => Promise<unknown>;

/** One POST: its body checked, its failure told as JSON. */
function on<T>(router: Router, path: string, schema: z.ZodType<T>, action: Action<T>): void {
  router.post(path, async (req: Request, res: Response) => {
    const body = schema.safeParse(req.body);
    if (!body.success) return void res.status(400).json({ error: z.prettifyError(body.error) });
    try {
      res.json(await action(body.data));
    } catch (error) {
      res.status(409).json({ error: error instanceof Error ? error.message : 'failed' });
    }
  });
}

function sent(delivery: { ok: boolean; status: number; error?: string } | undefined): Sent {
  if (!delivery) return { ok: true, status: 200 };
  const { ok, status, error } = delivery;
  return { ok, status, ...(error ? { error } : {}) };
}

function registryRoutes(router: Router, { push }: ApiOptions): void {
  const pushed = z.object({
    registry: z.string(),
    repository: z.string().regex(/^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/),
    tag: z.string().regex(/^\w[\w.-]{0,127}$/),
  });
  on(router, '/registries/push', pushed, async ({ registry, repository, tag }) => {
    if (!push) throw new Error('There are no registries here to push to.');
    return { digest: push(registry, repository, tag) };
  });
}

function slackRoutes(router: Router, slack: SlackStandIn): void {
  const typed = z.object({ as: role, channel: z.string(), text: z.string() });
  on(router, '/slack/command', typed, async (body) =>
    sent(await slack.command(body.as, body.channel, body.text)),
  );
  on(router, '/slack/message', typed, (body) => {
    slack.message(body.as, body.channel, body.text);
    return Promise.resolve(sent(undefined));
  });
  const acted = z.object({ as: role, place, ...ids, value: given.optional(), values: values.optional() });
  on(router, '/slack/act', acted, async ({ as, place: where, ...choice }) =>
    sent(await slack.act(as, where, choice)),
  );
  const asked = z.object({ as: role, place, ...ids, text: z.string() });
  on(router, '/slack/suggest', asked, async ({ as, place: where, text, ...which }) => {
    const { delivery, options } = await slack.suggest(as, where, which, text);
    return { ...sent(delivery), options };
  });
  const submitted = z.object({ as: role, viewId: z.string(), values });
  on(router, '/slack/submit', submitted, async (body) => {
    const { outcome, delivery } = await slack.submitView(body.as, body.viewId, body.values);
    return { ...sent(delivery), outcome };
  });
  const closed = z.object({ as: role, viewId: z.string(), all: z.boolean() });
  on(router, '/slack/close', closed, async (body) =>
    sent(await slack.closeView(body.as, body.viewId, body.all)),
  );
  on(router, '/slack/home', z.object({ as: role }), async (body) => sent(await slack.openHome(body.as)));
}

function teamsRoutes(router: Router, teams: TeamsStandIn): void {
  const written = z.object({
    ...post,
    text: z.string(),
    mention: z.boolean(),
    thread: z.string().optional(),
  });
  on(router, '/teams/message', written, async ({ as, conversation, text, ...options }) => {
    return sent((await teams.message(as, conversation, text, options)).delivery);
  });
  const pressed = z.object({ ...post, id: z.string(), data: json });
  on(router, '/teams/execute', pressed, async (body) => {
    const { outcome, delivery } = await teams.invoke(body.as, body.conversation, body.id, body.data);
    return { ...sent(delivery), outcome };
  });
  on(router, '/teams/submit', pressed, async (body) => {
    const { dialog, delivery } = await teams.submit(body.as, body.conversation, body.id, body.data);
    return { ...sent(delivery), ...(dialog ? { dialog } : {}) };
  });
  on(router, '/teams/dialog', pressed, async (body) => {
    const { dialog, delivery } = await teams.submitDialog(body.as, body.conversation, body.id, body.data);
    return { ...sent(delivery), dialog };
  });
  const searched = z.object({ ...post, id: z.string(), dataset: z.string(), text: z.string() });
  on(router, '/teams/search', searched, async (body) => {
    const { choices, delivery } = await teams.search(
      body.as,
      body.conversation,
      body.id,
      body.dataset,
      body.text,
    );
    return { ...sent(delivery), choices };
  });
  on(router, '/teams/open', z.object(post), async (body) => ({
    refreshed: await teams.open(body.as, body.conversation),
  }));
}
