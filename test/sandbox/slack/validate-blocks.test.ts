// Slack's limits, one row each: the largest accepted value and the smallest refused one.
import { expect, test } from 'vitest';
import { type Surface, validateBlocks, validateView } from '../../../src/sandbox/slack/validate-blocks.ts';

const text = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const button = (fields: object, index = 0) => ({
  type: 'button',
  action_id: `a${index}`,
  text: text(1),
  ...fields,
});
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const select = (count: number) => ({
  type: 'static_select',
  action_id: 's',
  options: many(count, (index) => ({ text: text(1), value: `${index}` })),
});
const cell = (length: number) => ({ type: 'raw_text', text: 'x'.repeat(length) });
const dataTable = (rows: number, columns: number, fields: object = {}) => ({
  type: 'data_table',
  caption: 'Registries',
  rows: many(rows, () => many(columns, () => cell(1))),
  ...fields,
});
const series = (count: number, points: number) =>
  many(count, (index) => ({
    name: `s${index}`,
    data: many(points, (at) => ({ label: `w${at}`, value: at })),
  }));
const chart = (count: number, points: number, title = 'Score') => ({
  type: 'data_visualization',
  title,
  chart: {
    type: 'line',
    series: series(count, points),
    axis_config: { categories: many(points, (at) => `w${at}`) },
  },
});
const task = (id: string, status: string) => ({ type: 'task_card', task_id: id, title: 'Import', status });

/** Where a message with this block is refused; empty if it is not. */
const refusedAt = (blocks: unknown[], surface: Surface = 'message'): string[] =>
  validateBlocks(blocks, surface).map((one) => one.pointer);

const limits: [string, unknown, unknown][] = [
  ['header text', { type: 'header', text: text(150) }, { type: 'header', text: text(151) }],
  ['section text', { type: 'section', text: text(3000) }, { type: 'section', text: text(3001) }],
  [
    'section fields',
    { type: 'section', fields: many(10, () => text(2000)) },
    { type: 'section', fields: many(11, () => text(1)) },
  ],
  [
    'section field length',
    { type: 'section', fields: [text(2000)] },
    { type: 'section', fields: [text(2001)] },
  ],
  [
    'context elements',
    { type: 'context', elements: many(10, () => text(1)) },
    { type: 'context', elements: many(11, () => text(1)) },
  ],
  [
    'actions elements',
    actions(...many(25, (at) => button({}, at))),
    actions(...many(26, (at) => button({}, at))),
  ],
  ['button text', actions(button({ text: text(75) })), actions(button({ text: text(76) }))],
  [
    'button value',
    actions(button({ value: 'x'.repeat(2000) })),
    actions(button({ value: 'x'.repeat(2001) })),
  ],
  [
    'button label',
    actions(button({ accessibility_label: 'x'.repeat(75) })),
    actions(button({ accessibility_label: 'x'.repeat(76) })),
  ],
  [
    'action_id',
    actions(button({ action_id: 'x'.repeat(255) })),
    actions(button({ action_id: 'x'.repeat(256) })),
  ],
  ['options', actions(select(100)), actions(select(101))],
  [
    'markdown',
    { type: 'markdown', text: 'x'.repeat(12_000) },
    { type: 'markdown', text: 'x'.repeat(12_001) },
  ],
  ['data_table rows', dataTable(101, 1), dataTable(102, 1)],
  ['data_table columns', dataTable(2, 20), dataTable(2, 21)],
  ['data_table page size', dataTable(2, 1, { page_size: 100 }), dataTable(2, 1, { page_size: 101 })],
  ['data_table fewest rows', dataTable(2, 1), dataTable(1, 1)],
  [
    'data_table characters',
    dataTable(2, 1, { rows: [[cell(5000)], [cell(5000)]] }),
    dataTable(2, 1, { rows: [[cell(5000)], [cell(5001)]] }),
  ],
  ['chart series', chart(6, 20), chart(7, 20)],
  ['chart points', chart(1, 20), chart(1, 21)],
  ['chart title', chart(1, 1, 'x'.repeat(50)), chart(1, 1, 'x'.repeat(51))],
];

test.each(limits)('%s: the most that fits is accepted and one more is refused', (_name, fits, tooMuch) => {
  expect(refusedAt([fits])).toEqual([]);
  expect(refusedAt([tooMuch])).not.toEqual([]);
});

test('A message takes 50 blocks and a modal 100', () => {
  const dividers = (count: number) => many(count, () => ({ type: 'divider' }));

  expect([50, 51].map((count) => refusedAt(dividers(count)).length)).toEqual([0, 1]);
  expect([100, 101].map((count) => refusedAt(dividers(count), 'modal').length)).toEqual([0, 1]);
});

test('An unknown block, an unknown field and a missing field are named', () => {
  const errors = validateBlocks(
    [{ type: 'chart' }, { type: 'divider', colour: 'red' }, { type: 'header' }],
    'message',
  );

  expect(errors.map((one) => `${one.pointer} ${one.message}`)).toEqual([
    '/blocks/0/type unsupported type: chart',
    '/blocks/1 invalid additional property: colour',
    '/blocks/2 missing required field: text',
  ]);
});

test('Each surface forbids its own blocks', () => {
  const plan = { type: 'plan', title: 'Promotion', tasks: [task('a', 'pending')] };

  expect(refusedAt([{ type: 'alert', text: text(1) }])).toEqual(['/blocks/0/type']);
  expect(refusedAt([plan])).toEqual([]);
  expect(refusedAt([plan], 'modal')).toEqual(['/blocks/0/type']);
  expect(refusedAt([chart(1, 1)], 'home')).toEqual(['/blocks/0/type']);
  expect(refusedAt([dataTable(2, 1)], 'home')).toEqual([]);
});

test('A data_table has even rows, a caption and a plain header', () => {
  const uneven = dataTable(2, 2, { rows: [[cell(1), cell(1)], [cell(1)]] });
  const rich = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
  };
  const { caption: _none, ...noCaption } = dataTable(2, 1);

  expect(refusedAt([uneven])).toEqual(['/blocks/0']);
  expect(refusedAt([dataTable(2, 1, { rows: [[rich], [cell(1)]] })])).toEqual(['/blocks/0']);
  expect(refusedAt([dataTable(2, 1, { rows: [[cell(1)], [rich]] })])).toEqual([]);
  expect(refusedAt([noCaption])).toEqual(['/blocks/0']);
});

test('A chart has each category once in every series, and no series twice', () => {
  const missing = chart(1, 2);
  missing.chart.axis_config.categories.push('w9');
  const twice = chart(2, 1);
  twice.chart.series[1]!.name = 's0';

  expect(validateBlocks([missing], 'message')[0]?.message).toBe(
    'series s0 must have exactly one point for each category',
  );
  expect(validateBlocks([twice], 'message')[0]?.message).toBe('series names must be unique');
});

test('A plan’s tasks have known states and their own ids', () => {
  const plan = (...tasks: object[]) => [{ type: 'plan', title: 'Promotion', tasks }];

  expect(refusedAt(plan(task('a', 'complete'), task('b', 'error')))).toEqual([]);
  expect(refusedAt(plan(task('a', 'failed')))).toEqual(['/blocks/0/tasks/0/status']);
  expect(refusedAt(plan(task('a', 'pending'), task('a', 'pending')))).toEqual(['/blocks/0']);
});

test('A message has one table and at most two charts, and ids are not used twice', () => {
  expect(refusedAt([dataTable(2, 1), dataTable(2, 1)])).toEqual(['/blocks']);
  expect(refusedAt([chart(1, 1), chart(1, 1), chart(1, 1)])).toEqual(['/blocks']);
  expect(
    refusedAt([
      { type: 'divider', block_id: 'a' },
      { type: 'divider', block_id: 'a' },
    ]),
  ).toEqual(['/blocks/1/block_id']);
  expect(refusedAt([actions(button({}), button({}))])).toEqual(['/blocks/0/elements']);
});

test('A modal’s words are short and an input needs a submit button', () => {
  const input = { type: 'input', label: text(1), element: { type: 'plain_text_input', action_id: 'a' } };
  const modal = (fields: object) =>
    validateView({ type: 'modal', title: text(24), blocks: [input], submit: text(24), ...fields });
  const pointers = (fields: object) => modal(fields).map((one) => one.pointer);

  expect(pointers({})).toEqual([]);
  expect(pointers({ title: text(25) })).toEqual(['/view/title/text']);
  expect(pointers({ private_metadata: 'x'.repeat(3001) })).toEqual(['/view/private_metadata']);
  expect(pointers({ submit: undefined })).toEqual(['/view/submit']);
});
