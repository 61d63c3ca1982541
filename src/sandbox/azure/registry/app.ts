// One registry on its own port: reads a request, asks who it is, and hands it to the operation. Everything before the
// operation is here, so that no operation can forget it.
import express, { type Express, type Request, type Response } from 'express';
import { type Answer, send } from '../answer.ts';
import type { Counters } from '../counters.ts';
import type { Faults } from '../faults.ts';
import type { Gate } from '../gate.ts';
import type { Store } from '../store.ts';
import type { Webhooks } from '../webhooks.ts';
import { isCovered, type Need, needOf } from './access.ts';
import { type CredentialOptions, type Credentials, createCredentials, readBasic } from './credentials.ts';
import { errorAnswer, gateAnswer, RegistryError } from './errors.ts';
import { operate } from './operations.ts';
import { type Route, routeOf } from './route.ts';
import { isStorage, readStorage } from './storage.ts';

export interface RegistryOptions extends CredentialOptions {
  readonly store: Store;
  readonly faults: Faults;
  readonly gate: Gate;
  readonly counters: Counters;
  readonly webhooks: Webhooks;
  readonly blobsElsewhere: boolean;
}

const bodyLimit = 256 * 1024 * 1024;
const authorizationHelp =
  'authentication required, visit https://aka.ms/acr/authorization for more information.';

export function createRegistryApp(options: RegistryOptions): Express {
  const credentials = createCredentials(options);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(async (request: Request, response: Response) => {
    const early = await options.gate.pass(request, gateAnswer);
    if (early === 'dropped') return;
    const answer = early ?? (await answerOf(options, credentials, request).catch(failed));
    send(response, {
      ...answer,
      headers: { 'Docker-Distribution-Api-Version': 'registry/2.0', ...answer.headers },
    });
  });
  return app;
}

async function answerOf(
  options: RegistryOptions,
  credentials: Credentials,
  request: Request,
): Promise<Answer> {
  if (request.path.startsWith('/oauth2/')) return oauth(options, credentials, request);
  if (isStorage(request))
    return readStorage(options.store, options.registry.name.toLowerCase(), request, Date.now());
  const route = routeOf(request.path);
  if (route === undefined) throw new RegistryError(404, 'UNSUPPORTED', `no such operation: ${request.path}`);
  options.counters.count(`registry ${request.method} ${route.kind}`);
  if (options.faults.strikes('403-registry')) {
    throw new RegistryError(403, 'DENIED', 'client with IP is not allowed access');
  }
  const pass = await authorize(options, credentials, request, route);
  if (!pass.isAllowed) return pass.challenge;
  const bytes = await readBody(request);
  return operate(options, { route, request, bytes, mayPull: pass.mayPull, now: Date.now() });
}

async function oauth(options: RegistryOptions, credentials: Credentials, request: Request): Promise<Answer> {
  const [path, query] = request.originalUrl.split('?');
  options.counters.count(`registry ${request.method} ${path}`);
  const basic = readBasic(request.headers.authorization);
  if (request.method === 'GET' && path === '/oauth2/token') {
    return credentials.token(new URLSearchParams(query), basic);
  }
  const form = new URLSearchParams((await readBody(request)).toString('utf8'));
  if (request.method === 'POST' && path === '/oauth2/token') return credentials.token(form, basic);
  if (request.method === 'POST' && path === '/oauth2/exchange') return credentials.exchange(form);
  throw new RegistryError(404, 'UNSUPPORTED', `no such operation: ${path}`);
}

type Pass =
  | { readonly isAllowed: false; readonly challenge: Answer }
  | { readonly isAllowed: true; readonly mayPull: (repository: string) => boolean };

/** Lets an operation pass, or gives the 401 whose challenge names the scope that is missing. */
async function authorize(
  options: RegistryOptions,
  credentials: Credentials,
  request: Request,
  route: Route,
): Promise<Pass> {
  const need = needOf(route, request.method);
  const { authorization } = request.headers;
  if (authorization === undefined) return { isAllowed: false, challenge: challenge(options, need) };
  const known = await credentials.holderOf(authorization);
  if (known === undefined) return { isAllowed: false, challenge: challenge(options, need, 'invalid_token') };
  if (known.holder.kind === 'admin') return { isAllowed: true, mayPull: () => true };
  if (need !== undefined && !isCovered(need, known.scopes)) {
    return { isAllowed: false, challenge: challenge(options, need, 'insufficient_scope') };
  }
  const pullOf = (name: string): Need => ({ type: 'repository', name, anyOf: ['pull'], asked: '' });
  return { isAllowed: true, mayPull: (name) => isCovered(pullOf(name), known.scopes) };
}

function challenge(options: RegistryOptions, need: Need | undefined, error?: string): Answer {
  const { loginServer } = options.registry;
  const parts = [`realm="https://${loginServer}/oauth2/token"`, `service="${loginServer}"`];
  if (need !== undefined) parts.push(`scope="${need.asked}"`);
  if (error !== undefined) parts.push(`error="${error}"`);
  const detail = need === undefined ? {} : [{ Type: need.type, Name: need.name, Action: need.anyOf[0] }];
  const answer = errorAnswer(new RegistryError(401, 'UNAUTHORIZED', authorizationHelp, detail));
  return { ...answer, headers: { 'WWW-Authenticate': `Bearer ${parts.join(',')}` } };
}

async function readBody(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > bodyLimit) throw new RegistryError(413, 'SIZE_INVALID', 'the body is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function failed(error: unknown): Answer {
  if (error instanceof RegistryError) return errorAnswer(error);
  console.error(error);
  return errorAnswer(new RegistryError(500, 'UNKNOWN', 'internal server error'));
}
