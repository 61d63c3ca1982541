// What a view_submission's answer does: nothing said closes the view; errors keep it; update, push and clear change
// the stack, as response_action says.
import { isJson, type Json, words } from './block-checks.ts';
import type { SlackCore } from './core.ts';
import type { Delivery } from './deliver.ts';
import { pushView, viewOf, viewProblem } from './methods-views.ts';

/** How a submitted view ended; `errors` by block_id stand under their inputs. */
export type ViewOutcome =
  | { readonly kind: 'closed' | 'updated' | 'pushed' | 'cleared' }
  | { readonly kind: 'errors'; readonly errors: Record<string, string> }
  | { readonly kind: 'failed'; readonly reason: string };

export function applyViewAnswer(core: SlackCore, user: string, view: Json, delivery: Delivery): ViewOutcome {
  if (!delivery.ok)
    return { kind: 'failed', reason: delivery.error ?? `The bot answered ${delivery.status}.` };
  const answer = isJson(delivery.body) ? delivery.body : {};
  const action = answer['response_action'];
  if (action === undefined) return close(core, user, view);
  if (action === 'clear') return clear(core, user);
  if (action === 'errors') return { kind: 'errors', errors: errorsOf(answer['errors']) };
  const problem = viewProblem(answer['view']);
  if (problem || !isJson(answer['view']))
    return { kind: 'failed', reason: JSON.stringify(problem ?? 'no view') };
  if (action === 'push') {
    const pushed = pushView(core, user, answer['view']);
    return pushed.ok ? { kind: 'pushed' } : { kind: 'failed', reason: String(pushed['error']) };
  }
  return action === 'update'
    ? replace(core, user, view, answer['view'])
    : { kind: 'failed', reason: `Unknown response_action ${words(action)}.` };
}

function errorsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isJson(value) ? value : {}).map(([block, text]) => [block, String(text)]),
  );
}

function replace(core: SlackCore, user: string, view: Json, given: Json): ViewOutcome {
  const found = core.state.modals[user]?.find((one) => one.view['id'] === view['id']);
  if (!found) return { kind: 'failed', reason: 'The view is no longer open.' };
  found.view = viewOf(given, found.view);
  core.changed();
  return { kind: 'updated' };
}

/** Takes the view, and only it, off the stack: the one under it comes back. */
export function close(core: SlackCore, user: string, view: Json): ViewOutcome {
  core.state.modals[user] = (core.state.modals[user] ?? []).filter((one) => one.view['id'] !== view['id']);
  core.changed();
  return { kind: 'closed' };
}

export function clear(core: SlackCore, user: string): ViewOutcome {
  core.state.modals[user] = [];
  core.changed();
  return { kind: 'cleared' };
}
