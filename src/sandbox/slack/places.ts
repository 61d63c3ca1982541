// Finds what a person clicks on: the message or view, and the element in it. Tests and the page name them by id; a name
// that leads nowhere throws, because only they can be wrong about it.
import { isJson, type Json } from './block-checks.ts';
import type { SlackCore } from './core.ts';
import { elementsOf, type FoundElement } from './elements-state.ts';
import { findView } from './methods-views.ts';
import { findChannel, type SlackMessage } from './state.ts';

/** Where an element is: on a message, or in a view. */
export type Place = { readonly channel: string; readonly ts: string } | { readonly viewId: string };

export type FoundPlace = { readonly blocks: Json[] } & (
  | { readonly message: SlackMessage }
  | { readonly view: Json }
);

export function findPlace(core: SlackCore, place: Place): FoundPlace {
  if ('viewId' in place) return openView(core, place.viewId);
  const channel = findChannel(core.state, place.channel)?.id;
  const message = core.state.messages.find((one) => one.channel === channel && one.ts === place.ts);
  if (!message) throw new Error(`No message ${place.ts} in ${place.channel}.`);
  return { blocks: message.blocks, message };
}

/** An open modal or a published Home. */
export function openView(core: SlackCore, viewId: string): { readonly blocks: Json[]; readonly view: Json } {
  const view = findView(core, viewId)?.view;
  if (!view) throw new Error(`No open view ${viewId}.`);
  return { blocks: Array.isArray(view['blocks']) ? view['blocks'].filter(isJson) : [], view };
}

export function nameOf(core: SlackCore, channelId: string): string {
  return core.state.channels.find((one) => one.id === channelId)?.name ?? channelId;
}

export function findElement(
  blocks: readonly Json[],
  ids: { actionId: string; blockId?: string | undefined },
): FoundElement {
  const found = elementsOf(blocks).find(
    (one) =>
      one.element['action_id'] === ids.actionId && (ids.blockId === undefined || one.blockId === ids.blockId),
  );
  if (!found) throw new Error(`No element with action_id ${ids.actionId} here.`);
  return found;
}
