// What a person chose in interactive elements, in the two shapes Slack sends it: as `state.values` of a view or a
// message, and as the action of a block_actions payload.
import { isJson, type Json } from './block-checks.ts';

/** What the page or a test gives for an element: the text, the option's value, a date, or several option values. */
export type Given = string | readonly string[] | { readonly text: string; readonly value: string } | null;
/** By block_id, then by action_id. */
export type GivenValues = Record<string, Record<string, Given>>;

/** Options that an external_select was offered, by their value: the payload carries the option's text too. */
export type Offered = ReadonlyMap<string, Json>;

/** An interactive element and the block it is in; the block's id is always set. */
export interface FoundElement {
  readonly blockId: string;
  readonly element: Json;
}

/** All interactive elements of these blocks. */
export function elementsOf(blocks: readonly Json[]): FoundElement[] {
  return blocks.flatMap((block) => {
    const blockId = String(block['block_id']);
    const inside = [
      block['element'],
      block['accessory'],
      ...listOf(block['elements']),
      ...listOf(block['actions']),
    ];
    const elements = inside.filter(isJson).filter((one) => one['action_id'] !== undefined);
    const nested = [...listOf(block['elements']), ...listOf(block['child_blocks'])].filter(isJson);
    const deeper = nested.filter((one) => one['block_id'] !== undefined || one['actions'] !== undefined);
    return [...elements.map((element) => ({ blockId, element })), ...elementsOf(deeper)];
  });
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `state.values`: what was given, else what the element began with. */
export function stateValues(blocks: readonly Json[], given: GivenValues, offered: Offered): Json {
  const values: Record<string, Json> = {};
  for (const { blockId, element } of elementsOf(blocks)) {
    if (element['type'] === 'button' || element['type'] === 'overflow') continue;
    const actionId = String(element['action_id']);
    const answer = given[blockId]?.[actionId];
    const value = answer === undefined ? initialState(element) : elementState(element, answer, offered);
    values[blockId] = { ...values[blockId], [actionId]: value };
  }
  return values;
}

function initialState(element: Json): Json {
  const type = String(element['type']);
  switch (fieldOf(type)) {
    case 'selected_option':
      return { type, selected_option: element['initial_option'] ?? null };
    case 'selected_options':
      return { type, selected_options: element['initial_options'] ?? [] };
    case 'value':
      return { type, value: element['initial_value'] ?? null };
    case 'selected_date':
      return { type, selected_date: element['initial_date'] ?? null };
    case 'selected_time':
      return { type, selected_time: element['initial_time'] ?? null };
    case 'selected_user':
      return { type, selected_user: element['initial_user'] ?? null };
    case 'selected_channel':
      return { type, selected_channel: element['initial_channel'] ?? null };
    case 'selected_conversation':
      return { type, selected_conversation: element['initial_conversation'] ?? null };
    case 'selected_date_time':
      return { type, selected_date_time: element['initial_date_time'] ?? null };
  }
}

/** One element's state after this answer. */
function elementState(element: Json, answer: Given, offered: Offered): Json {
  const type = String(element['type']);
  const field = fieldOf(type);
  if (field === 'selected_options') {
    const chosen = Array.isArray(answer) ? answer : answer === null || answer === '' ? [] : [answer];
    return { type, selected_options: chosen.map((one: Given) => optionFor(element, one, offered)) };
  }
  if (answer === null || answer === '') return { type, [field]: null };
  if (field === 'selected_option') return { type, selected_option: optionFor(element, answer, offered) };
  if (field === 'selected_date_time')
    return { type, selected_date_time: Math.floor(Date.parse(plain(answer)) / 1000) };
  return { type, [field]: plain(answer) };
}

function plain(answer: Given): string {
  return typeof answer === 'string' ? answer : answer !== null && 'value' in answer ? answer.value : '';
}

/** The whole option of a value; Slack always sends text and value. */
function optionFor(element: Json, answer: Given, offered: Offered): Json {
  const value = plain(answer);
  const groups = listOf(element['option_groups'])
    .filter(isJson)
    .flatMap((one) => listOf(one['options']));
  const own = [...listOf(element['options']), ...groups].filter(isJson).find((one) => one['value'] === value);
  const found = own ?? offered.get(value);
  if (found) return found;
  const text = answer !== null && typeof answer === 'object' && 'text' in answer ? answer.text : value;
  return { text: { type: 'plain_text', text, emoji: true }, value };
}

type Field =
  | 'value'
  | 'selected_option'
  | 'selected_options'
  | 'selected_date'
  | 'selected_time'
  | 'selected_date_time'
  | 'selected_user'
  | 'selected_channel'
  | 'selected_conversation';

const fields: Record<string, Field> = {
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  overflow: 'selected_option',
  checkboxes: 'selected_options',
  multi_static_select: 'selected_options',
  multi_external_select: 'selected_options',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
};

function fieldOf(type: string): Field {
  return fields[type] ?? 'value';
}

/** The entry of `actions` for a click or a choice. */
export function actionOf(
  { blockId, element }: FoundElement,
  answer: Given | undefined,
  actionTs: string,
  offered: Offered,
): Json {
  const common = { action_id: element['action_id'], block_id: blockId, action_ts: actionTs };
  if (element['type'] !== 'button') return { ...elementState(element, answer ?? null, offered), ...common };
  const { text, value, style, url } = element;
  return {
    ...common,
    type: 'button',
    text,
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
    ...(url === undefined ? {} : { url }),
  };
}
