// What Teams does with the answers of invokes: a card replaces the card for that viewer, a message is a toast, a dialog
// opens or closes, anything else is a generic failure that tells the person nothing.
import type { Delivery } from './deliver.ts';
import { cardType } from './role-views.ts';
import { isJson, type Json, type TeamsCore, words } from './state.ts';

export type CardOutcome =
  | { readonly kind: 'card' }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'error'; readonly text: string };

export type DialogOutcome =
  | { readonly kind: 'open'; readonly title: string; readonly card: Json }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly text: string };

/** The only words Teams has for a failed action. */
const genericFailure = 'Something went wrong. Please try again.';

/** Applies the answer of adaptiveCard/action; an answer to an older version of the message is not shown. */
export function applyCardAnswer(
  core: TeamsCore,
  shown: { readonly activityId: string; readonly revision: number; readonly viewer: string },
  delivery: Delivery,
): CardOutcome {
  if (!delivery.ok) return { kind: 'error', text: genericFailure };
  if (!isJson(delivery.body)) return { kind: 'none' };
  const { statusCode, type, value } = delivery.body;
  if (typeof statusCode === 'number' && statusCode >= 400) return { kind: 'error', text: genericFailure };
  if (type === 'application/vnd.microsoft.activity.message') return { kind: 'message', text: String(value) };
  if (type !== cardType || !isJson(value)) return { kind: 'none' };
  const activity = core.state.activities.find((one) => one.id === shown.activityId);
  if (activity && activity.revision === shown.revision) {
    activity.views[shown.viewer] = value;
    core.changed();
  }
  return { kind: 'card' };
}

/** What a task/fetch or task/submit answer asks for: no task closes the dialog. */
export function dialogOf(delivery: Delivery): DialogOutcome {
  if (!delivery.ok) return { kind: 'error', text: genericFailure };
  const task = isJson(delivery.body) ? delivery.body['task'] : undefined;
  if (!isJson(task)) return { kind: 'closed' };
  if (task['type'] === 'message') return { kind: 'message', text: String(task['value']) };
  const info = isJson(task['value']) ? task['value'] : {};
  const card = isJson(info['card']) && isJson(info['card']['content']) ? info['card']['content'] : undefined;
  if (!card) return { kind: 'error', text: genericFailure };
  return { kind: 'open', title: words(info['title']), card };
}

/** The choices of an application/search answer. */
export function choicesOf(body: unknown): { title: string; value: string }[] {
  const value = isJson(body) ? body['value'] : undefined;
  const results = isJson(value) && Array.isArray(value['results']) ? value['results'] : [];
  return results.filter(isJson).map((one) => ({ title: String(one['title']), value: String(one['value']) }));
}
