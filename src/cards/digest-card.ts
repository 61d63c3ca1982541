// The digest of a channel: changes first, then the state, the trend and the promotions.
import type { Change, DigestContent } from '../digest/digest.ts';
import type { Request } from '../promotion/request.ts';
import { type Block, type Card, code, datetime, type Line, plain, type Tone } from './card.ts';
import { scoreText } from './status-card.ts';
import { trendChart } from './drift-card.ts';
import { count, duration } from './wording.ts';

const top = 5;
/** 128 bits of the head's hash are an anchor that nobody can forge, and fit a line. */
const anchorLength = 32;

export function digestCard(content: DigestContent): Card {
  const title = `Compliance digest · ${content.organisation}`;
  const headline = headlineOf(content);
  const blocks: Block[] = [
    { kind: 'heading', text: title },
    {
      kind: 'context',
      text: [
        plain(`${content.name}, `),
        datetime(content.periodStart),
        plain(' to '),
        datetime(content.periodEnd),
      ],
    },
    {
      kind: 'status',
      tone: toneOf(content),
      label: scoreText(content.score),
      text: headline,
    },
    ...warningBlocks(content),
    ...changeBlock('New failures', content.newFailures),
    ...changeBlock('Fixed', content.fixed),
    ...changeBlock('Failing', content.failing),
    ...trendBlocks(content),
    ...promotionBlocks(content),
    {
      kind: 'actions',
      actions: [
        {
          action: 'status',
          label: 'Show status',
          accessibilityLabel: 'Show the status of all registries',
          value: { v: 1, id: '', nonce: '' },
        },
      ],
    },
  ];
  if (content.auditHead) {
    blocks.push({
      kind: 'context',
      text: [
        plain('Audit anchor '),
        code(`${content.auditHead.seq}:${content.auditHead.hash.slice(0, anchorLength)}`),
      ],
    });
  }
  return { name: 'digest', title, summary: `${title}: ${headline}`, blocks };
}

function toneOf({ newFailures, failing, gaps, score, auditProblem }: DigestContent): Tone {
  if (newFailures.length > 0 || auditProblem) return 'bad';
  return failing.length > 0 || gaps.length > 0 || score === undefined ? 'warning' : 'good';
}

/** What makes the rest of the digest less sure, before it. */
const warningBlocks = ({ gaps, auditProblem }: DigestContent): readonly Block[] => [
  ...(auditProblem
    ? [{ kind: 'status', tone: 'bad', label: 'The audit chain is broken', text: auditProblem } as const]
    : []),
  ...gaps
    .slice(0, top)
    .map((gap): Block => ({ kind: 'status', tone: 'warning', label: 'Partial sight', text: gap })),
  ...(gaps.length > top
    ? [{ kind: 'text', text: `And ${gaps.length - top} more gaps: see /acr status.` } as const]
    : []),
];

function headlineOf({ change, newFailures, fixed, failing, unknown }: DigestContent): string {
  const since =
    change === undefined
      ? 'the first digest'
      : change === 0
        ? 'unchanged'
        : change > 0
          ? `up ${change}`
          : `down ${-change}`;
  return `${since}; ${newFailures.length} new, ${fixed.length} fixed, ${failing.length} failing, ${unknown} unknown.`;
}

/** One row a rule, with the registries it is about; the rules of most registries first. */
function changeBlock(caption: string, changes: readonly Change[]): readonly Block[] {
  if (changes.length === 0) return [];
  const byRule = Map.groupBy(changes, (change) => change.rule);
  const rows = [...byRule].sort(([, a], [, b]) => b.length - a.length);
  return [
    {
      kind: 'table',
      caption: rows.length > top ? `${caption}, the first ${top} of ${rows.length} rules` : caption,
      columns: [{ title: 'Rule' }, { title: 'Registries', weight: 3 }],
      rows: rows
        .slice(0, top)
        .map(([rule, found]): readonly Line[] => [rule, namesText(found.map((change) => change.registry))]),
    },
  ];
}

const namesText = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

function trendBlocks({ trend }: DigestContent): readonly Block[] {
  const chart = trendChart(trend);
  return [chart ?? { kind: 'text', text: 'The trend begins with this digest.', tone: 'muted' }];
}

function promotionBlocks({ promoted, leadTime, waiting }: DigestContent): readonly Block[] {
  const facts = [
    {
      label: 'Promotions',
      value:
        promoted.length === 0
          ? 'none'
          : `${promoted.slice(0, top).map(imageOf).join(', ')}${promoted.length > top ? ` and ${promoted.length - top} more` : ''}`,
    },
    ...(leadTime === undefined ? [] : [{ label: 'Lead time (median)', value: duration(leadTime) }]),
    {
      label: 'Waiting for approval',
      value:
        waiting.length === 0
          ? 'none'
          : `${count(waiting.length, 'request')}: ${waiting
              .slice(0, top)
              .map((request) => request.id)
              .join(', ')}`,
    },
  ];
  return [{ kind: 'facts', facts }];
}

const imageOf = ({ subject }: Request): string =>
  subject.kind === 'promotion' ? `${subject.repository}:${subject.tag} to ${subject.toStage}` : '';
