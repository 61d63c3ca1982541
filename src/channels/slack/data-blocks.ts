// Tables, charts and progress: Slack's native blocks, and for clients, workspaces and messages that take no (more)
// native ones, the same data as lines of rich text.
import type { Block, Line, Series, Step, StepState } from '../../cards/card.ts';
import { cleanLine } from '../../cards/clean.ts';
import { clip } from '../../cards/wording.ts';
import { limits } from './limits.ts';
import { inlineElements, type Json, lineText, richText, section, textElements } from './rich-text.ts';

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

/** What is still allowed in this message; used up as blocks are drawn. */
export interface Room {
  tables: number;
  charts: number;
  plans: number;
}

const bold = { bold: true } as const;
const heading = (text: string): Json => section(...textElements(text || ' ', bold));

export function tableBlocks(table: Of<'table'>, room: Room): readonly Json[] {
  const fits = table.columns.length > 0 && table.columns.length <= limits.dataTableColumns;
  if (!fits || table.rows.length === 0 || room.tables < 1) return tableLines(table);
  room.tables -= 1;
  const header = table.columns.map((column) => rawText(column.title || 'Item'));
  let left = limits.dataTableCharacters - cellLength(header) - 1;
  const rows: (readonly Json[])[] = [];
  for (const row of table.rows.slice(0, limits.dataTableRows)) {
    const cells = table.columns.map((_column, index) => tableCell(row[index] ?? ''));
    left -= cellLength(cells);
    if (left < 0) break;
    rows.push(cells);
  }
  if (rows.length === 0) return tableLines(table);
  return [
    {
      type: 'data_table',
      caption: clip(cleanLine(table.caption), limits.header) || 'Table',
      rows: [header, ...rows],
      page_size: Math.min(rows.length, 25),
      row_header_column_index: 0,
    },
    ...leftOut(table.rows.length - rows.length),
  ];
}

const rawText = (text: string): Json => ({ type: 'raw_text', text: cleanLine(text).trim() || '–' });

function tableCell(line: Line): Json {
  const elements = inlineElements(line);
  const isPlain = elements.every((element) => element['type'] === 'text' && !element['style']);
  return isPlain ? rawText(lineText(line)) : { type: 'rich_text', elements: [section(...elements)] };
}

const cellLength = (value: unknown): number => JSON.stringify(value).length;

/** A table as a list: the first cell of a row is its name, the others stand with their column's title. */
function tableLines(table: Of<'table'>): readonly Json[] {
  const rows = table.rows.slice(0, limits.dataTableRows).map((row) => {
    const parts = row.flatMap((cell, index) => {
      const { title = '', isClear = false } = table.columns[index] ?? {};
      if (index === 0) return row.length > 1 ? inlineElements(cell).map(emphasise) : inlineElements(cell);
      const label = title && !isClear ? `${title}: ` : '';
      return [...textElements(`${index === 1 ? ' — ' : '; '}${label}`), ...inlineElements(cell)];
    });
    return section(...parts);
  });
  const list = { type: 'rich_text_list', style: 'bullet', elements: rows };
  const parts = [heading(table.caption), ...(rows.length > 0 ? [list] : [section(...textElements('None.'))])];
  return [...richText(parts), ...leftOut(table.rows.length - rows.length)];
}

const emphasise = (element: Json): Json =>
  element['type'] === 'text' && !element['style'] ? { ...element, style: bold } : element;

const leftOut = (count: number): readonly Json[] =>
  count > 0 ? richText([section(...textElements(`… and ${count} more.`, { italic: true }))]) : [];

export function chartBlocks(chart: Of<'chart'>, room: Room): readonly Json[] {
  const categories = chart.categories.slice(-limits.chartPoints);
  const from = chart.categories.length - categories.length;
  const series = chart.series.slice(0, limits.chartSeries);
  const hasData = categories.length > 0 && series.length > 0;
  if (!hasData || room.charts < 1 || !series.every((each) => isDrawable(each, from, categories.length)))
    return chartLines(chart);
  room.charts -= 1;
  const labels = unique(categories);
  const names = unique(series.map((each) => each.name));
  return [
    {
      type: 'data_visualization',
      title: clip(cleanLine(chart.title), limits.chartTitle) || 'Chart',
      chart: {
        type: chart.type,
        series: series.map((each, at) => ({
          name: names[at],
          data: labels.map((label, index) => ({ label, value: each.values[from + index] })),
        })),
        axis_config: {
          categories: labels,
          ...(chart.unit && { y_label: clip(cleanLine(chart.unit), limits.axisLabel) || '–' }),
        },
      },
    },
    ...leftOut(chart.series.length - series.length),
  ];
}

const isDrawable = (series: Series, from: number, points: number): boolean =>
  series.values.length >= from + points && series.values.slice(from, from + points).every(Number.isFinite);

/** Labels cut to Slack's length that still differ from each other, in the order they came. */
function unique(texts: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return texts.map((text, index) => {
    let label = clip(cleanLine(text).trim(), limits.chartLabel) || '–';
    if (seen.has(label)) label = `${clip(label, limits.chartLabel - 4)} ${index + 1}`;
    seen.add(label);
    return label;
  });
}

function chartLines(chart: Of<'chart'>): readonly Json[] {
  const lines = chart.series.map((series) =>
    section(
      ...textElements(`${series.name}: `, bold),
      ...textElements(chart.categories.map((name, at) => `${name} ${series.values[at] ?? '?'}`).join(', ')),
    ),
  );
  const list = { type: 'rich_text_list', style: 'bullet', elements: lines.slice(0, limits.richTextElements) };
  const title = `${chart.title}${chart.unit ? ` (${chart.unit})` : ''}`;
  return richText([heading(title), ...(lines.length > 0 ? [list] : [])]);
}

const taskStatus: Readonly<Record<StepState, string>> = {
  pending: 'pending',
  active: 'in_progress',
  done: 'complete',
  failed: 'error',
};
const stepWords: Readonly<Record<StepState, string>> = {
  pending: '○ pending',
  active: '▸ active',
  done: '✓ done',
  failed: '✗ failed',
};

export function progressBlocks(progress: Of<'progress'>, room: Room): readonly Json[] {
  const { steps, title } = progress;
  const fits = steps.length > 0 && steps.length <= limits.tasks;
  if (!fits || room.plans < 1) return richText([heading(title), ...steps.map(stepLine)]);
  room.plans -= 1;
  return [
    {
      type: 'plan',
      title: clip(cleanLine(title), limits.taskTitle) || 'Progress',
      tasks: steps.map((step, index) => ({
        type: 'task_card',
        task_id: `step-${index}`,
        title: clip(cleanLine(step.title).trim(), limits.taskTitle) || '–',
        status: taskStatus[step.state],
        ...(step.detail && textElements(step.detail).length > 0
          ? { details: { type: 'rich_text', elements: [section(...textElements(step.detail))] } }
          : {}),
      })),
    },
  ];
}

const stepLine = (step: Step): Json =>
  section(
    ...textElements(`${stepWords[step.state]}: `),
    ...textElements(step.title, bold),
    ...textElements(step.detail ? ` — ${step.detail}` : ''),
  );
