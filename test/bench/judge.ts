// Judging 10,000 registries against reading the same pages: JSON.parse is the least that anything can cost which looks at
// what Resource Graph sent.
import { scanEstate } from '../../src/azure/scan.ts';
import { rules } from '../../src/posture/catalogue.ts';
import { judge } from '../../src/posture/judge.ts';
import type { RegistryFacts } from '../../src/posture/facts.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { graphOfRows } from '../azure/graph.ts';
import { type Figure, figure, inTurns } from './measure.ts';

type Row = Record<string, unknown>;

const registryCount = 10_000;
const pageSize = 1000;
const stages = ['dev', 'staging', 'uat', 'prod'];
const columns = ['id', 'name', 'location', 'resourceGroup', 'subscriptionId', 'sku', 'tags', 'properties'];

export async function benchJudge(rounds: number): Promise<Figure> {
  const estate = largeEstate();
  const registryPages = pagesOf(estate.registries);
  const pages = [...registryPages, ...[estate.replications, estate.members, estate.alerts].flatMap(pagesOf)];
  const facts = await factsOf(registryPages, estate);
  const context = { stages };
  const ours = () => timed(() => judge(facts, context).registries.length);
  const rowCount = Object.values(estate).reduce((sum: number, rows: readonly Row[]) => sum + rows.length, 0);
  const floor = () =>
    timed(() => pages.reduce((rows, page) => rows + JSON.parse(page).data.length, 0), rowCount);
  await inTurns(1, ours, floor);
  const times = await inTurns(rounds, ours, floor);
  const bytes = pages.reduce((sum, page) => sum + page.length, 0);
  return figure(
    'judge 10,000 registries',
    times.ours,
    times.floor,
    `floor: JSON.parse of the same ${pages.length} pages (${Math.round(bytes / 1024 / 1024)} MiB); ours: judge() alone, ${rules.length} rules, ${estate.alerts.length} alerts`,
  );
}

/** Milliseconds; the work says how much it saw, and must have seen all. */
async function timed(work: () => number, expected = registryCount): Promise<number> {
  const from = performance.now();
  const seen = work();
  const took = performance.now() - from;
  if (seen !== expected) throw new Error(`saw ${seen} of ${expected} rows`);
  return took;
}

interface LargeEstate {
  readonly registries: readonly Row[];
  readonly replications: readonly Row[];
  readonly members: readonly Row[];
  readonly alerts: readonly Row[];
}

/** The sample organisation's rows a thousand times over, under other names: with replicas, groups and alerts. */
function largeEstate(): LargeEstate {
  const rows = contosoEstate().tables['resources'] ?? [];
  const ofType = (type: string) => rows.filter((row) => String(row['type']).toLowerCase() === type);
  const registries = ofType('microsoft.containerregistry/registries');
  const replications = ofType('microsoft.containerregistry/registries/replications');
  const alerts = ['metricalerts', 'activitylogalerts', 'scheduledqueryrules'].flatMap((kind) =>
    ofType(`microsoft.insights/${kind}`),
  );
  const copies = Array.from({ length: registryCount / registries.length }, (_, copy) => copy);
  const members = registries.flatMap((registry) =>
    rows.filter((row) => row['resourceGroup'] === registry['resourceGroup']),
  );
  const everywhere = (given: readonly Row[]): readonly Row[] =>
    copies.flatMap((copy) => given.map((row) => renamed(row, copy)));
  return {
    registries: everywhere(registries),
    replications: everywhere(replications),
    members: everywhere([...new Set(members)]),
    alerts: everywhere(alerts),
  };
}

/** The row in a group of its own copy, so that ids stay unique and point at each other. */
function renamed(row: Row, copy: number): Row {
  const text = JSON.stringify(row)
    .replaceAll(/(\/resourceGroups\/)([^/"]+)/gi, `$1$2-${copy}`)
    .replaceAll(/("resourceGroup":")([^"]+)/g, `$1$2-${copy}`);
  return JSON.parse(text) as Row;
}

function pagesOf(rows: readonly Row[]): readonly string[] {
  const pages: string[] = [];
  for (let from = 0; from < rows.length; from += pageSize) {
    const data = rows
      .slice(from, from + pageSize)
      .map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
    pages.push(
      JSON.stringify({
        totalRecords: rows.length,
        count: data.length,
        resultTruncated: 'false',
        data,
        facets: [],
      }),
    );
  }
  return pages;
}

/** Facts as the product makes them, with the pages in place of Resource Graph. */
async function factsOf(pages: readonly string[], estate: LargeEstate): Promise<readonly RegistryFacts[]> {
  const registries = pages.flatMap((page) => (JSON.parse(page) as { data: Row[] }).data);
  const scan = await scanEstate(
    graphOfRows((query) => {
      if (query.includes('/replications')) return estate.replications;
      if (query.includes('microsoft.insights')) return estate.alerts;
      if (query.includes('resourceGroup in~')) return query.includes("-0'") ? estate.members : [];
      return query.includes("type =~ 'microsoft.containerregistry/registries' |") ? registries : [];
    }),
    Date.now(),
  );
  if (scan.gaps.length > 0) throw new Error(`the estate has gaps: ${scan.gaps.join('; ')}`);
  return scan.registries.map((facts, i) => ({
    ...facts,
    stage: stages[i % stages.length] ?? 'dev',
    stageSource: 'policy' as const,
  }));
}
