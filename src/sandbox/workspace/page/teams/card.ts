// Draws an Adaptive Card with Microsoft's own renderer and says which of its actions was pressed.
import * as cards from 'adaptivecards/dist/adaptivecards.js';
import type { Json } from '../../shapes.ts';
import { h } from '../dom.ts';
import { isJson, words } from '../json.ts';
import { markdownSpans } from '../slack/rich-text.ts';
import { prepareElements, type Search, typeaheadType } from './elements.ts';
import { hostConfig } from './host-config.ts';

export interface CardHandlers {
  /** Action.Execute, with the inputs merged into `data`. */
  readonly execute: (action: Json) => Promise<unknown>;
  /** Action.Submit, with the inputs merged. */
  readonly submit: (data: Json) => Promise<unknown>;
  readonly search: Search;
}

cards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  // The nodes are made as nodes and only then written out, so that no text of a card can become markup.
  const place = h(
    'div',
    {},
    ...text.split('\n').flatMap((line, index) => [index > 0 && h('br'), ...markdownSpans(line)]),
  );
  result.outputHtml = place.innerHTML;
  result.didProcess = true;
};

export function drawCard(content: Json, handlers: CardHandlers): HTMLElement {
  prepareElements(handlers.search);
  const card = new cards.AdaptiveCard();
  card.hostConfig = new cards.HostConfig(hostConfig);
  card.onExecuteAction = (action) => void press(action, handlers, place);
  card.parse(withTypeaheads(content) as Json);
  const drawn = card.render();
  const place = h('div', { class: 'adaptive-card', 'data-testid': 'teams-card' }, drawn);
  return place;
}

async function press(action: cards.Action, handlers: CardHandlers, place: HTMLElement): Promise<void> {
  if (action instanceof cards.OpenUrlAction) {
    if (/^https?:/i.test(action.url ?? '')) window.open(action.url, '_blank', 'noopener');
    return;
  }
  const data = (one: cards.SubmitActionBase): Json => (isJson(one.data) ? one.data : {});
  place.classList.add('busy');
  if (action instanceof cards.ExecuteAction) {
    const { id, verb } = action;
    await handlers.execute({ ...(id ? { id } : {}), verb: words(verb), data: data(action) });
  } else if (action instanceof cards.SubmitAction) await handlers.submit(data(action));
  place.classList.remove('busy');
}

/** Choice sets that ask the bot become an element of ours: the renderer would draw an empty list in a 1.5 card. */
function withTypeaheads(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTypeaheads);
  if (!isJson(value)) return value;
  const isTypeahead = value['type'] === 'Input.ChoiceSet' && isJson(value['choices.data']);
  const copy = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTypeaheads(one)]));
  return isTypeahead ? { ...copy, type: typeaheadType } : copy;
}
