// A card as text for a terminal: the plain twin of what the chats draw.
import { clean, cleanLine } from '../../cards/clean.ts';
import { type Block, type Card, type Line, pieces, type Step } from '../../cards/card.ts';

const width = 100;

/** The whole card; `timezone` is the reader's. No escape codes: it is piped and pasted. Control characters are taken out. */
export function renderText(card: Card, timezone = 'UTC'): string {
  // A line end in a reason or a tag must not look like a line of ours.
  const line = (text: Line): string => cleanLine(lineText(text, timezone));
  const parts = card.blocks.map((block) => blockText(block, line)).filter((text) => text !== '');
  return clean(parts.join('\n\n'));
}

function blockText(block: Block, line: (text: Line) => string): string {
  switch (block.kind) {
    case 'heading':
      return `${line(block.text)}\n${'='.repeat(Math.min(width, block.text.length))}`;
    case 'text':
    case 'context':
      return line(block.text);
    case 'facts':
      return factsText(block.facts.map((fact) => [line(fact.label), line(fact.value)]));
    case 'table':
      return tableText(
        block.caption,
        block.columns.map((column) => column.title),
        block.rows.map((row) => row.map(line)),
        block.columns.map((column) => column.align === 'end'),
      );
    case 'chart':
      return chartText(block);
    case 'progress':
      return [block.title, ...block.steps.map(stepText)].join('\n');
    case 'status':
      return `${line(block.label)}: ${line(block.text)}`;
    case 'image':
      return `${line(block.label)}: ${line(block.reference)}${block.digest ? `\n  ${block.digest}` : ''}`;
    case 'actions':
      return nextText(block.actions);
    case 'inputs':
      return `Form: ${block.form.title} (${block.form.fields.map((field) => field.label).join(', ')})`;
    case 'divider':
      return '-'.repeat(40);
  }
}

/** A terminal has no buttons: what they would do, as commands. A page's button carries its command. */
function nextText(actions: Extract<Block, { kind: 'actions' }>['actions']): string {
  const verbs = actions.filter((action) => !action.action.startsWith('form:') && action.action !== 'refresh');
  return verbs.length === 0
    ? ''
    : `Next: ${verbs.map(({ action, value }) => `acr-warden ${action === 'page' ? '' : `${action} `}${value.id}`.trim()).join(' · ')}`;
}

function lineText(text: Line, timezone: string): string {
  return pieces(text)
    .map((piece) => {
      switch (piece.kind) {
        case 'plain':
        case 'strong':
        case 'code':
          return piece.text;
        case 'link':
          return `${piece.text} (${piece.url})`;
        case 'time':
          return timeText(piece.at, piece.style, timezone);
      }
    })
    .join('');
}

function timeText(at: number, style: 'date' | 'datetime', timeZone: string): string {
  const options: Intl.DateTimeFormatOptions = {
    dateStyle: 'medium',
    timeZone,
    ...(style === 'datetime' && { timeStyle: 'short' }),
  };
  return new Intl.DateTimeFormat('en-GB', options).format(at);
}

const marks = { done: 'done   ', active: 'active ', pending: 'pending', failed: 'failed ' } as const;
const stepText = (step: Step): string =>
  `  ${marks[step.state]}  ${step.title}${step.detail ? `: ${step.detail}` : ''}`;

function factsText(facts: readonly (readonly [string, string])[]): string {
  const label = Math.max(0, ...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${name.padEnd(label)}  ${value}`).join('\n');
}

function tableText(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[],
): string {
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const draw = (cells: readonly string[]): string =>
    cells
      .map((cell, i) =>
        right[i]
          ? cell.padStart(widths[i] ?? 0)
          : i === cells.length - 1
            ? cell
            : cell.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const head = titles.some((title) => title !== '')
    ? [draw(titles), widths.map((size) => '-'.repeat(size)).join('  ')]
    : [];
  return [`${caption}:`, ...head, ...rows.map(draw)].join('\n');
}

/** Bars of up to 30 signs; a value below zero has none. */
function chartText(chart: Extract<Block, { kind: 'chart' }>): string {
  const largest = Math.max(1, ...chart.series.flatMap((series) => series.values));
  const bar = (value: number): string => '#'.repeat(Math.max(0, Math.round(30 * (value / largest))));
  const lines = chart.series.flatMap((series) => [
    `  ${series.name}`,
    ...chart.categories.map((category, i) => {
      const value = series.values[i] ?? 0;
      return `    ${category.padEnd(8)} ${bar(value)} ${value} ${chart.unit}`;
    }),
  ]);
  return [`${chart.title}:`, ...lines].join('\n');
}
