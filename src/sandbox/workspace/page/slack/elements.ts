// Slack's interactive elements. In a message or Home a choice is sent at once; in a modal it is kept for the submit, and
// sent too only where the block asks for it.
import type { Json } from '../../shapes.ts';
import { h } from '../dom.ts';
import { isJson, object, objects, textOf, words } from '../json.ts';
import { confirmed } from './confirm.ts';
import { type BlockContext, type Given, remember } from './context.ts';
import { externalSelect } from './external-select.ts';

/** Where an element is, and whether a change is sent at once. */
export interface ElementPlace {
  readonly context: BlockContext;
  readonly blockId: string;
  readonly sends: boolean;
  readonly label?: string;
}

export function drawElement(element: Json, place: ElementPlace): HTMLElement {
  switch (element['type']) {
    case 'button':
      return button(element, place);
    case 'overflow':
      return overflow(element, place);
    case 'static_select':
      return staticSelect(element, place);
    case 'multi_static_select':
    case 'checkboxes':
      return choices(element, place, 'checkbox');
    case 'radio_buttons':
      return choices(element, place, 'radio');
    case 'external_select':
      return externalSelect(element, place, (value) => chosen(element, place, value));
    case 'datepicker':
      return field(element, place, 'date', 'initial_date');
    case 'timepicker':
      return field(element, place, 'time', 'initial_time');
    case 'datetimepicker':
      return field(element, place, 'datetime-local', '');
    case 'users_select':
      return idSelect(element, place, 'U');
    case 'channels_select':
    case 'conversations_select':
      return idSelect(element, place, 'C');
    case 'plain_text_input':
      return element['multiline'] === true
        ? textArea(element, place)
        : field(element, place, 'text', 'initial_value');
    case 'number_input':
      return field(element, place, 'number', 'initial_value');
    case 'email_text_input':
      return field(element, place, 'email', 'initial_value');
    case 'url_text_input':
      return field(element, place, 'url', 'initial_value');
    default:
      return h('span', { class: 'unknown' }, `(${words(element['type'])} is not drawn here)`);
  }
}

const idOf = (element: Json): string => words(element['action_id']);
const common = (element: Json, place: ElementPlace): Record<string, string> => ({
  'data-testid': `slack-element-${idOf(element)}`,
  'aria-label': place.label ?? (textOf(element['placeholder']) || idOf(element)),
});

/** Keeps the choice, and sends it where that is asked; a confirm dialog may stop it. */
async function chosen(element: Json, place: ElementPlace, value: Given): Promise<void> {
  if (isJson(element['confirm']) && !(await confirmed(element['confirm']))) return;
  remember(place.context, place.blockId, idOf(element), value);
  if (place.sends) await place.context.act({ actionId: idOf(element), blockId: place.blockId, value });
}

/** The value entered before a redraw, else the element's initial one. */
function start(element: Json, place: ElementPlace, initial: unknown): Given {
  const kept = place.context.values[place.blockId]?.[idOf(element)];
  if (kept !== undefined) return kept;
  const value = isJson(initial) ? words(initial['value']) : words(initial);
  if (value !== '') remember(place.context, place.blockId, idOf(element), value);
  return value;
}

function button(element: Json, place: ElementPlace): HTMLElement {
  const press = async (): Promise<void> => {
    if (isJson(element['confirm']) && !(await confirmed(element['confirm']))) return;
    if (words(element['url'])) window.open(words(element['url']), '_blank', 'noopener');
    made.disabled = true;
    made.classList.add('busy');
    await place.context.act({ actionId: idOf(element), blockId: place.blockId });
    made.disabled = false;
    made.classList.remove('busy');
  };
  const made = h(
    'button',
    {
      class: `slack-button ${words(element['style'])}`,
      'data-testid': `slack-element-${idOf(element)}`,
      'aria-label': words(element['accessibility_label']) || undefined,
      onclick: () => void press(),
    },
    textOf(element['text']),
  );
  return made;
}

function overflow(element: Json, place: ElementPlace): HTMLElement {
  const items = objects(element['options']).map((one) =>
    h('button', { role: 'menuitem', class: 'plain', onclick: () => take(one) }, textOf(one['text'])),
  );
  const take = (option: Json): void => {
    menu.open = false;
    void chosen(element, place, words(option['value']));
  };
  const menu = h(
    'details',
    { class: 'overflow', 'data-testid': `slack-element-${idOf(element)}` },
    h('summary', { 'aria-label': 'More actions' }, '⋯'),
    h('div', { role: 'menu' }, ...items),
  );
  return menu;
}

function optionsOf(element: Json): Json[] {
  return [
    ...objects(element['options']),
    ...objects(element['option_groups']).flatMap((one) => objects(one['options'])),
  ];
}

function staticSelect(element: Json, place: ElementPlace): HTMLElement {
  const value = start(element, place, element['initial_option']);
  const rows = optionsOf(element).map((one) =>
    h('option', { value: words(one['value']), selected: one['value'] === value }, textOf(one['text'])),
  );
  const placeholder = h(
    'option',
    { value: '', disabled: true, selected: value === '' },
    textOf(element['placeholder']) || 'Choose…',
  );
  const made = h(
    'select',
    { ...common(element, place), onchange: () => void chosen(element, place, made.value) },
    placeholder,
    ...rows,
  );
  return made;
}

function idSelect(element: Json, place: ElementPlace, prefix: string): HTMLElement {
  const people = Object.entries(place.context.names).filter(
    ([id]) => id.startsWith(prefix) && id !== 'USLACKBOT',
  );
  const rows = people.map(([id, name]) => h('option', { value: id }, prefix === 'C' ? `#${name}` : name));
  const made = h(
    'select',
    { ...common(element, place), onchange: () => void chosen(element, place, made.value) },
    h('option', { value: '' }, 'Choose…'),
    ...rows,
  );
  return made;
}

function choices(element: Json, place: ElementPlace, type: 'checkbox' | 'radio'): HTMLElement {
  const initial =
    type === 'radio' ? [object(element['initial_option'])] : objects(element['initial_options']);
  const before = place.context.values[place.blockId]?.[idOf(element)];
  const kept = asList(before) ?? initial.map((one) => words(one['value'])).filter((one) => one !== '');
  if (kept.length > 0)
    remember(place.context, place.blockId, idOf(element), type === 'radio' ? (kept[0] ?? null) : kept);
  const name = `${place.blockId}-${idOf(element)}`;
  const boxes = optionsOf(element).map((one) => {
    const value = words(one['value']);
    const checked = kept.includes(value);
    const box = h('input', { type, name, value, checked, onchange: () => changed() });
    const about = textOf(one['description']);
    return {
      box,
      row: h(
        'label',
        { class: 'choice' },
        box,
        h('span', {}, textOf(one['text']), about && h('small', {}, about)),
      ),
    };
  });
  const changed = (): void => {
    const picked = boxes.filter((one) => one.box.checked).map((one) => one.box.value);
    void chosen(element, place, type === 'radio' ? (picked[0] ?? null) : picked);
  };
  return h(
    'div',
    { ...common(element, place), role: type === 'radio' ? 'radiogroup' : 'group', class: 'choices' },
    ...boxes.map((one) => one.row),
  );
}

function asList(given: Given | undefined): string[] | undefined {
  if (given === undefined || given === null) return undefined;
  return Array.isArray(given) ? given : [typeof given === 'string' ? given : given.value];
}

function field(element: Json, place: ElementPlace, type: string, initial: string): HTMLElement {
  const value = start(element, place, element[initial]);
  const made = h('input', {
    ...common(element, place),
    type,
    value: typeof value === 'string' ? value : '',
    placeholder: textOf(element['placeholder']),
    maxlength: words(element['max_length']) || undefined,
    oninput: (): void => remember(place.context, place.blockId, idOf(element), made.value),
    onchange: () => void chosen(element, place, made.value),
  });
  return made;
}

function textArea(element: Json, place: ElementPlace): HTMLElement {
  const value = start(element, place, element['initial_value']);
  const made = h(
    'textarea',
    {
      ...common(element, place),
      rows: 3,
      placeholder: textOf(element['placeholder']),
      oninput: (): void => remember(place.context, place.blockId, idOf(element), made.value),
    },
    typeof value === 'string' ? value : '',
  );
  return made;
}
