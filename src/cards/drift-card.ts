// What changed in the posture, and which settings, by whom.
import type { Drifted } from '../digest/drift.ts';
import { type Block, type Card, datetime, type Line, plain } from './card.ts';
import { captionOn, isFirstPage, type Paging, rowsOn, type Turn, turnBlocks, turnOf } from './pages.ts';
import { clip, count } from './wording.ts';

export interface DriftView {
  readonly since: number;
  /** When the score it is compared with was taken; absent if there is none. */
  readonly comparedWith?: number;
  readonly scoreBefore?: number;
  readonly scoreNow?: number;
  readonly drifted: readonly Drifted[];
  readonly settings: readonly {
    readonly registry: string;
    readonly at: number;
    readonly by: string;
    readonly path: string;
    readonly before: string;
    readonly after: string;
  }[];
  /** Why the settings could not be read. */
  readonly gap?: string;
  /** One score a week, oldest first. */
  readonly trend: readonly { readonly weekEnd: number; readonly score: number }[];
  readonly paging: Paging;
}

const rowsOnPage = 12;

export function driftCard(view: DriftView): Card {
  const { comparedWith, scoreBefore, scoreNow, drifted } = view;
  const worse = drifted.filter((each) => each.now !== 'fine');
  const change = scoreBefore === undefined || scoreNow === undefined ? undefined : scoreNow - scoreBefore;
  const headline =
    comparedWith === undefined
      ? 'There is no earlier score to compare with yet.'
      : `Score ${scoreBefore ?? '–'} to ${scoreNow ?? '–'}; ${count(worse.length, 'rule')} worse, ${drifted.length - worse.length} better; ${count(view.settings.length, 'setting')} changed.`;
  const turn = turnOf(view.paging, [drifted.length, rowsOnPage], [view.settings.length, rowsOnPage]);
  const blocks: Block[] = [
    { kind: 'heading', text: 'Drift' },
    { kind: 'context', text: [plain('Since '), datetime(comparedWith ?? view.since)] },
    {
      kind: 'status',
      tone: worse.length > 0 ? 'bad' : comparedWith === undefined ? 'neutral' : 'good',
      label: change === undefined ? 'First look' : change >= 0 ? `Up ${change}` : `Down ${-change}`,
      text: headline,
    },
    ...driftTable(drifted, turn),
    ...settingsTable(view, turn),
    ...turnBlocks(turn),
  ];
  if (view.gap) blocks.push({ kind: 'status', tone: 'warning', label: 'Partial sight', text: view.gap });
  const chart = isFirstPage(turn) ? trendChart(view.trend) : undefined;
  if (chart) blocks.push(chart);
  return { name: 'drift', title: 'Drift', summary: `Drift: ${headline}`, blocks };
}

/** The score by week as a line, if there are two points at least. */
export function trendChart(trend: DriftView['trend']): Block | undefined {
  if (trend.length < 2) return undefined;
  const week = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', timeZone: 'UTC' });
  return {
    kind: 'chart',
    title: 'Score by week',
    type: 'line',
    unit: 'points',
    categories: trend.map(({ weekEnd }) => week.format(weekEnd)),
    series: [{ name: 'Score', values: trend.map((point) => point.score) }],
  };
}

function driftTable(drifted: readonly Drifted[], turn: Turn): readonly Block[] {
  const rows = rowsOn(turn, drifted, rowsOnPage);
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: captionOn(turn, 'Outcomes', drifted.length, rowsOnPage),
      columns: [{ title: 'Registry', weight: 2 }, { title: 'Rule' }, { title: 'Before' }, { title: 'Now' }],
      rows: rows.map((change): readonly Line[] => [change.registry, change.rule, change.before, change.now]),
    },
  ];
}

function settingsTable({ settings }: DriftView, turn: Turn): readonly Block[] {
  const rows = rowsOn(turn, settings, rowsOnPage);
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: captionOn(turn, 'Settings', settings.length, rowsOnPage, 'newest first'),
      columns: [
        { title: 'Registry', weight: 2 },
        { title: 'Setting', weight: 4, isClear: true },
        { title: 'By whom, when', weight: 3, isClear: true },
      ],
      rows: rows.map((each): readonly Line[] => [
        each.registry,
        `${each.path.replace(/^properties\./, '')}: ${clip(each.before, 40) || '–'} → ${clip(each.after, 40) || '–'}`,
        [plain(`${clip(each.by, 24)}, `), datetime(each.at)],
      ]),
    },
  ];
}
