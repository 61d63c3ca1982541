// Scale, by hand: how one scan of 10,000 (or as many as asked for) registries is read, and what judging them costs beside
// JSON.parse of the same pages, which is the least that anything can cost that looks at what Resource Graph sent.
// `node bin/acr-warden.mjs --node test/scale.ts [REGISTRIES]`; exit code 1 if judging costs more.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { cloudOf } from '../src/azure/clouds.ts';
import { createResourceGraph } from '../src/azure/resource-graph.ts';
import { scanEstate } from '../src/azure/scan.ts';
import { type Estate, judgeScan } from '../src/commands/estate.ts';
import { parsePolicy } from '../src/config/policy-file.ts';
import type { Policy } from '../src/policy/policy.ts';
import { explain, judge } from '../src/posture/judge.ts';
import { contosoEstate } from '../src/sandbox/estate/contoso/estate.ts';
import { policyFor } from '../src/sandbox/estate/contoso/policy.ts';
import { median, startHelper } from './bench/measure.ts';
import type { AnsweredQuery } from './scale/graph-process.ts';

interface Ready {
  readonly url: string;
  readonly caFile: string;
  readonly rows: Readonly<Record<string, number>>;
}

/** MiB for the stand-in, which holds all rows of all tables: more than a million findings at 100,000 registries. */
const standInHeap = 12_000;
const rounds = 5;
const pageSize = 1000;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024).toLocaleString('en')} MiB`;
const number = (value: number): string => value.toLocaleString('en');
const print = (label: string, text: string): void => console.log(`${label.padEnd(34)} ${text}`);

/** Milliseconds of CPU that the work costs this process, its garbage collection among them. */
function cpuOf(work: () => unknown): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** What a query reads, in words for the table. */
function labelOf(query: string): string {
  if (query.includes('resourceGroup in~')) return 'resources: of the resource groups';
  const table = query.split(' ')[0];
  const type = /type (?:=~|in~) \(?'([^']+)'/.exec(query)?.[1];
  return `${table}: ${type?.split('/').slice(1).join('/') ?? 'all'}`;
}

/** `by query`: a query that returns little is a request all the same. `by table`: all its rows in full pages. */
function printRequests(queries: readonly AnsweredQuery[]): void {
  const line = (label: string, ...cells: readonly (string | number)[]) =>
    console.log(label.padEnd(40) + cells.map((cell) => cell.toLocaleString('en').padStart(10)).join(''));
  console.log(`\n${''.padEnd(70)}  ceil(rows/1000)`);
  line('table', 'queries', 'rows', 'requests', 'by query', 'by table');
  const totals = [0, 0, 0, 0, 0];
  for (const [label, all] of Map.groupBy(queries, ({ query }) => labelOf(query))) {
    const sum = (of: (query: AnsweredQuery) => number) => all.reduce((found, query) => found + of(query), 0);
    const rows = sum((query) => query.rows);
    const cells = [
      all.length,
      rows,
      sum(({ pages }) => pages),
      sum((query) => leastPages(query.rows)),
      leastPages(rows),
    ];
    cells.forEach((cell, i) => (totals[i] = (totals[i] ?? 0) + cell));
    line(label, ...cells);
  }
  line('all', ...totals);
}

const leastPages = (rows: number): number => Math.max(1, Math.ceil(rows / pageSize));

/** CPU of JSON.parse alone, page by page: reading the files is not counted. */
function parseCpu(folder: string, queries: readonly AnsweredQuery[]): { cpu: number; bytes: number } {
  let [cpu, bytes, rows] = [0, 0, 0];
  for (const [i, { pages }] of queries.entries()) {
    for (let page = 0; page < pages; page++) {
      const text = readFileSync(join(folder, `${i}-${page}.json`), 'utf8');
      bytes += text.length;
      cpu += cpuOf(() => (rows += (JSON.parse(text) as { data: unknown[] }).data.length));
    }
  }
  const expected = queries.reduce((sum, each) => sum + each.rows, 0);
  if (rows !== expected) throw new Error(`parsed ${rows} of ${expected} rows`);
  return { cpu, bytes };
}

function printRules({ verdicts, registries, context }: Estate): void {
  const times = verdicts.rules.map((rule) => {
    const cpu = cpuOf(() => {
      for (const facts of registries) rule.judge(facts, context);
    });
    return { id: rule.id, cpu };
  });
  times.sort((a, b) => b.cpu - a.cpu);
  print(
    'slowest rules',
    times
      .slice(0, 3)
      .map(({ id, cpu }) => `${id} ${cpu.toFixed(1)} ms`)
      .join(', '),
  );
}

function printEvidence({ verdicts, registries, context }: Estate): void {
  let [findings, items] = [0, 0];
  const cpu = cpuOf(() => {
    for (let registry = 0; registry < registries.length; registry++)
      for (let rule = 0; rule < verdicts.rules.length; rule++) {
        if (verdicts.outcome(registry, rule) !== 'fail') continue;
        findings += 1;
        items += explain(verdicts, registry, rule, context).evidence.length;
      }
  });
  print(
    'evidence of the failures',
    `${cpu.toFixed(0)} ms for ${number(findings)} failures, ${number(items)} items`,
  );
}

function printOutcomes({ verdicts, registries }: Estate): void {
  const tally: Record<string, number> = {};
  for (let registry = 0; registry < registries.length; registry++)
    for (let rule = 0; rule < verdicts.rules.length; rule++) {
      const outcome = verdicts.outcome(registry, rule);
      tally[outcome] = (tally[outcome] ?? 0) + 1;
    }
  const parts = Object.entries(tally).map(([outcome, count]) => `${number(count)} ${outcome}`);
  print('verdicts', `${number(registries.length * verdicts.rules.length)}: ${parts.join(', ')}`);
}

function samplePolicy(): Policy {
  const reading = parsePolicy(policyFor(contosoEstate()));
  if (!reading.ok) throw new Error(reading.errors.map(({ text }) => text).join('\n'));
  return reading.policy;
}

async function main(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'scale-'));
  const helper = await startHelper<Ready>(
    new URL('./scale/graph-process.ts', import.meta.url),
    [folder, String(count)],
    { heap: standInHeap },
  );
  try {
    await measure(
      folder,
      helper.ready,
      async () => (await helper.ask('queries')) as readonly AnsweredQuery[],
    );
  } finally {
    await helper.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  folder: string,
  { url, caFile, rows }: Ready,
  ask: () => Promise<readonly AnsweredQuery[]>,
): Promise<void> {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(caFile, 'utf8')]);
  print(
    'rows in the stand-in',
    Object.entries(rows)
      .map(([name, all]) => `${name} ${number(all)}`)
      .join(', '),
  );
  const credential = {
    getToken: async () => ({ token: 'scale', expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  // The quota is kept on a clock of its own, which waiting moves: 2,000 requests would take a quarter of an hour.
  let waited = 0;
  const graph = await createResourceGraph(cloudOf('public', url), credential, {
    now: () => Date.now() + waited,
    sleep: async (milliseconds) => void (waited += milliseconds),
  });
  const from = performance.now();
  const before = process.cpuUsage();
  const scan = await scanEstate(graph, Date.now());
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - from) / 1000;
  print(
    'scan',
    `${seconds.toFixed(1)} s, with Azure's quota ${(seconds + waited / 1000).toFixed(0)} s; ${((user + system) / 1e6).toFixed(1)} s of CPU`,
  );
  if (scan.gaps.length > 0) print('gaps', scan.gaps.join('; '));
  const queries = await ask();
  printRequests(queries);

  console.log(`\n${number(scan.registries.length)} registries`);
  const policy = samplePolicy();
  const estate = judgeScan(scan, policy);
  printOutcomes(estate);
  const peak = process.resourceUsage().maxRSS * 1024;
  const judged: number[] = [];
  const whole: number[] = [];
  const parsed: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round++) {
    judged.push(cpuOf(() => judge(estate.registries, estate.context, estate.verdicts.rules)));
    whole.push(cpuOf(() => judgeScan(scan, policy)));
    const pages = parseCpu(folder, queries);
    parsed.push(pages.cpu);
    ({ bytes } = pages);
  }
  const share = median(judged) / median(parsed);
  print('JSON.parse of the pages', `${median(parsed).toFixed(0)} ms of CPU for ${megabytes(bytes)}`);
  print('verdicts of all rules', `${median(judged).toFixed(0)} ms of CPU, ${share.toFixed(2)} of JSON.parse`);
  print('with stages and expectations', `${median(whole).toFixed(0)} ms of CPU`);
  printRules(estate);
  printEvidence(estate);
  print('peak memory (RSS)', `${megabytes(peak)} after the scan and its verdicts`);
  if (share >= 1) {
    console.error('Judging costs more than JSON.parse of the same pages.');
    process.exitCode = 1;
  }
}

await main(Number(process.argv[2] ?? 10_000));
