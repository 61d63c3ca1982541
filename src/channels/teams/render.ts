// The neutral card as an Adaptive Card: the templates of adaptive-cards/, one a block kind, filled with plain data. Pure.
// A card that would be too large loses table rows and then words, and says so.
import type { Action, Block, Card, Form, StepState, Tone } from '../../cards/card.ts';
import { clean, cleanLine } from '../../cards/clean.ts';
import { clip } from '../../cards/wording.ts';
import { renderChart } from './chart.ts';
import { renderInputs } from './inputs.ts';
import { limits } from './limits.ts';
import { type Color, runs, words } from './runs.ts';
import { expand, type Json } from './template.ts';
import { templates } from './templates.ts';

export type AdaptiveCard = Readonly<Record<string, unknown>>;

/** How much of a card is drawn: rows of each table, and characters of each text. */
interface Measure {
  readonly rows: number;
  readonly text: number;
}

/** For whom a card is drawn, and where. */
export interface View {
  /** Where its forms are filled in. */
  readonly forms: 'card' | 'dialog';
  /** Buttons that are drawn; default all. */
  readonly shows?: (action: Action) => boolean;
  /** Teams ids of those whose client asks for a card of their own, and the id it asks by. */
  readonly refresh?: { readonly id: string; readonly userIds: readonly string[] };
  /** Id of the card's first element, by which the message can be found again. */
  readonly mark?: string;
}

type Drawing = Measure & View;
export const toEveryone: View = { forms: 'card' };

/** The verb of a refresh: no deed, so none of the catalogue. */
export const refreshVerb = 'view';

/** Tried in order until the card fits. */
const measures: readonly Measure[] = [
  { rows: 100, text: limits.text },
  { rows: 30, text: 2000 },
  { rows: 12, text: 600 },
  { rows: 5, text: 200 },
  { rows: 2, text: 80 },
];

/** A card as an Adaptive Card of version 1.5, under 28 KB. */
export function renderCard(card: Card, view: View = toEveryone): AdaptiveCard {
  for (const measure of measures) {
    const drawn = shell(
      card,
      card.blocks.flatMap((block) => renderBlock(block, { ...measure, ...view })),
      view,
    );
    if (Buffer.byteLength(JSON.stringify(drawn)) <= limits.cardBytes) return drawn;
  }
  const note = 'This card is too large for Teams. Ask for less of it, for example one registry.';
  const least = { rows: 0, text: limits.summary, ...view };
  return shell(
    card,
    [
      ...renderBlock({ kind: 'heading', text: card.title }, least),
      ...renderBlock({ kind: 'text', text: card.summary }, least),
      ...renderBlock({ kind: 'text', text: note }, least),
    ],
    view,
  );
}

/** A form as a card of its own, with what was wrong with it before. */
export const renderForm = (form: Form, forms: View['forms'] = 'card', problem?: string): AdaptiveCard =>
  renderCard(formCard(form, problem), { forms });

export const formCard = (form: Form, problem?: string): Card => ({
  name: 'form',
  title: form.title,
  summary: problem ?? form.intro ?? form.title,
  blocks: [
    ...(problem ? [{ kind: 'status', tone: 'bad', label: 'Not done', text: problem } as const] : []),
    { kind: 'inputs', form },
  ],
});

function shell(card: Card, blocks: readonly Json[], { refresh, mark }: View): AdaptiveCard {
  const body = mark
    ? blocks.map((block, at) => (at === 0 ? { ...(block as object), id: mark } : block))
    : blocks;
  const summary = clip(cleanLine(card.summary || card.title), limits.summary) || '–';
  const data = {
    // Read aloud as SSML, shown as Markdown: both without what those would read as markup.
    speak: summary.replaceAll('&', 'and').replace(/[<>]/g, ' '),
    fallbackText: summary.replaceAll('[', '(').replaceAll(']', ')'),
    body,
    hasRefresh: refresh !== undefined,
    refresh: { verb: refreshVerb, id: refresh?.id ?? '', userIds: refresh?.userIds ?? [] },
  };
  return expand(templates.shell, data) as AdaptiveCard;
}

function renderBlock(block: Block, drawing: Drawing): readonly Json[] {
  const max = drawing.text;
  switch (block.kind) {
    case 'heading':
      return [expand(templates.heading, { text: words(block.text, max) || '–' })];
    case 'text':
      return [expand(templates.text, { inlines: runs(block.text, max, colors[block.tone ?? 'neutral']) })];
    case 'facts':
      return block.facts.length === 0 ? [] : [expand(templates.facts, { facts: factData(block.facts, max) })];
    case 'table':
      return [expand(templates.table, tableData(block, drawing))];
    case 'chart':
      return renderChart(block, max);
    case 'progress':
      return [
        expand(templates.progress, { title: words(block.title, max), steps: stepData(block.steps, max) }),
      ];
    case 'status':
      return [expand(templates.status, statusData(block, max))];
    case 'image':
      return [expand(templates.image, imageData(block))];
    case 'actions':
      return actionSets(drawing.shows ? block.actions.filter(drawing.shows) : block.actions);
    case 'inputs':
      return renderInputs(block.form, drawing.forms);
    case 'context':
      return [expand(templates.context, { inlines: runs(block.text, max) })];
    case 'divider':
      return [templates.divider];
  }
}

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

const factData = (facts: Of<'facts'>['facts'], max: number) =>
  facts.map((fact) => ({ label: words(fact.label, max) || '–', inlines: runs(fact.value, max) }));

function tableData(table: Of<'table'>, { rows, text }: Measure) {
  const shown = table.rows.slice(0, rows);
  const left = table.rows.length - shown.length;
  const hasRows = shown.length > 0 && table.columns.length > 0;
  const none = left > 0 ? '' : 'None.';
  const header = table.columns.map((column) => ({
    inlines: runs([{ kind: 'strong', text: column.title || ' ' }], text),
  }));
  return {
    caption: words(table.caption, text) || 'Table',
    hasRows,
    columns: table.columns.map((column) => ({
      width: Math.max(1, Math.round(column.weight ?? 1)),
      align: column.align === 'end' ? 'Right' : 'Left',
    })),
    rows: [
      { cells: header },
      ...shown.map((row) => ({
        cells: table.columns.map((_, at) => ({ inlines: runs(row[at] ?? '', text) })),
      })),
    ],
    hasNote: left > 0 || !hasRows,
    note: left > 0 ? `… and ${left} more.` : none,
  };
}

const stepWords: Readonly<Record<StepState, string>> = {
  pending: '○ pending',
  active: '▸ active',
  done: '✓ done',
  failed: '✗ failed',
};
const stepColors: Readonly<Record<StepState, Color>> = {
  pending: 'Default',
  active: 'Accent',
  done: 'Good',
  failed: 'Attention',
};

const stepData = (steps: Of<'progress'>['steps'], max: number) =>
  steps.map((step) => ({
    word: stepWords[step.state],
    color: stepColors[step.state],
    title: words(step.title, max) || '–',
    hasDetail: Boolean(step.detail),
    detail: words(step.detail ?? '', max),
  }));

/** A sign beside the word, so that no state is told by colour alone. */
const signs: Readonly<Record<Tone, string>> = { neutral: '•', good: '✓', warning: '!', bad: '✗', muted: '–' };
const colors: Readonly<Record<Tone, Color>> = {
  neutral: 'Default',
  good: 'Good',
  warning: 'Warning',
  bad: 'Attention',
  muted: 'Default',
};
const styles: Readonly<Record<Tone, string>> = {
  neutral: 'default',
  good: 'good',
  warning: 'warning',
  bad: 'attention',
  muted: 'emphasis',
};

/** The box tells the tone by its ground, and the sign by its shape: words of the tone's colour are hard to read on it. */
const statusData = (status: Of<'status'>, max: number) => ({
  style: styles[status.tone],
  sign: signs[status.tone],
  label: words(status.label, max),
  hasText: status.text !== '',
  text: words(status.text, max),
});

const imageData = (image: Of<'image'>) => ({
  label: words(image.label, limits.text),
  reference: words(image.reference, limits.text),
  hasDigest: Boolean(image.digest),
  digest: words(image.digest ?? '', limits.text),
});

const buttonStyles = { primary: 'positive', danger: 'destructive' } as const;

/** Buttons by how they are drawn, each for itself so that they stay in their order. */
function actionSets(actions: readonly Action[]): readonly Json[] {
  const sets: Json[] = [];
  for (let from = 0; from < actions.length; from += limits.actionsInSet) {
    const drawn = actions.slice(from, from + limits.actionsInSet).flatMap((action) => {
      const data = { direct: [], dialogs: [], confirmed: [], [groupOf(action)]: [actionData(action)] };
      return (expand(templates.actions, data) as { readonly actions: readonly Json[] }).actions;
    });
    sets.push({ type: 'ActionSet', actions: drawn });
  }
  return sets;
}

const formPrefix = 'form:';
const title = (text: string): string => clip(cleanLine(text).trim(), limits.actionTitle) || '–';

const groupOf = ({ confirm, action }: Action): 'direct' | 'dialogs' | 'confirmed' =>
  confirm ? 'confirmed' : action.startsWith(formPrefix) ? 'dialogs' : 'direct';

/** A button that asks first opens the question with the real button under it; one of a form asks for its dialog. */
const actionData = (action: Action) => ({
  title: title(action.label),
  tooltip: clip(cleanLine(action.accessibilityLabel), limits.tooltip),
  style: action.style ? buttonStyles[action.style] : 'default',
  verb: action.action,
  id: action.value.id,
  nonce: action.value.nonce,
  question: clean(action.confirm?.title ?? ''),
  consequence: clean(action.confirm?.text ?? ''),
  confirm: title(action.confirm?.confirm ?? ''),
});
