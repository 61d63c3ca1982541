// Slack's external_select: a field whose options the bot gives while one types (block_suggestion).
import type { Json } from '../../shapes.ts';
import { h, newId } from '../dom.ts';
import { isJson, textOf, words } from '../json.ts';
import type { Given, Option } from './context.ts';
import type { ElementPlace } from './elements.ts';

/** Typing pauses this long before the bot is asked, in milliseconds. */
const pauseMs = 200;

export function externalSelect(
  element: Json,
  place: ElementPlace,
  chosen: (value: Given) => Promise<void>,
): HTMLElement {
  const actionId = words(element['action_id']);
  const least = Number(element['min_query_length'] ?? 3);
  const listId = newId('options');
  let timer: ReturnType<typeof setTimeout> | undefined;

  const list = h('div', { class: 'options', role: 'listbox', id: listId, hidden: true });
  const input = h('input', {
    type: 'text',
    role: 'combobox',
    autocomplete: 'off',
    'data-testid': `slack-element-${actionId}`,
    'aria-label': place.label ?? (textOf(element['placeholder']) || actionId),
    'aria-expanded': 'false',
    'aria-controls': listId,
    placeholder: textOf(element['placeholder']) || 'Type to search…',
    value: startText(element, place, actionId),
    onfocus: () => ask(0),
    oninput: () => ask(pauseMs),
    onblur: () => setTimeout(close, 200),
    onkeydown: (event) => onKey(event as KeyboardEvent),
  });
  const close = (): void => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
  };
  const ask = (after: number): void => {
    clearTimeout(timer);
    if (input.value.length < least) return;
    timer = setTimeout(() => void offer(), after);
  };
  const offer = async (): Promise<void> => {
    const options = await place.context.suggest({ actionId, blockId: place.blockId }, input.value);
    const rows = options.map((one) =>
      h(
        'button',
        {
          type: 'button',
          role: 'option',
          class: 'plain',
          onmousedown: (event) => event.preventDefault(),
          onclick: () => take(one),
        },
        one.text,
      ),
    );
    list.replaceChildren(...(rows.length > 0 ? rows : [h('div', { class: 'none' }, 'Nothing found')]));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
  };
  const take = (option: Option): void => {
    input.value = option.text;
    close();
    void chosen({ text: option.text, value: option.value });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (list.hidden || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
    event.preventDefault();
    const first = list.querySelector<HTMLElement>('[role=option]');
    if (event.key === 'Enter') first?.click();
    else first?.focus();
  };
  return h('div', { class: 'external' }, input, list);
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
