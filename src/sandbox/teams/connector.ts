// The Bot Connector under /teams: OpenID metadata for the bot to check tokens by, and the REST API with which it sends,
// updates and deletes messages, makes threads and reads rosters. Every call needs the bot's own token.
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { channels, people, teamsApp, teamsTeam, tenantId } from '../cast.ts';
import type { Tokens } from '../tokens.ts';
import type { ConnectorOperation, TeamsGate } from './controls.ts';
import { botFrameworkIssuer } from './deliver.ts';
import {
  type Json,
  isJson,
  locate,
  type TeamsActivity,
  type TeamsConversation,
  type TeamsCore,
  wireId,
  wireMember,
  words,
} from './state.ts';

/** Teams refuses larger messages (100 KB). */
const mostBytes = 100 * 1024;

type Place = { readonly conversation: TeamsConversation; readonly thread?: string };
type Handler = (req: Request, res: Response) => void;

export function createConnector(core: TeamsCore, gate: TeamsGate, tokens: Tokens): Router {
  const router = express.Router();
  serveKeys(router, core, tokens);
  router.use('/v3', botOnly(tokens), express.json({ limit: '2mb', type: () => true }));
  const handle =
    (operation: ConnectorOperation, handler: Handler): Handler =>
    (req, res) => {
      core.calls[operation] = (core.calls[operation] ?? 0) + 1;
      const fault = gate.takeFault(operation);
      if (!fault) return handler(req, res);
      if (fault.retryAfter !== undefined) res.set('retry-after', String(fault.retryAfter));
      refuse(res, fault.status, fault.code);
    };
  const send: Handler = (req, res) => sendActivity(core, gate, req, res);
  router.post(
    '/v3/conversations',
    handle('create', (req, res) => createConversation(core, gate, req, res)),
  );
  router.post('/v3/conversations/:id/activities', handle('send', send));
  router.post('/v3/conversations/:id/activities/:activity', handle('send', send));
  router.put(
    '/v3/conversations/:id/activities/:activity',
    handle('update', (req, res) => update(core, gate, req, res)),
  );
  router.delete(
    '/v3/conversations/:id/activities/:activity',
    handle('delete', (req, res) => remove(core, req, res)),
  );
  router.get(
    '/v3/conversations/:id/members',
    handle('members', (req, res) => roster(core, req, res)),
  );
  router.get(
    '/v3/conversations/:id/pagedmembers',
    handle('members', (req, res) => roster(core, req, res)),
  );
  router.get(
    '/v3/conversations/:id/members/:member',
    handle('members', (req, res) => member(gate, req, res)),
  );
  router.get('/v3/teams/:id/conversations', (_req, res) => {
    res.json({ conversations: channels.map(({ teams, name }) => ({ id: teams, name })) });
  });
  router.get('/v3/teams/:id', (_req, res) => {
    res.json({ id: teamsTeam.id, name: teamsTeam.name, aadGroupId: teamsTeam.groupId, tenantId });
  });
  router.use('/v3', (_req, res) => refuse(res, 404, 'NotFound'));
  return router;
}

function serveKeys(router: Router, core: TeamsCore, tokens: Tokens): void {
  router.get('/.well-known/openidconfiguration', (_req, res) => {
    res.json({
      issuer: botFrameworkIssuer,
      jwks_uri: `${core.publicUrl()}/teams/.well-known/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    });
  });
  router.get('/.well-known/keys', async (_req, res) => void res.json(await tokens.jwks()));
}

function botOnly(tokens: Tokens) {
  return async (req: Request, res: Response, next: NextFunction): Promise<void> => {
    const token = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
    const claims = await tokens.verify(token ?? '', { audience: botFrameworkIssuer }).catch(() => undefined);
    const app = claims?.['appid'] ?? claims?.['azp'];
    if (app === teamsApp.id) return next();
    refuse(res, 401, 'Unauthorized', 'Authorization has been denied for this request.');
  };
}

function refuse(res: Response, status: number, code: string, message = code): void {
  res.status(status).json({ error: { code, message } });
}

/** What is wrong with a message before it is looked at, already answered; or its body. */
function acceptable(gate: TeamsGate, thread: string, body: unknown, res: Response): Json | undefined {
  const wait = gate.takeTurn(thread);
  if (wait > 0) refuse(res.set('retry-after', String(wait)), 429, 'TooManyRequests');
  else if (!isJson(body)) refuse(res, 400, 'BadSyntax', 'Invalid or missing activity.');
  else if (Buffer.byteLength(JSON.stringify(body)) > mostBytes) refuse(res, 413, 'MessageSizeTooBig');
  else return body;
  return undefined;
}

function keep(core: TeamsCore, place: Place, body: Json, targetedTo?: string): TeamsActivity {
  const id = core.nextId();
  const activity: TeamsActivity = {
    id,
    conversation: place.conversation.id,
    thread: place.thread ?? id,
    from: { id: teamsApp.mri, name: teamsApp.name },
    fromBot: true,
    ...contentOf(body),
    at: core.now(),
    edited: false,
    ...(targetedTo ? { targetedTo } : {}),
    revision: 1,
    views: {},
    refreshed: [],
  };
  if (body['type'] === 'typing') return activity;
  core.state.activities.push(activity);
  core.changed();
  return activity;
}

function contentOf(body: Json): { text: string; attachments: Json[] } {
  const attachments = Array.isArray(body['attachments']) ? body['attachments'].filter(isJson) : [];
  return { text: typeof body['text'] === 'string' ? body['text'] : '', attachments };
}

function createConversation(core: TeamsCore, gate: TeamsGate, req: Request, res: Response): void {
  const body: Json = isJson(req.body) ? req.body : {};
  const data = isJson(body['channelData']) ? body['channelData'] : {};
  const channel = isJson(data['channel']) ? String(data['channel']['id']) : undefined;
  const first =
    Array.isArray(body['members']) && isJson(body['members'][0]) ? words(body['members'][0]['id']) : '';
  // A member may be named by Teams id or by Entra object id.
  const member = people.find((one) => one.teams === first || one.objectId === first)?.teams;
  const conversation = core.state.conversations.find((one) =>
    channel ? one.id === channel : member !== undefined && one.with === member,
  );
  if (!conversation)
    return refuse(res, channel ? 404 : 400, 'BadSyntax', 'Bad format of conversation ID or member');
  const tenant = body['tenantId'] ?? (isJson(data['tenant']) ? data['tenant']['id'] : undefined);
  if (!channel && tenant !== tenantId)
    return refuse(res, 403, 'ForbiddenOperationException', 'Unknown tenant.');
  if (!isJson(body['activity'])) {
    if (channel) return refuse(res, 400, 'BadSyntax', 'Activity is required to create a thread.');
    return void res.status(201).json({ id: conversation.id });
  }
  const activity = acceptable(gate, conversation.id, body['activity'], res);
  if (!activity) return;
  const kept = keep(core, { conversation }, activity);
  res.status(201).json({ id: wireId(conversation, kept.id), activityId: kept.id });
}

function placeOf(core: TeamsCore, req: Request, res: Response): Place | undefined {
  const place = locate(core.state, String(req.params['id']));
  if (!place) refuse(res, 404, 'ConversationNotFound', 'Conversation not found.');
  return place;
}

function sendActivity(core: TeamsCore, gate: TeamsGate, req: Request, res: Response): void {
  const place = placeOf(core, req, res);
  if (!place) return;
  const body = acceptable(gate, `${place.conversation.id}${place.thread ?? ''}`, req.body, res);
  if (!body) return;
  const recipient = isJson(body['recipient']) ? String(body['recipient']['id']) : '';
  const targeted = req.query['isTargetedActivity'] === 'true';
  if (targeted && !people.some((one) => one.teams === recipient))
    return refuse(res, 400, 'BadArgument', 'Unknown recipient.');
  const answered = core.state.activities.find((one) => one.id === req.params['activity']);
  const thread = place.thread ?? answered?.thread;
  const where: Place = thread
    ? { conversation: place.conversation, thread }
    : { conversation: place.conversation };
  res.status(201).json({ id: keep(core, where, body, targeted ? recipient : undefined).id });
}

function ownActivity(core: TeamsCore, req: Request, res: Response): TeamsActivity | undefined {
  const found = core.state.activities.find((one) => one.id === req.params['activity'] && one.fromBot);
  if (!found) refuse(res, 404, 'ActivityNotFoundInConversation', 'Activity not found.');
  return found;
}

function update(core: TeamsCore, gate: TeamsGate, req: Request, res: Response): void {
  const place = placeOf(core, req, res);
  const activity = place && ownActivity(core, req, res);
  if (!place || !activity) return;
  const body = acceptable(gate, `${place.conversation.id}${place.thread ?? ''}`, req.body, res);
  if (!body) return;
  const revision = activity.revision + 1;
  Object.assign(activity, contentOf(body), { edited: true, revision, views: {}, refreshed: [] });
  core.changed();
  res.json({ id: activity.id });
}

function remove(core: TeamsCore, req: Request, res: Response): void {
  const activity = placeOf(core, req, res) && ownActivity(core, req, res);
  if (!activity) return;
  core.state.activities.splice(core.state.activities.indexOf(activity), 1);
  core.changed();
  res.status(200).end();
}

function roster(core: TeamsCore, req: Request, res: Response): void {
  const place = placeOf(core, req, res);
  if (!place) return;
  const members = people
    .filter((one) => !place.conversation.with || one.teams === place.conversation.with)
    .map(wireMember);
  res.json(req.path.endsWith('/pagedmembers') ? { members } : members);
}

function member(gate: TeamsGate, req: Request, res: Response): void {
  const id = req.params['member'];
  const found = people.find((one) => one.teams === id || one.objectId === id);
  if (!found) return refuse(res, 404, 'MemberNotFoundInConversation', 'Member not found.');
  const isGuest = gate.controls.guests.has(found.objectId);
  res.json({ ...wireMember(found), ...(isGuest && { userRole: 'guest' }) });
}
