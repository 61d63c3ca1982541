// Slack's external_select: a field whose options the bot gives while one types (block_suggestion).
import type { Json } from '../../shapes.ts';
import { isJson, textOf, words } from '../json.ts';
import { createTypeahead } from '../typeahead.ts';
import type { Given } from './context.ts';
import type { ElementPlace } from './elements.ts';

export function externalSelect(
  element: Json,
  place: ElementPlace,
  chosen: (value: Given) => Promise<void>,
): HTMLElement {
  const actionId = words(element['action_id']);
  const placeholder = textOf(element['placeholder']);
  return createTypeahead({
    testId: `slack-element-${actionId}`,
    label: place.label ?? (placeholder || actionId),
    placeholder: placeholder || 'Type to search…',
    start: startText(element, place, actionId),
    // Slack asks from the third character on, unless the element says otherwise.
    least: Number(element['min_query_length'] ?? 3),
    ask: (text) => place.context.suggest({ actionId, blockId: place.blockId }, text),
    take: (offer) => void chosen({ ...offer }),
  });
}

function startText(element: Json, place: ElementPlace, actionId: string): string {
  const kept = place.context.values[place.blockId]?.[actionId];
  if (kept && !Array.isArray(kept)) return typeof kept === 'string' ? kept : kept.text;
  const initial = element['initial_option'];
  if (!isJson(initial)) return '';
  const option = { text: textOf(initial['text']), value: words(initial['value']) };
  place.context.values[place.blockId] = { ...place.context.values[place.blockId], [actionId]: option };
  return option.text;
}
