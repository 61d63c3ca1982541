// The methods of the Web API for views, and how a view changes: opened by a trigger id, updated under its hash, pushed
// onto a stack of at most three, published as a Home.
import { randomUUID } from 'node:crypto';
import { slackApp, slackTeam } from '../cast.ts';
import { isJson, type Json, words } from './block-checks.ts';
import { type SlackCore, withIds } from './core.ts';
import type { SlackView } from './state.ts';
import { errorLines, validateView } from './validate-blocks.ts';
import { type Answer, fail, type Method } from './web-api.ts';

/** A modal and at most two on top of it. */
const mostStacked = 3;

export function viewProblem(view: unknown): Answer | undefined {
  const errors = validateView(view);
  return errors.length === 0
    ? undefined
    : fail('invalid_arguments', { response_metadata: { messages: errorLines(errors) } });
}

/** A view as Slack keeps and sends it, made of what the bot gave; `before` keeps its id and place. */
export function viewOf(given: Json, before?: Json, under?: Json): Json {
  const id = before?.['id'] ?? `V${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`;
  return {
    id,
    team_id: slackTeam.id,
    app_id: slackApp.id,
    app_installed_team_id: slackTeam.id,
    bot_id: slackApp.botId,
    type: given['type'],
    title: given['title'] ?? { type: 'plain_text', text: '' },
    submit: given['submit'] ?? null,
    close: given['close'] ?? null,
    blocks: withIds(Array.isArray(given['blocks']) ? given['blocks'].filter(isJson) : []),
    private_metadata: given['private_metadata'] ?? '',
    callback_id: given['callback_id'] ?? '',
    external_id: given['external_id'] ?? '',
    clear_on_close: given['clear_on_close'] ?? false,
    notify_on_close: given['notify_on_close'] ?? false,
    submit_disabled: given['submit_disabled'] ?? false,
    state: { values: {} },
    hash: `${Date.now()}.${randomUUID().slice(0, 8)}`,
    previous_view_id: before?.['previous_view_id'] ?? under?.['id'] ?? null,
    root_view_id: before?.['root_view_id'] ?? under?.['root_view_id'] ?? id,
  };
}

export function findView(core: SlackCore, id: unknown, externalId?: unknown): SlackView | undefined {
  const views = [...Object.values(core.state.modals).flat(), ...Object.values(core.state.homes)];
  return views.find((one) => one.view['id'] === id || (externalId && one.view['external_id'] === externalId));
}

function open(args: Json, core: SlackCore): Answer {
  const problem = viewProblem(args['view']);
  if (problem) return problem;
  const trigger = core.tickets.exchange(words(args['trigger_id']));
  if ('error' in trigger) return fail(trigger.error);
  const view = viewOf(args['view'] as Json);
  core.state.modals[trigger.user] = [{ owner: trigger.user, view }];
  core.changed();
  return { ok: true, view };
}

function push(args: Json, core: SlackCore): Answer {
  const problem = viewProblem(args['view']);
  if (problem) return problem;
  const trigger = core.tickets.exchange(words(args['trigger_id']));
  if ('error' in trigger) return fail(trigger.error);
  return pushView(core, trigger.user, args['view'] as Json);
}

/** Puts a view on top of the person's open one (views.push, and response_action push). */
export function pushView(core: SlackCore, user: string, given: Json): Answer {
  const stack = core.state.modals[user] ?? [];
  const top = stack.at(-1);
  if (!top) return fail('not_found');
  if (stack.length >= mostStacked) return fail('push_limit_reached');
  const view = viewOf(given, undefined, top.view);
  stack.push({ owner: user, view });
  core.changed();
  return { ok: true, view };
}

function update(args: Json, core: SlackCore): Answer {
  const problem = viewProblem(args['view']);
  if (problem) return problem;
  const found = findView(core, args['view_id'], args['external_id']);
  if (!found) return fail('not_found');
  if (args['hash'] !== undefined && args['hash'] !== found.view['hash']) return fail('hash_conflict');
  found.view = viewOf(args['view'] as Json, found.view);
  core.changed();
  return { ok: true, view: found.view };
}

function publish(args: Json, core: SlackCore): Answer {
  const problem = viewProblem(args['view']);
  if (problem) return problem;
  const user = words(args['user_id']);
  if (!core.state.users.some((one) => one.id === user)) return fail('user_not_found');
  const before = core.state.homes[user];
  if (args['hash'] !== undefined && args['hash'] !== before?.view['hash']) return fail('hash_conflict');
  const view = viewOf(args['view'] as Json, before?.view);
  core.state.homes[user] = { owner: user, view };
  core.changed();
  return { ok: true, view };
}

export const viewMethods: Record<string, Method> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
