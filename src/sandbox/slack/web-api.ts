// The Web API under /slack/api: who may call (Bearer token), how arguments come (form, JSON, query), and which
// method answers. What the methods do is in methods-*.ts.
import express, { type Request, type Response, type Router } from 'express';
import { isJson, type Json } from './block-checks.ts';
import type { SlackCore } from './core.ts';

/** An answer of the Web API: `{ok: true, ...}` or `{ok: false, error}`. */
export type Answer = Json & { ok: boolean };
export type Method = (args: Json, core: SlackCore) => Answer;

export function fail(error: string, more: Json = {}): Answer {
  return { ok: false, error, ...more };
}

/** Arguments that Slack takes as JSON within a form. */
const jsonArguments = ['blocks', 'metadata', 'view', 'message', 'attachments'];

export interface WebApi {
  readonly router: Router;
  /** Calls since the start, by method. */
  readonly calls: Record<string, number>;
}

export interface ApiTokens {
  readonly botToken: string;
  readonly appToken?: string;
}

export function createWebApi(core: SlackCore, tokens: ApiTokens, methods: Record<string, Method>): WebApi {
  const calls: Record<string, number> = {};
  const router = express.Router();
  router.use(express.urlencoded({ extended: false, limit: '4mb' }), express.json({ limit: '4mb' }));
  router.post('/upload/:id', (req, res) => {
    req.resume();
    res.type('text').send('OK');
  });
  router.all('/:method', (req, res) => {
    const name = req.params.method;
    const args = argumentsOf(req);
    const isForApp = name.startsWith('apps.connections.');
    const refused =
      name === 'oauth.v2.access'
        ? undefined
        : authProblem(req, args, isForApp ? tokens.appToken : tokens.botToken);
    if (refused) return void res.json(fail(refused));
    const method = methods[name];
    if (!method) return void res.json(fail('unknown_method', { req_method: name }));
    calls[name] = (calls[name] ?? 0) + 1;
    answer(core, name, method, args, res);
  });
  return { router, calls };
}

function answer(core: SlackCore, name: string, method: Method, args: Json, res: Response): void {
  const fault = core.gate.takeFault(name);
  if (fault?.kind === 'drop') return void res.socket?.destroy();
  if (fault?.kind === 'error') return void res.json(fail(fault.error));
  if (fault?.kind === 'status') {
    if (fault.retryAfter !== undefined) res.set('retry-after', String(fault.retryAfter));
    return void res.status(fault.status).json(fail(fault.status === 429 ? 'ratelimited' : 'internal_error'));
  }
  const wait = name === 'chat.postMessage' ? core.gate.takeTurn(String(args['channel'])) : 0;
  if (wait > 0) return void res.set('retry-after', String(wait)).status(429).json(fail('ratelimited'));
  res.set('x-oauth-scopes', core.gate.controls.scopes.join(','));
  const result = method(args, core);
  if (fault?.kind === 'lost-answer') return void res.socket?.destroy();
  res.json(result);
}

function authProblem(req: Request, args: Json, expected: string | undefined): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
  const token = bearer ?? args['token'];
  if (typeof token !== 'string' || token === '') return 'not_authed';
  return token === expected ? undefined : 'invalid_auth';
}

function argumentsOf(req: Request): Json {
  const body: unknown = req.body;
  const args: Json = { ...req.query, ...(isJson(body) ? body : {}) };
  for (const name of jsonArguments) {
    const value = args[name];
    if (typeof value === 'string') args[name] = parsed(value);
  }
  return args;
}

/** The JSON, or the string itself, which the validator then refuses. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A truthy argument, whether it came as JSON or in a form. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === '1';
}
