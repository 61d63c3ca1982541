// The management plane on its port: reads a call, asks who makes it, and finds its route.
import express, { type Express, type Request, type Response } from 'express';
import type { Tokens } from '../../tokens.ts';
import { type Answer, send } from '../answer.ts';
import type { Gate } from '../gate.ts';
import { batch } from './batch.ts';
import { armChallenge, callerOf } from './caller.ts';
import { ArmError, armErrorAnswer, armGateAnswer, badRequest } from './errors.ts';
import { type ArmRequest, type ArmRoute, checkApiVersion, target } from './request.ts';
import type { ArmWorld } from './world.ts';

export interface ArmOptions {
  readonly world: ArmWorld;
  readonly tokens: Tokens;
  readonly gate: Gate;
  readonly routes: readonly ArmRoute[];
}

const bodyLimit = 4 * 1024 * 1024;

export function createArmApp(options: ArmOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(async (request: Request, response: Response) => {
    const early = await options.gate.pass(request, (status) => armGateAnswer(status, request.originalUrl));
    if (early === 'dropped') return;
    const answer = early ?? (await answerOf(options, request).catch(failed));
    send(response, answer);
  });
  return app;
}

async function answerOf(options: ArmOptions, request: Request): Promise<Answer> {
  const { world, tokens } = options;
  const caller = await callerOf(request.headers.authorization, tokens, world.identities);
  const body = await readJson(request);
  const call: ArmRequest = { method: request.method, ...target(request.originalUrl), body, caller };
  checkApiVersion(call.query);
  if (call.method === 'POST' && call.path.toLowerCase() === '/batch') {
    world.counters.count('batch');
    return batch(call, (one) => dispatch(options, one).catch(failed));
  }
  return dispatch(options, call);
}

async function dispatch(options: ArmOptions, call: ArmRequest): Promise<Answer> {
  checkApiVersion(call.query);
  for (const route of options.routes) {
    const match = route.method === call.method ? route.path.exec(call.path) : null;
    if (match === null) continue;
    options.world.counters.count(route.name);
    return route.answer(
      call,
      match.slice(1).map((part) => part ?? ''),
    );
  }
  throw new ArmError(
    404,
    'InvalidResourceType',
    `The resource type could not be found for '${call.method} ${call.path}' and the api-version of the call.`,
  );
}

async function readJson(request: Request): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > bodyLimit) throw new ArmError(413, 'RequestEntityTooLarge', 'The body is too large.');
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The request content was invalid and could not be deserialized.');
  }
}

function failed(error: unknown): Answer {
  if (error instanceof ArmError) {
    return armErrorAnswer(error, error.status === 401 ? { 'WWW-Authenticate': armChallenge } : {});
  }
  console.error(error);
  return armErrorAnswer(new ArmError(500, 'InternalServerError', 'Encountered internal server error.'));
}
