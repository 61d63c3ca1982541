// The posture of an organisation, a stage, a team: one readable card however many registries there are.
import type { Finding, Impact } from '../posture/outcome.ts';
import type { Score } from '../posture/score.ts';
import { type Action, type Block, type Card, datetime, type Line, plain, type Tone } from './card.ts';
import { ago, count } from './wording.ts';

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
}

/** Rows a card shows; the rest is counted, and asking for a stage shows them. */
const registryRows = 12;
const failingRows = 8;
const order: readonly Impact[] = ['High', 'Medium', 'Low'];

export function statusCard(view: StatusView): Card {
  const title = `Registry posture · ${view.scope}`;
  const headline = headlineOf(view);
  return {
    name: 'status',
    title,
    summary: `${title}: ${headline}`,
    blocks: [
      { kind: 'heading', text: title },
      { kind: 'status', tone: sightOf(view), label: scoreText(view.total.score), text: headline },
      ...failingBlocks(view.failing),
      registryBlock(view.registries),
      ...view.gaps.map(
        (gap): Block => ({ kind: 'status', tone: 'warning', label: 'Partial sight', text: gap }),
      ),
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

/** Failing rules by impact: the rule, how many registries, which. */
function failingBlocks(findings: readonly Finding[]): readonly Block[] {
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const groups = [...byRule.values()].sort((a, b) => impactOrder(a) - impactOrder(b) || b.length - a.length);
  if (groups.length === 0) return [];
  const rows = groups.slice(0, failingRows).map((group): readonly Line[] => {
    const names = group.map((finding) => finding.registry);
    const shown = names.slice(0, 3).join(', ');
    return [
      group[0]?.rule ?? '',
      group[0]?.impact ?? '',
      names.length > 3 ? `${shown} and ${names.length - 3} more` : shown,
    ];
  });
  return [
    {
      kind: 'table',
      caption:
        groups.length > failingRows
          ? `Failing rules, the first ${failingRows} of ${groups.length}`
          : 'Failing rules',
      columns: [{ title: 'Rule' }, { title: 'Impact' }, { title: 'Registries', weight: 3 }],
      rows,
    },
  ];
}

const impactOrder = (group: readonly Finding[]): number => order.indexOf(group[0]?.impact ?? 'Low');

function registryBlock(registries: readonly StatusLine[]): Block {
  const worst = [...registries].sort((a, b) => (a.score.score ?? 101) - (b.score.score ?? 101));
  const shown = worst.slice(0, registryRows);
  return {
    kind: 'table',
    caption:
      worst.length > shown.length
        ? `Registries, the ${shown.length} lowest of ${worst.length}; ask for a stage or a registry to see more`
        : 'Registries',
    columns: [
      { title: 'Registry', weight: 4 },
      { title: 'Stage', weight: 3 },
      { title: 'Score', align: 'end', weight: 2 },
      { title: 'Failing', weight: 4 },
      { title: 'Unknown', align: 'end', weight: 3 },
    ],
    rows: shown.map(({ name, stage, score }) => [
      name,
      stage ?? 'unknown',
      score.score === undefined ? '–' : String(score.score),
      failingText(score).replace('failing: ', ''),
      String(score.unknown),
    ]),
  };
}

function actionsOf(view: StatusView): readonly Action[] {
  const lowest = [...view.registries].sort((a, b) => (a.score.score ?? 101) - (b.score.score ?? 101))[0];
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
