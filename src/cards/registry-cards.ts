// Registries: the list, and one in full.
import type { RegistryFacts } from '../posture/facts.ts';
import type { Finding } from '../posture/outcome.ts';
import type { Score } from '../posture/score.ts';
import { type Block, type Card, code, datetime, plain } from './card.ts';
import { outcomeText, worstFirst } from './check-card.ts';
import { captionOn, type Paging, rowsOn, turnBlocks, turnOf } from './pages.ts';
import { failingText, type StatusLine, scoreText, toneOf } from './status-card.ts';
import { count, sentence } from './wording.ts';

const rowsOnPage = 20;
const findingsOnPage = 20;

export function registriesCard(
  lines: readonly (StatusLine & { readonly facts: RegistryFacts })[],
  paging: Paging,
): Card {
  const title = 'Registries';
  const turn = turnOf(paging, [lines.length, rowsOnPage]);
  return {
    name: 'registries',
    title,
    summary: `${count(lines.length, 'registry', 'registries')} in sight.`,
    blocks: [
      { kind: 'heading', text: title },
      {
        kind: 'table',
        caption: captionOn(turn, 'Last stage first', lines.length, rowsOnPage),
        columns: [
          { title: 'Registry', weight: 4 },
          { title: 'Stage', weight: 3 },
          { title: 'Tier', weight: 3 },
          { title: 'Region', weight: 4 },
          { title: 'Score', align: 'end', weight: 2 },
        ],
        rows: rowsOn(turn, lines, rowsOnPage).map(({ name, stage, score, facts }) => [
          name,
          stage ?? 'unknown',
          facts.sku ?? 'unknown',
          facts.location,
          score.score === undefined ? '–' : String(score.score),
        ]),
      },
      ...turnBlocks(turn),
      { kind: 'context', text: 'One in full: /acr show REGISTRY' },
    ],
  };
}

export function registryCard(
  facts: RegistryFacts,
  score: Score,
  findings: readonly Finding[],
  repositories: number | undefined,
  paging: Paging,
): Card {
  const shown = findings
    .filter((finding) => finding.outcome !== 'pass' && finding.outcome !== 'notApplicable')
    .sort((a, b) => worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome));
  const turn = turnOf(paging, [shown.length, findingsOnPage]);
  const stage = facts.stage
    ? `${facts.stage} (by ${facts.stageSource})`
    : 'unknown: name it in the policy or tag it';
  const blocks: Block[] = [
    { kind: 'heading', text: `Registry ${facts.name}` },
    {
      kind: 'status',
      tone: toneOf(score),
      label: scoreText(score.score),
      text: sentence(`${failingText(score)}; ${score.unknown} unknown.`),
    },
    {
      kind: 'facts',
      facts: [
        { label: 'Stage', value: stage },
        { label: 'Team', value: facts.team ?? 'none' },
        { label: 'Tier and region', value: `${facts.sku ?? 'unknown'}, ${facts.location}` },
        {
          label: 'Replicas',
          value: facts.replications.read
            ? facts.replications.value.map((replica) => replica.location).join(', ') || 'none'
            : `unknown: ${facts.replications.reason}`,
        },
        {
          label: 'Private endpoints',
          value: facts.privateEndpoints?.map((endpoint) => endpoint.status).join(', ') || 'none',
        },
        { label: 'Public network', value: facts.publicNetworkAccess ?? 'unknown' },
        { label: 'Repositories', value: repositories === undefined ? 'unknown' : String(repositories) },
        { label: 'Login server', value: [code(facts.loginServer ?? 'unknown')] },
      ],
    },
    {
      kind: 'table',
      caption: captionOn(turn, 'Findings', shown.length, findingsOnPage, 'failing first'),
      columns: [
        { title: 'Rule', weight: 2 },
        { title: 'Outcome', weight: 3 },
        { title: 'Impact', weight: 3 },
        { title: 'Why', weight: 6 },
      ],
      rows: rowsOn(turn, shown, findingsOnPage).map((finding) => [
        finding.rule,
        outcomeText(finding.outcome),
        finding.impact,
        finding.reason ?? '',
      ]),
    },
    ...turnBlocks(turn),
    { kind: 'context', text: [plain('As of '), datetime(facts.asOf)] },
  ];
  return {
    name: 'show',
    title: `Registry ${facts.name}`,
    summary: `Registry ${facts.name}: ${scoreText(score.score)}; ${failingText(score)}.`,
    blocks,
  };
}
