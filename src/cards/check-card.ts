// One rule: what it asks for, who fails it and why, and what to do.
import type { Finding, Outcome } from '../posture/outcome.ts';
import { blindSpots } from '../posture/kql.ts';
import type { Rule } from '../posture/rule.ts';
import { type Block, type Card, code, datetime, type Line, plain } from './card.ts';
import { captionOn, isFirstPage, type Paging, rowsOn, turnBlocks, turnOf } from './pages.ts';
import { count } from './wording.ts';

const words: Readonly<Record<Outcome, string>> = {
  pass: '✓ pass',
  fail: '✗ fail',
  unknown: '? unknown',
  notApplicable: '– not applicable',
  conflict: '≠ conflict',
  waived: '– waived',
};
export const outcomeText = (outcome: Outcome): string => words[outcome];

export const worstFirst: readonly Outcome[] = [
  'fail',
  'unknown',
  'conflict',
  'waived',
  'notApplicable',
  'pass',
];
const rowsOnPage = 15;
const rulesOnPage = 30;

/** `findings` of this rule on the registries asked about; `remedy` is the command for the first that fails. */
export function checkCard(
  rule: Rule,
  findings: readonly Finding[],
  remedy: string | undefined,
  asOf: number,
  paging: Paging,
): Card {
  const sorted = [...findings].sort((a, b) => worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome));
  const turn = turnOf(paging, [sorted.length, rowsOnPage]);
  const tally = worstFirst
    .map((outcome) => [outcome, findings.filter((finding) => finding.outcome === outcome).length] as const)
    .filter(([, number]) => number > 0)
    .map(([outcome, number]) => `${number} ${outcome === 'notApplicable' ? 'not applicable' : outcome}`)
    .join(', ');
  const shown = rowsOn(turn, sorted, rowsOnPage);
  const explained = shown.find((finding) => finding.outcome !== 'pass');
  const blocks: Block[] = [
    { kind: 'heading', text: `${rule.id} · ${rule.title}` },
    {
      kind: 'status',
      tone: findings.some((finding) => finding.outcome === 'fail') ? 'bad' : 'neutral',
      label: `${rule.impact} impact`,
      text: `${count(findings.length, 'registry', 'registries')}: ${tally}.`,
    },
    ...(isFirstPage(turn) ? [{ kind: 'text', text: rule.guidance } as const] : []),
    {
      kind: 'table',
      caption: captionOn(turn, 'Registries', sorted.length, rowsOnPage, 'failing first'),
      columns: [
        { title: 'Registry', weight: 4 },
        { title: 'Outcome', weight: 3, isClear: true },
        { title: 'Why', weight: 6, isClear: true },
      ],
      rows: shown.map((finding): readonly Line[] => [
        finding.registry,
        outcomeText(finding.outcome),
        finding.reason ?? '',
      ]),
    },
    ...turnBlocks(turn),
  ];
  if (explained && explained.evidence.length > 0) {
    blocks.push({
      kind: 'facts',
      facts: [
        { label: 'Seen in', value: explained.registry },
        ...explained.evidence
          .slice(0, 6)
          .map((item) => ({ label: item.path, value: `${item.value} (${item.source})` })),
      ],
    });
  }
  if (remedy && isFirstPage(turn)) blocks.push({ kind: 'text', text: [plain('To mend it: '), code(remedy)] });
  if (isFirstPage(turn) && rule.references.length > 0)
    blocks.push({ kind: 'context', text: rule.references.join(' · ') });
  blocks.push({ kind: 'context', text: [plain('As of '), datetime(asOf)] });
  return {
    name: 'check',
    title: `${rule.id} ${rule.title}`,
    summary: `${rule.id} ${rule.title}: ${tally}.`,
    blocks,
  };
}

/** Every rule, in pages. */
export function rulesCard(rules: readonly Rule[], paging: Paging): Card {
  const title = 'Rules';
  const turn = turnOf(paging, [rules.length, rulesOnPage]);
  return {
    name: 'rules',
    title,
    summary: `${count(rules.length, 'rule')}. One in full: check ${rules[0]?.id ?? 'RULE'}`,
    blocks: [
      { kind: 'heading', text: title },
      {
        kind: 'table',
        caption: captionOn(turn, 'In the order of the catalogue', rules.length, rulesOnPage),
        columns: [{ title: 'Rule' }, { title: 'Impact' }, { title: 'What it asks for', weight: 3 }],
        rows: rowsOn(turn, rules, rulesOnPage).map((rule) => [rule.id, rule.impact, rule.title]),
      },
      ...turnBlocks(turn),
    ],
  };
}

/** The query of a rule, to be copied. */
export const kqlCard = (rule: Rule, query: string): Card => ({
  name: 'kql',
  title: `${rule.id} as KQL`,
  summary: `${rule.id} ${rule.title} as a Resource Graph query: its rows are the registries that fail.`,
  blocks: [
    { kind: 'heading', text: `${rule.id} as KQL` },
    {
      kind: 'text',
      text: `Paste it into the Resource Graph explorer of Azure. Its rows are the registries that fail. ${blindSpots[rule.id]?.why ?? ''}`.trimEnd(),
    },
    { kind: 'text', text: [code(query)] },
  ],
});
