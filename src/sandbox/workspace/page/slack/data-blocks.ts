// The blocks that carry data: table, data_table, data_visualization, plan and task_card.
import type { Json } from '../../shapes.ts';
import { type Chart, drawChart } from '../chart.ts';
import { h } from '../dom.ts';
import { object, objects, words } from '../json.ts';
import { richText } from './rich-text.ts';

type Names = Readonly<Record<string, string>>;

function cell(value: Json, names: Names): Node {
  return value['type'] === 'rich_text'
    ? richText(value, names)
    : document.createTextNode(words(value['text']));
}

function row(
  cells: readonly Json[],
  names: Names,
  tag: 'th' | 'td',
  align: readonly string[] = [],
): HTMLElement {
  const made = cells.map((one, index) => {
    const side = align[index] ?? (one['type'] === 'raw_number' ? 'right' : 'left');
    const isId = /^[A-Z]{1,4}-\w{1,6}$/.test(words(one['text']));
    return h(
      tag,
      {
        style: `text-align:${side}`,
        class: isId && 'id',
        ...(tag === 'th' ? { scope: 'col' } : {}),
      },
      cell(one, names),
    );
  });
  return h('tr', {}, ...made);
}

const rowsOf = (block: Json): Json[][] => (Array.isArray(block['rows']) ? block['rows'].map(objects) : []);

export function table(block: Json, names: Names): HTMLElement {
  const [head = [], ...rest] = rowsOf(block);
  const align = objects(block['column_settings']).map((one) => words(one['align']) || 'left');
  return h(
    'div',
    { class: 'table-scroll' },
    h(
      'table',
      {},
      h('thead', {}, row(head, names, 'th', align)),
      h('tbody', {}, ...rest.map((one) => row(one, names, 'td', align))),
    ),
  );
}

/** A table in pages, with its caption. */
export function dataTable(block: Json, names: Names): HTMLElement {
  const [head = [], ...rest] = rowsOf(block);
  const size = Number(block['page_size'] ?? 5);
  const pages = Math.ceil(rest.length / size);
  const body = h('tbody');
  const where = h('span', {});
  let page = 0;
  const show = (): void => {
    const shown = rest.slice(page * size, (page + 1) * size);
    body.replaceChildren(...shown.map((one) => row(one, names, 'td')));
    where.textContent = `${page * size + 1}–${page * size + shown.length} of ${rest.length}`;
    back.disabled = page === 0;
    next.disabled = page >= pages - 1;
  };
  const turn = (step: number) => (): void => {
    page += step;
    show();
  };
  const back = h('button', { class: 'plain', 'aria-label': 'Previous page', onclick: turn(-1) }, '‹');
  const next = h('button', { class: 'plain', 'aria-label': 'Next page', onclick: turn(1) }, '›');
  show();
  const caption = words(block['caption']);
  return h(
    'div',
    { class: 'data-table' },
    h('div', { class: 'caption' }, caption),
    h(
      'div',
      { class: 'table-scroll' },
      h('table', { 'aria-label': caption }, h('thead', {}, row(head, names, 'th')), body),
    ),
    pages > 1 && h('div', { class: 'pager' }, where, back, next),
  );
}

export function dataVisualization(block: Json): HTMLElement {
  const chart = object(block['chart']);
  const axes = object(chart['axis_config']);
  const kind = words(chart['type']) as Chart['kind'];
  const slices = objects(chart['segments']).map(pointOf);
  const series = objects(chart['series']).map((one) => ({
    name: words(one['name']),
    points: ordered(one, axes),
  }));
  return drawChart({
    title: words(block['title']),
    kind,
    series: kind === 'pie' ? [{ name: words(block['title']), points: slices }] : series,
    xLabel: words(axes['x_label']),
    yLabel: words(axes['y_label']),
  });
}

const pointOf = (one: Json): { label: string; value: number } => ({
  label: words(one['label']),
  value: Number(one['value']),
});

/** The points in the order of the categories. */
function ordered(series: Json, axes: Json): { label: string; value: number }[] {
  const points = objects(series['data']).map(pointOf);
  const categories = Array.isArray(axes['categories'])
    ? axes['categories'].map(words)
    : points.map((one) => one.label);
  return categories.map((label) => ({ label, value: points.find((one) => one.label === label)?.value ?? 0 }));
}

const taskStates: Record<string, { sign: string; word: string }> = {
  pending: { sign: '○', word: 'Pending' },
  in_progress: { sign: '◐', word: 'In progress' },
  complete: { sign: '✓', word: 'Complete' },
  error: { sign: '!', word: 'Failed' },
};

export function taskCard(block: Json, names: Names): HTMLElement {
  const status = words(block['status']);
  const { sign, word } = taskStates[status] ?? { sign: '○', word: status };
  const details = [object(block['details']), object(block['output'])].filter((one) => one['elements']);
  const links = objects(block['sources']).map((one) =>
    h('a', { href: words(one['url']), target: '_blank', rel: 'noopener' }, words(one['text'])),
  );
  return h(
    'div',
    { class: `task ${status}` },
    h('span', { class: 'task-sign', 'aria-hidden': 'true' }, sign),
    h(
      'div',
      {},
      h('div', { class: 'task-title' }, words(block['title']), h('small', {}, word)),
      ...details.map((one) => richText(one, names)),
      ...links,
    ),
  );
}

export function plan(block: Json, names: Names): HTMLElement {
  return h(
    'div',
    { class: 'plan' },
    h('div', { class: 'plan-title' }, words(block['title'])),
    ...objects(block['tasks']).map((one) => taskCard(one, names)),
  );
}
