// The posture of an organisation, a stage, a team: one readable card however many registries there are.
import type { Finding, Impact } from '../posture/outcome.ts';
import type { Score } from '../posture/score.ts';
import { type Action, type Block, type Card, datetime, type Line, plain, type Tone } from './card.ts';
import { captionOn, type Paging, rowsOn, type Turn, turnBlocks, turnOf } from './pages.ts';
import { ago, count, sentence } from './wording.ts';

export interface StatusLine {
  readonly name: string;
  readonly stage: string | undefined;
  readonly score: Score;
}

export interface StatusView {
  /** `contoso`, `stage prod`, `team shop-team`. */
  readonly scope: string;
  /** What was asked for, so that the buttons ask for the same. */
  readonly asked: string;
  readonly total: Score;
  /** The score a week ago, if one is kept. */
  readonly before?: number;
  readonly registries: readonly StatusLine[];
  readonly failing: readonly Finding[];
  readonly gaps: readonly string[];
  readonly asOf: number;
  readonly now: number;
  readonly paging: Paging;
}

/** Rows of a page. */
const registryRows = 15;
const failingRows = 8;
const gapsOnPage = 4;
const order: readonly Impact[] = ['High', 'Medium', 'Low'];

export function statusCard(view: StatusView): Card {
  const title = `Registry posture · ${view.scope}`;
  const headline = headlineOf(view);
  const groups = failingGroups(view.failing);
  const turn = turnOf(
    view.paging,
    [view.registries.length, registryRows],
    [groups.length, failingRows],
    [view.gaps.length, gapsOnPage],
  );
  return {
    name: 'status',
    title,
    summary: `${title}: ${headline}`,
    blocks: [
      { kind: 'heading', text: title },
      { kind: 'status', tone: sightOf(view), label: scoreText(view.total.score), text: headline },
      ...failingBlocks(groups, turn),
      ...registryBlocks(view.registries, turn),
      ...gapBlocks(rowsOn(turn, view.gaps, gapsOnPage)),
      ...turnBlocks(turn),
      { kind: 'actions', actions: actionsOf(view) },
      {
        kind: 'context',
        text: [
          plain('As of '),
          datetime(view.asOf),
          plain(` (${ago(view.asOf, view.now)}). Unknown counts as not passed.`),
        ],
      },
    ],
  };
}

/** What could not be seen: one thing in the same breath, several below each other. */
export function gapBlocks(gaps: readonly string[]): readonly Block[] {
  const [first] = gaps;
  if (first === undefined) return [];
  const status = { kind: 'status', tone: 'warning', label: 'Partial sight' } as const;
  if (gaps.length === 1) return [{ ...status, text: sentence(first) }];
  return [{ ...status, text: '' }, ...gaps.map((gap): Block => ({ kind: 'text', text: sentence(gap) }))];
}

export const scoreText = (score: number | undefined): string =>
  score === undefined ? 'No score' : `Score ${score} of 100`;

/** What was not seen is not good. */
function sightOf({ total, gaps }: StatusView): Tone {
  const tone = toneOf(total);
  return tone === 'good' && gaps.length > 0 ? 'warning' : tone;
}

export function toneOf(score: Score): Tone {
  if (score.failing.High > 0) return 'bad';
  if (score.score === undefined) return 'warning';
  return score.failing.Medium + score.failing.Low > 0 || score.unknown > 0 ? 'warning' : 'good';
}

export function failingText({ failing }: Score): string {
  const parts = order
    .filter((impact) => failing[impact] > 0)
    .map((impact) => `${failing[impact]} ${impact.toLowerCase()}`);
  return parts.length === 0 ? 'nothing fails' : `failing: ${parts.join(', ')}`;
}

function headlineOf(view: StatusView): string {
  const change =
    view.before === undefined || view.total.score === undefined
      ? ''
      : `, ${changeText(view.total.score - view.before)} since last week`;
  return `${count(view.registries.length, 'registry', 'registries')}${change}; ${failingText(view.total)}; ${view.total.unknown} unknown.`;
}

const changeText = (change: number): string =>
  change === 0 ? 'unchanged' : change > 0 ? `up ${change}` : `down ${-change}`;

/** Findings by their rule, the highest impact and the most registries first. */
const failingGroups = (findings: readonly Finding[]): readonly (readonly Finding[])[] =>
  [...Map.groupBy(findings, (finding) => finding.rule).values()].sort(
    (a, b) => impactOrder(a) - impactOrder(b) || b.length - a.length,
  );

/** The rule, its impact, which registries fail it. */
function failingBlocks(groups: readonly (readonly Finding[])[], turn: Turn): readonly Block[] {
  const rows = rowsOn(turn, groups, failingRows).map((group): readonly Line[] => {
    const names = group.map((finding) => finding.registry);
    const shown = names.slice(0, 3).join(', ');
    return [
      group[0]?.rule ?? '',
      group[0]?.impact ?? '',
      names.length > 3 ? `${shown} and ${names.length - 3} more` : shown,
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: captionOn(turn, 'Failing rules', groups.length, failingRows, 'highest impact first'),
      columns: [
        { title: 'Rule' },
        { title: 'Impact', isClear: true },
        { title: 'Registries', weight: 3, isClear: true },
      ],
      rows,
    },
  ];
}

const impactOrder = (group: readonly Finding[]): number => order.indexOf(group[0]?.impact ?? 'Low');

function registryBlocks(registries: readonly StatusLine[], turn: Turn): readonly Block[] {
  const rows = rowsOn(turn, registries.toSorted(lowestFirst), registryRows);
  if (rows.length === 0 && registries.length > 0) return [];
  return [
    {
      kind: 'table',
      caption: captionOn(turn, 'Registries', registries.length, registryRows, 'lowest score first'),
      columns: [
        { title: 'Registry', weight: 4 },
        { title: 'Stage', weight: 3, isClear: true },
        { title: 'Score', align: 'end', weight: 2 },
        { title: 'Failing', weight: 4 },
        { title: 'Unknown', align: 'end', weight: 3 },
      ],
      rows: rows.map(({ name, stage, score }) => [
        name,
        stage ?? 'unknown',
        score.score === undefined ? '–' : String(score.score),
        failingText(score).replace(/^failing: |^nothing fails$/, '') || 'none',
        String(score.unknown),
      ]),
    },
  ];
}

/** By name where the scores are equal, so that pages neither repeat nor leave out. */
const lowestFirst = (a: StatusLine, b: StatusLine): number =>
  (a.score.score ?? 101) - (b.score.score ?? 101) || a.name.localeCompare(b.name);

function actionsOf(view: StatusView): readonly Action[] {
  const lowest = view.registries.toSorted(lowestFirst)[0];
  const worstRule = [...view.failing].sort((a, b) => order.indexOf(a.impact) - order.indexOf(b.impact))[0]
    ?.rule;
  const actions: Action[] = [
    {
      action: 'refresh',
      label: 'Refresh',
      accessibilityLabel: `Scan again: ${view.scope}`,
      value: { v: 1, id: view.asked, nonce: '' },
    },
  ];
  if (worstRule)
    actions.push({
      action: 'check',
      label: `Why ${worstRule}`,
      accessibilityLabel: `Show rule ${worstRule}`,
      value: { v: 1, id: worstRule, nonce: '' },
    });
  if (lowest)
    actions.push({
      action: 'show',
      label: `Show ${lowest.name}`,
      accessibilityLabel: `Show registry ${lowest.name}`,
      value: { v: 1, id: lowest.name, nonce: '' },
    });
  return actions;
}
