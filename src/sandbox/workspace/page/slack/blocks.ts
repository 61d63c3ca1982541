// Draws Block Kit as Slack draws it: one small function a block type.
import type { Json } from '../../shapes.ts';
import { h } from '../dom.ts';
import { isJson, object, objects, textOf, words } from '../json.ts';
import type { BlockContext } from './context.ts';
import { dataTable, dataVisualization, plan, table, taskCard } from './data-blocks.ts';
import { drawElement, type ElementPlace } from './elements.ts';
import { mrkdwn } from './mrkdwn.ts';
import { markdown, richText } from './rich-text.ts';

export function drawBlocks(blocks: readonly Json[], context: BlockContext): HTMLElement[] {
  return blocks.map((one) => {
    try {
      return drawBlock(one, context);
    } catch {
      return h('div', { class: 'unknown' }, `(this ${words(one['type'])} cannot be drawn)`);
    }
  });
}

function drawBlock(block: Json, context: BlockContext): HTMLElement {
  const { names } = context;
  switch (block['type']) {
    case 'header':
      return h('h3', { class: 'block-header' }, textOf(block['text']));
    case 'section':
      return section(block, context);
    case 'divider':
      return h('hr');
    case 'context':
      return h(
        'div',
        { class: 'context' },
        ...objects(block['elements']).map((one) => contextPart(one, context)),
      );
    case 'actions':
      return h(
        'div',
        { class: 'actions' },
        ...objects(block['elements']).map((one) => drawElement(one, placeOf(block, context, true))),
      );
    case 'input':
      return input(block, context);
    case 'image':
      return h('figure', {}, h('figcaption', {}, textOf(block['title'])), picture(block));
    case 'rich_text':
      return richText(block, names);
    case 'markdown':
      return markdown(words(block['text']));
    case 'table':
      return table(block, names);
    case 'data_table':
      return dataTable(block, names);
    case 'data_visualization':
      return dataVisualization(block);
    case 'plan':
      return plan(block, names);
    case 'task_card':
      return taskCard(block, names);
    case 'card':
      return card(block, context);
    case 'carousel':
      return h('div', { class: 'carousel' }, ...objects(block['elements']).map((one) => card(one, context)));
    case 'alert':
      return alert(block, context);
    case 'container':
      return container(block, context);
    default:
      return h('div', { class: 'unknown' }, `(${words(block['type'])} is not drawn here)`);
  }
}

function placeOf(block: Json, context: BlockContext, sends: boolean, label?: string): ElementPlace {
  return { context, blockId: words(block['block_id']), sends, ...(label ? { label } : {}) };
}

/** A text object: mrkdwn is marked up, plain_text is not. */
function text(value: unknown, context: BlockContext): Node[] {
  if (!isJson(value)) return [];
  return value['type'] === 'mrkdwn'
    ? mrkdwn(words(value['text']), context.names)
    : [document.createTextNode(words(value['text']))];
}

function section(block: Json, context: BlockContext): HTMLElement {
  const fields = objects(block['fields']).map((one) => h('div', {}, ...text(one, context)));
  const accessory = block['accessory'];
  return h(
    'div',
    { class: 'section' },
    h(
      'div',
      { class: 'section-text' },
      isJson(block['text']) && h('div', {}, ...text(block['text'], context)),
      fields.length > 0 && h('div', { class: 'fields' }, ...fields),
    ),
    isJson(accessory) &&
      h(
        'div',
        { class: 'accessory' },
        accessory['type'] === 'image'
          ? picture(accessory)
          : drawElement(accessory, placeOf(block, context, true)),
      ),
  );
}

function contextPart(element: Json, context: BlockContext): HTMLElement {
  return element['type'] === 'image' ? picture(element) : h('span', {}, ...text(element, context));
}

/** An image; one from another host is not fetched, its text stands for it. */
function picture(block: Json): HTMLElement {
  const url = words(block['image_url']);
  const alt = words(block['alt_text']);
  return /^(data:image\/|\/)/.test(url) ? h('img', { src: url, alt }) : h('span', { class: 'no-image' }, alt);
}

function input(block: Json, context: BlockContext): HTMLElement {
  const label = textOf(block['label']);
  const error = context.errors[words(block['block_id'])];
  const sends = block['dispatch_action'] === true;
  return h(
    'div',
    { class: error ? 'input invalid' : 'input' },
    h('div', { class: 'input-label' }, label, block['optional'] === true && h('small', {}, ' (optional)')),
    drawElement(object(block['element']), placeOf(block, context, sends, label)),
    isJson(block['hint']) && h('div', { class: 'hint' }, textOf(block['hint'])),
    error && h('div', { class: 'input-error', role: 'alert', 'data-testid': 'input-error' }, error),
  );
}

function card(block: Json, context: BlockContext): HTMLElement {
  return h(
    'div',
    { class: 'card' },
    isJson(block['title']) && h('div', { class: 'card-title' }, ...text(block['title'], context)),
    isJson(block['subtitle']) && h('div', { class: 'card-subtitle' }, ...text(block['subtitle'], context)),
    isJson(block['body']) && h('div', {}, ...text(block['body'], context)),
    h(
      'div',
      { class: 'actions' },
      ...objects(block['actions']).map((one) => drawElement(one, placeOf(block, context, true))),
    ),
  );
}

function alert(block: Json, context: BlockContext): HTMLElement {
  const level = words(block['level']) || 'default';
  const word = level === 'default' ? '' : `${level[0]?.toUpperCase()}${level.slice(1)}: `;
  return h(
    'div',
    { class: `alert ${level}`, role: 'note' },
    word && h('b', {}, word),
    ...text(block['text'], context),
  );
}

function container(block: Json, context: BlockContext): HTMLElement {
  const title = textOf(block['title']);
  const children = drawBlocks(objects(block['child_blocks']), context);
  if (block['is_collapsible'] !== true)
    return h('div', { class: 'card' }, title && h('div', { class: 'card-title' }, title), ...children);
  return h(
    'details',
    { class: 'card', open: block['default_collapsed'] !== true },
    h('summary', {}, title),
    ...children,
  );
}
