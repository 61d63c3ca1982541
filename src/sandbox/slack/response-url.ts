// The endpoint behind response_url: no token but the url itself, five uses in 30 minutes. It is the only way to
// change an ephemeral message.
import express, { type Router } from 'express';
import { isJson, type Json } from './block-checks.ts';
import { type SlackCore, withIds } from './core.ts';
import { blocksProblem } from './methods-chat.ts';
import type { ResponseTicket } from './tickets.ts';
import { isTrue } from './web-api.ts';

export function createResponseUrls(core: SlackCore): Router {
  const router = express.Router();
  router.post('/response/:token', express.json({ limit: '4mb', type: () => true }), (req, res) => {
    const ticket = core.tickets.respond(req.params.token);
    if ('error' in ticket) return void res.status(404).json({ ok: false, error: ticket.error });
    const body: Json = isJson(req.body) ? req.body : {};
    const problem = blocksProblem(body['blocks']);
    if (problem) return void res.status(400).json(problem);
    const error = applyAnswer(core, ticket, body);
    if (error) return void res.status(404).json({ ok: false, error });
    res.type('text').send('ok');
  });
  return router;
}

/**
 * Applies what the bot answered, to a response url or in the body of a command's acknowledgement: a new message
 * (ephemeral unless `response_type: in_channel`), or the replacement or removal of the one that was clicked.
 */
export function applyAnswer(
  core: SlackCore,
  ticket: Pick<ResponseTicket, 'channel' | 'user' | 'messageTs'>,
  body: Json,
): string | undefined {
  const message = core.state.messages.find(
    (one) => one.channel === ticket.channel && one.ts === ticket.messageTs,
  );
  if (isTrue(body['delete_original']) || isTrue(body['replace_original'])) {
    if (!message) return 'message_not_found';
    if (isTrue(body['delete_original'])) core.state.messages.splice(core.state.messages.indexOf(message), 1);
    else Object.assign(message, { ...contentOf(body), edited: true });
    core.changed();
    return undefined;
  }
  core.add({
    channel: ticket.channel,
    ...contentOf(body),
    ...(body['response_type'] === 'in_channel' ? {} : { ephemeralFor: ticket.user }),
    ...(typeof body['thread_ts'] === 'string' ? { threadTs: body['thread_ts'] } : {}),
  });
  return undefined;
}

function contentOf(body: Json): { text: string; blocks: Json[] } {
  const blocks = Array.isArray(body['blocks']) ? withIds(body['blocks'].filter(isJson)) : [];
  return { text: typeof body['text'] === 'string' ? body['text'] : '', blocks };
}
