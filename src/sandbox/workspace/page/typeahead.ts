// A field that offers choices while one types: Slack's external_select and Teams' dynamic choice set.
import { h, newId } from './dom.ts';

export interface Offer {
  readonly text: string;
  readonly value: string;
}

interface Options {
  readonly testId: string;
  readonly label: string;
  readonly placeholder: string;
  /** The text to begin with. */
  readonly start: string;
  readonly className?: string;
  /** So many characters before anything is asked. */
  readonly least: number;
  readonly ask: (text: string) => Promise<readonly Offer[]>;
  readonly take: (offer: Offer) => void;
}

/** Typing pauses this long before anything is asked, in milliseconds. */
const pauseMs = 200;

export function createTypeahead(options: Options): HTMLElement {
  const list = h('div', { class: 'options', role: 'listbox', id: newId('options'), hidden: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (isOpen: boolean): void => {
    list.hidden = !isOpen;
    input.setAttribute('aria-expanded', String(isOpen));
  };
  const offer = async (): Promise<void> => {
    const offers = await options.ask(input.value);
    const rows = offers.map((one) => row(one, take));
    list.replaceChildren(...(rows.length > 0 ? rows : [h('div', { class: 'none' }, 'Nothing found')]));
    show(document.activeElement === input);
  };
  const askAfter = (pause: number): void => {
    clearTimeout(timer);
    if (input.value.length >= options.least) timer = setTimeout(() => void offer(), pause);
  };
  const take = (one: Offer): void => {
    input.value = one.text;
    show(false);
    options.take(one);
  };
  const input = h('input', {
    type: 'text',
    role: 'combobox',
    class: options.className,
    autocomplete: 'off',
    'data-testid': options.testId,
    'aria-label': options.label,
    'aria-expanded': 'false',
    'aria-controls': list.id,
    placeholder: options.placeholder,
    value: options.start,
    onfocus: () => askAfter(0),
    oninput: () => askAfter(pauseMs),
    onkeydown: (event) => onKey(event as KeyboardEvent, list),
  });
  const place = h('div', { class: 'external' }, input, list);
  place.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node) || !place.contains(relatedTarget)) show(false);
  });
  return place;
}

function row(one: Offer, take: (one: Offer) => void): HTMLElement {
  return h('button', { type: 'button', role: 'option', class: 'plain', onclick: () => take(one) }, one.text);
}

/** Down goes into the list, Enter takes its first choice. */
function onKey(event: KeyboardEvent, list: HTMLElement): void {
  if (list.hidden || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
  event.preventDefault();
  const first = list.querySelector<HTMLElement>('[role=option]');
  if (event.key === 'Enter') first?.click();
  else first?.focus();
}
