// The stand-in of Microsoft Graph, mounted at /graph: who is in which Entra group. Only with a token for Graph.
import express, { type Request, type Response, type Router } from 'express';
import { people, teamsApp, teamsTeam } from './cast.ts';
import type { Tokens } from './tokens.ts';

export interface GraphStandIn {
  readonly router: Router;
  /** Object ids of members by group id; tests and people change it while it runs. */
  readonly groups: Map<string, Set<string>>;
  /** `status`: answers with it instead, until it is 0 again. `page`: members a page at most; `next`: names the next one. */
  readonly controls: { status: number; page: number; next: ((path: string) => string) | undefined };
  /** Questions that were asked. */
  readonly calls: () => number;
}

/** A message as Graph shows it: a card is the text of its JSON. */
export interface GraphMessage {
  readonly id: string;
  readonly attachments: readonly { readonly contentType: string; readonly content: string }[];
}

const audience = 'https://graph.microsoft.com';
const mostGroups = 20;

/** An Entra group of the sandbox, whose members are the release managers. */
export const releaseGroup = '9d1c0de0-0000-4000-8000-000000000001';

/** `messages`: of a channel, or under one of its messages, newest first, for apps that may read them. */
export function createGraph(
  tokens: Tokens,
  messages: (channel: string, root?: string) => readonly GraphMessage[] = () => [],
): GraphStandIn {
  const groups = new Map([
    [
      releaseGroup,
      new Set(people.filter(({ role }) => role === 'release-approver').map(({ objectId }) => objectId)),
    ],
  ]);
  const controls: GraphStandIn['controls'] = { status: 0, page: 100, next: undefined };
  let calls = 0;
  const router = express.Router();
  const refuse = (res: Response, status: number, code: string): void =>
    void res.status(status).json({ error: { code, message: code } });
  /** Whether a question may be answered; if not, it is already refused. */
  const admits = async (req: Request, res: Response): Promise<boolean> => {
    calls += 1;
    const token = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
    const claims = await tokens.verify(token, { audience }).catch(() => undefined);
    if (!claims) refuse(res, 401, 'InvalidAuthenticationToken');
    else if (controls.status) refuse(res, controls.status, 'Fault');
    return claims !== undefined && !controls.status;
  };
  router.post('/v1.0/users/:id/checkMemberGroups', express.json(), async (req, res) => {
    if (!(await admits(req, res))) return;
    const ids: unknown = (req.body as { groupIds?: unknown } | undefined)?.groupIds;
    if (!Array.isArray(ids) || ids.length > mostGroups) return refuse(res, 400, 'Request_BadRequest');
    const person = people.find((one) => one.objectId === req.params.id);
    if (!person) return refuse(res, 404, 'Request_ResourceNotFound');
    res.json({ value: ids.filter((id) => groups.get(String(id))?.has(person.objectId)) });
  });
  router.get('/v1.0/groups/:id/transitiveMembers', async (req, res) => {
    if (!(await admits(req, res))) return;
    const members = groups.get(String(req.params.id));
    if (!members) return refuse(res, 404, 'Request_ResourceNotFound');
    const from = Number(req.query['$skiptoken'] ?? 0);
    const to = from + Math.min(controls.page, Number(req.query['$top'] ?? 100));
    const path = `http://${req.headers.host}${req.baseUrl}${req.path}?$skiptoken=${to}`;
    res.json({
      value: [...members].slice(from, to).map((id) => ({ '@odata.type': '#microsoft.graph.user', id })),
      ...(to < members.size && { '@odata.nextLink': controls.next?.(path) ?? path }),
    });
  });
  const list = '/v1.0/teams/:team/channels/:channel/messages';
  router.get([list, `${list}/:root/replies`], async (req, res) => {
    calls += 1;
    const { team, channel, root } = req.params as Record<string, string>;
    const token = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
    const claims = await tokens.verify(token, { audience }).catch(() => undefined);
    const status = controls.status || (claims?.['appid'] === teamsApp.id ? 200 : 403);
    if (status !== 200) return void res.status(status).json({ error: { code: 'Forbidden', message: '' } });
    const known = team === teamsTeam.groupId;
    res.status(known ? 200 : 404).json({ value: messages(channel ?? '', root).slice(0, 50) });
  });
  return { router, groups, controls, calls: () => calls };
}
