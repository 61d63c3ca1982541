// One rule: what it asks for, who fails it and why, and what to do.
import type { Finding, Outcome } from '../posture/outcome.ts';
import type { Rule } from '../posture/rule.ts';
import { type Block, type Card, code, datetime, type Line, plain } from './card.ts';
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

const worstFirst: readonly Outcome[] = ['fail', 'unknown', 'conflict', 'waived', 'notApplicable', 'pass'];
const rows = 15;

/** `findings` of this rule on the registries asked about; `remedy` is the command for the first that fails. */
export function checkCard(
  rule: Rule,
  findings: readonly Finding[],
  remedy: string | undefined,
  asOf: number,
): Card {
  const sorted = [...findings].sort((a, b) => worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome));
  const tally = worstFirst
    .map((outcome) => [outcome, findings.filter((finding) => finding.outcome === outcome).length] as const)
    .filter(([, number]) => number > 0)
    .map(([outcome, number]) => `${number} ${outcome === 'notApplicable' ? 'not applicable' : outcome}`)
    .join(', ');
  const evidence = sorted.find((finding) => finding.outcome !== 'pass')?.evidence ?? [];
  const blocks: Block[] = [
    { kind: 'heading', text: `${rule.id} · ${rule.title}` },
    {
      kind: 'status',
      tone: findings.some((finding) => finding.outcome === 'fail') ? 'bad' : 'neutral',
      label: `${rule.impact} impact`,
      text: `${count(findings.length, 'registry', 'registries')}: ${tally}.`,
    },
    { kind: 'text', text: rule.guidance },
    {
      kind: 'table',
      caption: sorted.length > rows ? `Registries, the first ${rows} of ${sorted.length}` : 'Registries',
      columns: [{ title: 'Registry' }, { title: 'Outcome' }, { title: 'Why', weight: 3 }],
      rows: sorted
        .slice(0, rows)
        .map((finding): readonly Line[] => [
          finding.registry,
          outcomeText(finding.outcome),
          finding.reason ?? '',
        ]),
    },
  ];
  if (evidence.length > 0) {
    blocks.push({
      kind: 'facts',
      facts: evidence
        .slice(0, 6)
        .map((item) => ({ label: item.path, value: `${item.value} (${item.source})` })),
    });
  }
  if (remedy) blocks.push({ kind: 'text', text: [plain('To mend it: '), code(remedy)] });
  blocks.push({ kind: 'context', text: [plain([...rule.references, 'as of '].join(' · ')), datetime(asOf)] });
  return {
    name: 'check',
    title: `${rule.id} ${rule.title}`,
    summary: `${rule.id} ${rule.title}: ${tally}.`,
    blocks,
  };
}

/** Every rule in one table. */
export function rulesCard(rules: readonly Rule[]): Card {
  const title = 'Rules';
  return {
    name: 'rules',
    title,
    summary: `${count(rules.length, 'rule')}. One in full: check ${rules[0]?.id ?? 'RULE'}`,
    blocks: [
      { kind: 'heading', text: title },
      {
        kind: 'table',
        caption: title,
        columns: [{ title: 'Rule' }, { title: 'Impact' }, { title: 'What it asks for', weight: 3 }],
        rows: rules.map((rule) => [rule.id, rule.impact, rule.title]),
      },
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
      text: 'Paste it into the Resource Graph explorer of Azure. Its rows are the registries that fail.',
    },
    { kind: 'text', text: [code(query)] },
  ],
});
