import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AzureError } from '../../src/azure/errors.ts';
import { kqlProblems } from '../../src/azure/kql-syntax.ts';
import { withOwnRules } from '../../src/azure/own-rules.ts';
import type { ResourceGraph } from '../../src/azure/resource-graph.ts';
import { scanEstate } from '../../src/azure/scan.ts';
import type { Scan } from '../../src/posture/facts.ts';
import type { OwnRuleDefinition } from '../../src/posture/own-rule.ts';
import { type Running, startStandIn } from '../sandbox/azure/stand-in.ts';
import { doorsTo, graphOfRows } from './graph.ts';

const definition = (id: string, query: string): OwnRuleDefinition => ({
  id,
  title: id,
  impact: 'Low',
  query,
  file: `${id}.kql`,
  path: `rules/${id}.kql`,
  line: 4,
});

describe('own rules on the stand-in', () => {
  let running: Running;
  let graph: ResourceGraph;
  let scan: Scan;
  beforeAll(async () => {
    running = await startStandIn();
    ({ graph } = await doorsTo(running));
    scan = await scanEstate(graph, 5);
  });
  afterAll(() => running.stop());

  const verdicts = async (query: string) => {
    const found = await withOwnRules(scan, [definition('ORG-1', query)], graph);
    return {
      found,
      of: (name: string) => found.registries.find((facts) => facts.name === name)?.ownRules?.['ORG-1'],
    };
  };

  it('give each registry the rows that are it', async () => {
    const { found, of } = await verdicts(
      "resources\n| where type =~ 'Microsoft.ContainerRegistry/registries' and location == 'eastus' // the query may end so",
    );

    const prodUs = found.registries.find((facts) => facts.name === 'contosoprodus');
    expect(of('contosoprodus')).toEqual({ read: true, value: [prodUs?.id] });
    expect(of('contosoprod')).toEqual({ read: true, value: [] });
  });

  it('count a part of a registry for the registry', async () => {
    const { of } = await verdicts(
      "resources | where type =~ 'microsoft.containerregistry/registries/replications' | project id;",
    );

    expect(of('contosoprod')).toMatchObject({ read: true, value: { length: 2 } });
  });

  it.each([
    ['a column that does not exist', 'resources | where nosuch == 1', /refuses the query: .*'nosuch'/],
    [
      'no id, even without rows',
      "resources | where name == 'nobody' | project name",
      /refuses the query: .*'id'/,
    ],
    [
      'what belongs to no registry',
      "resourcecontainers | where type =~ 'microsoft.resources/subscriptions'",
      /returns \/subscriptions\/.*, which is neither a registry nor a part of one/,
    ],
  ])('are unknown everywhere, with the reason, for a query with %s', async (_what, query, reason) => {
    const { found } = await verdicts(query);

    const parts = found.registries.map((facts) => facts.ownRules?.['ORG-1']);
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) expect(part).toEqual({ read: false, reason: expect.stringMatching(reason) });
    expect(found.gaps.at(-1)).toMatch(reason);
  });
});

describe('own rules beside one that fails', () => {
  it('are judged all the same', async () => {
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/R';
    const registry = { id: id.toLowerCase() } as Scan['registries'][number];
    const graph = graphOfRows((query) => {
      if (query.startsWith('bad')) throw new AzureError('throttled', 'Azure is throttling.', true, 429);
      return [{ id }, { id: `${id}/tokens/t` }];
    });

    const scan = await withOwnRules(
      { asOf: 1, registries: [registry], gaps: ['before'] },
      [definition('ORG-1', 'bad'), definition('ORG-2', 'good')],
      graph,
    );

    expect(scan.registries[0]?.ownRules).toEqual({
      'ORG-1': { read: false, reason: 'Azure is throttling' },
      'ORG-2': { read: true, value: [registry.id, `${registry.id}/tokens/t`] },
    });
    expect(scan.gaps).toEqual(['before', 'ORG-1: Azure is throttling']);
  });
});

describe('the syntax check', () => {
  it('finds nothing in a good query', () => {
    expect(kqlProblems([definition('ORG-1', "resources\n| where name =~ 'x'\n| project id")])).toEqual([]);
  });

  it('names file, line and column of an error, counted in the file', () => {
    const problems = kqlProblems([definition('ORG-1', 'resources\n| where name ==\n| project id')]);

    expect(problems[0]).toMatchObject({
      file: 'rules/ORG-1.kql',
      line: 5,
      column: 16,
      message: 'Missing expression.',
    });
  });

  it('refuses brackets nested so deep that parsing would not end', () => {
    const problems = kqlProblems([definition('ORG-1', `print ${'('.repeat(3000)}1${')'.repeat(3000)}`)]);

    expect(problems[0]?.message).toBe('Brackets are nested deeper than 100.');
  });
});
