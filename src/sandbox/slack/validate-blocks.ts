// Slack's answer to Block Kit it does not accept. The stand-in refuses what Slack refuses, so that a card that works
// here is not met with invalid_blocks in a real workspace.
import {
  all,
  type BlockError,
  boolean,
  byType,
  type Check,
  isJson,
  type Json,
  list,
  object,
  oneOf,
  refuse,
  rule,
  string,
  words,
} from './block-checks.ts';
import { dataTable, dataVisualization, plan, table, taskCard } from './block-data.ts';
import {
  actionElements,
  anyText,
  blockId,
  button,
  cardText,
  image,
  inputElements,
  plainText,
  richText,
} from './block-elements.ts';

export type Surface = 'message' | 'modal' | 'home';

const common = { type: string(50), 'block_id?': blockId };
const card = all(
  object({
    ...common,
    'hero_image?': image,
    'icon?': image,
    'title?': cardText(150),
    'subtitle?': cardText(150),
    'body?': cardText(200),
    'actions?': list(button, 25),
  }),
  rule((value) =>
    ['hero_image', 'title', 'actions', 'body'].some((name) => value[name] !== undefined)
      ? undefined
      : 'must provide at least one of hero_image, title, actions and body',
  ),
);
const childBlocks: Record<string, Check> = {
  header: object({ ...common, text: plainText(150) }),
  section: all(
    object({
      ...common,
      'text?': anyText(3000),
      'fields?': list(anyText(2000), 10),
      'accessory?': byType({ ...actionElements, image }),
      'expand?': boolean,
    }),
    rule(
      (value) => ((value['text'] ?? value['fields']) ? undefined : 'must provide text or fields'),
      'required',
    ),
  ),
  divider: object(common),
  context: object({ ...common, elements: list(contextElement, 10) }),
  actions: object({ ...common, elements: list(byType(actionElements), 25) }),
  image: object({
    ...common,
    alt_text: string(2000),
    'image_url?': string(3000),
    'slack_file?': isObject,
    'title?': plainText(2000),
  }),
  input: object({
    ...common,
    label: plainText(2000),
    element: byType(inputElements),
    'hint?': plainText(2000),
    'optional?': boolean,
    'dispatch_action?': boolean,
  }),
  rich_text: richText,
  table,
};
const blocks: Record<string, Check> = {
  ...childBlocks,
  markdown: object({ ...common, text: string(12_000) }),
  data_table: dataTable,
  data_visualization: dataVisualization,
  plan,
  task_card: taskCard,
  card,
  carousel: object({ ...common, elements: list(card, 10) }),
  alert: object({
    ...common,
    text: anyText(3000),
    'level?': oneOf('default', 'info', 'warning', 'error', 'success'),
  }),
  container: object({
    ...common,
    'title?': plainText(150),
    'rich_text_title?': richText,
    'subtitle?': anyText(150),
    child_blocks: list(byType(childBlocks), 50),
    'width?': oneOf('narrow', 'standard', 'wide', 'full'),
    'icon?': image,
    'is_collapsible?': boolean,
    'default_collapsed?': boolean,
    'has_header_divider?': boolean,
  }),
  context_actions: object({ ...common, elements: list(isObject, 5) }),
  file: object({ ...common, source: oneOf('remote'), external_id: string(255) }),
};

/** Block types a surface forbids, and how many blocks it takes. */
const surfaces: Record<Surface, { most: number; forbids: readonly string[] }> = {
  message: { most: 50, forbids: ['alert', 'file'] },
  modal: {
    most: 100,
    forbids: [
      'card',
      'carousel',
      'context_actions',
      'data_visualization',
      'file',
      'markdown',
      'plan',
      'table',
      'task_card',
    ],
  },
  home: {
    most: 100,
    forbids: [
      'alert',
      'context_actions',
      'data_visualization',
      'file',
      'markdown',
      'plan',
      'table',
      'task_card',
    ],
  },
};

function contextElement(value: unknown, pointer: string, errors: BlockError[]): void {
  const check = isJson(value) && value['type'] === 'image' ? image : anyText(3000);
  check(value, pointer, errors);
}

function isObject(value: unknown, pointer: string, errors: BlockError[]): void {
  if (!isJson(value)) refuse(errors, pointer, 'type', 'must be an object');
}

/** All that Slack would refuse in these blocks on this surface; empty if it would accept them. */
export function validateBlocks(value: unknown, surface: Surface, pointer = '/blocks'): BlockError[] {
  const errors: BlockError[] = [];
  if (!Array.isArray(value)) {
    refuse(errors, pointer, 'type', 'must be an array');
    return errors;
  }
  const { most, forbids } = surfaces[surface];
  list(byType(blocks), most, 0)(value, pointer, errors);
  value.filter(isJson).forEach((block, index) => {
    if (forbids.includes(String(block['type'])))
      refuse(
        errors,
        `${pointer}/${index}/type`,
        'surface',
        `${String(block['type'])} is not allowed in a ${surface}`,
      );
  });
  checkTogether(value.filter(isJson), pointer, errors);
  return errors;
}

/** What no block can be judged for alone: ids used twice, and how many data blocks there are. */
function checkTogether(value: readonly Json[], pointer: string, errors: BlockError[]): void {
  const count = (...types: string[]): number =>
    value.filter((one) => types.includes(String(one['type']))).length;
  if (count('table', 'data_table') > 1)
    refuse(errors, pointer, 'only_one_table_allowed', 'only one table or data_table allowed');
  if (count('data_visualization') > 2)
    refuse(errors, pointer, 'max_items', 'no more than 2 data_visualization blocks allowed');
  const markdown = value
    .filter((one) => one['type'] === 'markdown')
    .reduce((sum, one) => sum + String(one['text']).length, 0);
  if (markdown > 12_000)
    refuse(errors, pointer, 'max_length', 'markdown blocks exceed 12000 characters in all');
  const seen = new Set<unknown>();
  value.forEach((block, index) => {
    if (block['block_id'] !== undefined && seen.has(block['block_id']))
      refuse(
        errors,
        `${pointer}/${index}/block_id`,
        'unique',
        `block_id "${words(block['block_id'])}" already exists`,
      );
    seen.add(block['block_id']);
    checkActionIds(block, `${pointer}/${index}`, errors);
  });
}

function checkActionIds(block: Json, pointer: string, errors: BlockError[]): void {
  const ids = (Array.isArray(block['elements']) ? block['elements'] : [])
    .filter(isJson)
    .map((one) => one['action_id'])
    .filter((id) => id !== undefined);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    refuse(errors, `${pointer}/elements`, 'unique', `\`action_id\` "${words(twice)}" already exists`);
}

const view: Check = byType({
  modal: object({
    type: string(10),
    title: plainText(24),
    'submit?': plainText(24),
    'close?': plainText(24),
    blocks: () => undefined,
    'private_metadata?': string(3000, 0),
    'callback_id?': string(255, 0),
    'external_id?': string(255, 0),
    'clear_on_close?': boolean,
    'notify_on_close?': boolean,
    'submit_disabled?': boolean,
  }),
  home: object({
    type: string(10),
    blocks: () => undefined,
    'private_metadata?': string(3000, 0),
    'callback_id?': string(255, 0),
    'external_id?': string(255, 0),
  }),
});

/** All that Slack would refuse in this view. An input in a modal needs a submit button. */
export function validateView(value: unknown, pointer = '/view'): BlockError[] {
  const errors: BlockError[] = [];
  view(value, pointer, errors);
  if (!isJson(value)) return errors;
  const modal = value['type'] === 'modal';
  errors.push(...validateBlocks(value['blocks'], modal ? 'modal' : 'home', `${pointer}/blocks`));
  const hasInput =
    Array.isArray(value['blocks']) && value['blocks'].some((one) => isJson(one) && one['type'] === 'input');
  if (modal && hasInput && value['submit'] === undefined)
    refuse(
      errors,
      `${pointer}/submit`,
      'required',
      'missing required field: submit, because the view has an input block',
    );
  return errors;
}

/** The lines of `response_metadata.messages`, as Slack words them. */
export function errorLines(errors: readonly BlockError[]): string[] {
  return errors.map((one) => `[ERROR] ${one.message} [json-pointer:${one.pointer}]`);
}
