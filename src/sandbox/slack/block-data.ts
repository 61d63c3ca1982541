// Slack's rules for the blocks that carry data: table, data_table, data_visualization, plan and task_card.
import {
  all,
  boolean,
  byType,
  type Check,
  isJson,
  type Json,
  list,
  number,
  object,
  oneOf,
  rule,
  string,
} from './block-checks.ts';
import { blockId, richText } from './block-elements.ts';

const rawText = object({ type: string(20), text: string(10_000) });
const rawNumber = object({ type: string(20), value: number(), text: string(200) });
const cell = byType({ rich_text: richText, raw_text: rawText, raw_number: rawNumber });

const rowsOf = (value: Json): unknown[][] =>
  Array.isArray(value['rows']) ? value['rows'].filter((row): row is unknown[] => Array.isArray(row)) : [];

const evenRows = rule((value) =>
  new Set(rowsOf(value).map((row) => row.length)).size > 1
    ? 'all rows must have the same number of cells'
    : undefined,
);
const headerWithoutRichText = rule((value) =>
  rowsOf(value)[0]?.some((one) => isJson(one) && one['type'] === 'rich_text')
    ? 'rich_text cannot be used in the header row'
    : undefined,
);
const shortEnough = rule((value) => {
  const characters = rowsOf(value)
    .flat()
    .reduce<number>((sum, one) => sum + textLength(one), 0);
  return characters > 10_000 ? `table has ${characters} characters; no more than 10000 allowed` : undefined;
}, 'max_length');

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + textLength(one), 0);
  if (!isJson(value)) return 0;
  return (typeof value['text'] === 'string' ? value['text'].length : 0) + textLength(value['elements']);
}

export const table = all(
  object({
    type: string(20),
    rows: list(list(cell, 20), 100),
    'column_settings?': list(
      object({ 'align?': oneOf('left', 'center', 'right'), 'is_wrapped?': boolean }),
      20,
      0,
    ),
    'block_id?': blockId,
  }),
  evenRows,
  shortEnough,
);

export const dataTable = all(
  object({
    type: string(20),
    caption: string(1000),
    rows: list(list(cell, 20), 101, 2),
    'page_size?': number(1, 100, true),
    'row_header_column_index?': number(0, 19, true),
    'block_id?': blockId,
  }),
  evenRows,
  headerWithoutRichText,
  shortEnough,
);

const point = object({ label: string(20), value: number() });
const axes = object({ categories: list(string(20), 20), 'x_label?': string(50), 'y_label?': string(50) });
const plotted = (type: string): Check =>
  all(
    object({
      type: oneOf(type),
      series: list(object({ name: string(20), data: list(point, 20) }), 6),
      axis_config: axes,
    }),
    rule(seriesProblem),
  );

/** Every series has each category once, and no name twice. */
function seriesProblem(chart: Json): string | undefined {
  const config = isJson(chart['axis_config']) ? chart['axis_config'] : {};
  const categories = Array.isArray(config['categories']) ? config['categories'].map(String) : [];
  if (new Set(categories).size < categories.length) return 'categories must be unique';
  const series = (Array.isArray(chart['series']) ? chart['series'] : []).filter(isJson);
  if (new Set(series.map((one) => one['name'])).size < series.length) return 'series names must be unique';
  const wanted = [...categories].sort().join('\n');
  const bad = series.find((one) => labelsOf(one).sort().join('\n') !== wanted);
  return bad ? `series ${String(bad['name'])} must have exactly one point for each category` : undefined;
}

function labelsOf(series: Json): string[] {
  return (Array.isArray(series['data']) ? series['data'] : [])
    .filter(isJson)
    .map((one) => String(one['label']));
}

export const dataVisualization = object({
  type: string(30),
  title: string(50),
  chart: byType({
    line: plotted('line'),
    bar: plotted('bar'),
    area: plotted('area'),
    pie: object({ type: oneOf('pie'), segments: list(object({ label: string(20), value: number(0) }), 6) }),
  }),
  'block_id?': blockId,
});

const source = object({ type: oneOf('url'), url: string(3000), text: string(150) });
export const taskCard = object({
  type: oneOf('task_card'),
  task_id: string(255),
  title: string(300),
  status: oneOf('pending', 'in_progress', 'complete', 'error'),
  'details?': richText,
  'output?': richText,
  'sources?': list(source, 20, 0),
  'block_id?': blockId,
});
export const plan = all(
  object({ type: string(20), title: string(300), 'tasks?': list(taskCard, 50, 0), 'block_id?': blockId }),
  rule((value) => {
    const ids = (Array.isArray(value['tasks']) ? value['tasks'] : [])
      .filter(isJson)
      .map((one) => one['task_id']);
    return new Set(ids).size < ids.length ? 'task_id must be unique within a plan' : undefined;
  }),
);
