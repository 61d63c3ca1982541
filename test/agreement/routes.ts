// Two routes to which registries fail a rule: the product's scan and its rules, and the rule's query. Both ask the stand-in's
// Resource Graph; the rules see the rows, the queries are run by it.
import { scanEstate } from '../../src/azure/scan.ts';
import { allRows, type ResourceGraph } from '../../src/azure/resource-graph.ts';
import { judgeScan } from '../../src/commands/estate.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { kqlScope } from '../../src/policy/rules.ts';
import { blindSpots, kqlOf, rulesWithKql } from '../../src/posture/kql.ts';
import { createResourceGraph, type Row } from '../../src/sandbox/azure/resource-graph/server.ts';
import type { DrawnEstate } from './drawn.ts';
import { moment, placed, tablesOf, withBeyond } from './tables.ts';

/** Of one rule. The lists hold ids of registries, lower-cased. */
export interface Comparison {
  readonly rule: string;
  readonly passing: number;
  readonly judged: readonly string[];
  readonly queried: readonly string[];
  /** On the side that the rule's blind spot explains. */
  readonly named: readonly string[];
  readonly unnamed: readonly string[];
}

/** The stand-in keeps its compiled queries, so all estates are asked of one. */
export function createRoutes(listed: number) {
  let tables: ReadonlyMap<string, readonly Row[]> = new Map();
  const graph = createResourceGraph({
    tables: () => tables as ReadonlyMap<string, never>,
    quota: { limit: 1e9, windowMs: 1000 },
    now: () => moment,
  });
  const pages: ResourceGraph['pages'] = async function* (query) {
    let token: string | undefined;
    do {
      const options = { resultFormat: 'objectArray', ...(token && { $skipToken: token }) };
      const { status, body } = await graph.handle({ query, options }, 'tester');
      if (status !== 200) throw new Error(`${JSON.stringify(body)}\n${query}`);
      const page = body as { data: readonly Row[]; $skipToken?: string };
      yield page.data;
      token = page.$skipToken;
    } while (token);
  };

  return async (estate: DrawnEstate, policy: Policy): Promise<readonly Comparison[]> => {
    tables = tablesOf(estate, listed);
    const scan = await scanEstate({ pages }, moment);
    if (scan.gaps.length > 0) throw new Error(scan.gaps.join('\n'));
    const drawn = new Map(placed(estate, listed).map(([id, registry]) => [id.toLowerCase(), registry]));
    const registries = scan.registries.map((facts) => {
      const from = drawn.get(facts.id);
      if (!from) throw new Error(`${facts.id} was not drawn`);
      return withBeyond(facts, from);
    });
    const { verdicts } = judgeScan({ ...scan, registries }, policy);
    const comparisons: Comparison[] = [];
    for (const rule of rulesWithKql) {
      const kql = kqlOf(rule, kqlScope(policy));
      const queried =
        kql && 'query' in kql
          ? (await allRows({ pages }, kql.query)).map(({ id }) => String(id).toLowerCase())
          : [];
      const at = verdicts.rules.findIndex(({ id }) => id === rule);
      const withOutcome = (wanted: string) =>
        registries.flatMap(({ id }, i) => (verdicts.outcome(i, at) === wanted ? [id] : []));
      comparisons.push(compared(rule, withOutcome('fail'), withOutcome('pass').length, queried));
    }
    return comparisons;
  };
}

function compared(
  rule: string,
  judged: readonly string[],
  passing: number,
  queried: readonly string[],
): Comparison {
  const [inRules, inQuery] = [new Set(judged), new Set(queried)];
  const missed = judged.filter((id) => !inQuery.has(id));
  // A registry that a query returns twice is a difference as well.
  // Twice is once too often.
  const added = [...queried.filter((id) => !inRules.has(id)), ...twice(queried)];
  const side = blindSpots[rule]?.side;
  return {
    rule,
    passing,
    judged,
    queried,
    named: side === 'misses' ? missed : side === 'adds' ? added : [],
    unnamed: [...(side === 'misses' ? [] : missed), ...(side === 'adds' ? [] : added)],
  };
}

function twice(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}
