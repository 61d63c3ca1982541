import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanEstate } from '../../src/azure/scan.ts';
import type { ResourceGraph, Row } from '../../src/azure/resource-graph.ts';
import { judge } from '../../src/posture/judge.ts';
import { kqlOf, kqlScope, rulesWithKql } from '../../src/posture/kql.ts';
import { withStage } from '../../src/posture/stage.ts';
import { createResourceGraph } from '../../src/sandbox/azure/resource-graph/server.ts';

const stages = ['dev', 'uat', 'prod'];
const regions = ['westeurope', 'northeurope', 'westus', 'eastus', 'ukwest'];
const type = 'microsoft.containerregistry/registries';

/** Where the two routes may differ, and why. */
export const namedDifferences: Readonly<Record<string, string>> = {
  'CR-9':
    'the query sees the admin user alone; tokens and the clusters’ identities are not in Resource Graph',
};

interface Drawn {
  readonly stage: string | undefined;
  readonly sku: string | undefined;
  readonly location: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly replicas: readonly {
    readonly location: string;
    readonly state: string;
    readonly endpoint: boolean | undefined;
  }[];
}

const status = fc.constantFrom('enabled', 'disabled', 'Enabled', undefined);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const drawn: fc.Arbitrary<Drawn> = fc.record({
  stage: fc.constantFrom(...stages, undefined),
  sku: fc.constantFrom('Premium', 'Standard', 'Basic', 'premium', undefined),
  location: fc.constantFrom(...regions),
  properties: fc.record({
    adminUserEnabled: maybe(fc.boolean()),
    anonymousPullEnabled: maybe(fc.boolean()),
    publicNetworkAccess: fc.constantFrom('Enabled', 'Disabled', undefined),
    dataEndpointEnabled: maybe(fc.boolean()),
    networkRuleSet: maybe(fc.record({ defaultAction: fc.constantFrom('Allow', 'Deny', undefined) })),
    privateEndpointConnections: maybe(
      fc.array(
        fc.constantFrom('Approved', 'Pending', 'Rejected').map((state) => ({
          id: '/subscriptions/s1/endpoints/e',
          properties: { privateLinkServiceConnectionState: { status: state } },
        })),
        { maxLength: 2 },
      ),
    ),
    policies: fc.record({
      softDeletePolicy: maybe(fc.record({ status })),
      retentionPolicy: maybe(fc.record({ status })),
      azureADAuthenticationAsArmPolicy: maybe(fc.record({ status })),
    }),
  }),
  replicas: fc.array(
    fc.record({
      location: fc.constantFrom(...regions),
      state: fc.constantFrom('Succeeded', 'Failed'),
      endpoint: maybe(fc.boolean()),
    }),
    { maxLength: 3 },
  ),
});

/** A value as Azure's JSON has it: without what is undefined. */
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function rowsOf(estate: readonly Drawn[]): readonly Row[] {
  return estate.flatMap((registry, i) => {
    const id = `/subscriptions/s1/resourceGroups/g${i}/providers/Microsoft.ContainerRegistry/registries/r${i}`;
    const common = { resourceGroup: `g${i}`, subscriptionId: 's1', tenantId: 't' };
    const own = {
      id,
      name: `r${i}`,
      type,
      location: registry.location,
      tags: registry.stage ? { stage: registry.stage } : {},
      sku: registry.sku ? { name: registry.sku } : null,
      properties: registry.properties,
      ...common,
    };
    const replicas = registry.replicas.map((replica, j) => ({
      id: `${id}/replications/x${j}`,
      name: `x${j}`,
      type: `${type}/replications`,
      location: replica.location,
      properties: { provisioningState: replica.state, regionEndpointEnabled: replica.endpoint },
      ...common,
    }));
    return json([own, ...replicas]) as Row[];
  });
}

/** The stand-in's Resource Graph over the rows, as the product's reader asks it. */
function graphOf(rows: readonly Row[]): ResourceGraph & { ask(query: string): Promise<readonly Row[]> } {
  const graph = createResourceGraph({
    tables: () => new Map([['resources', rows]]),
    quota: { limit: 1e9, windowMs: 1000 },
  });
  const ask = async (query: string): Promise<readonly Row[]> => {
    const answer = await graph.handle({ query, options: { resultFormat: 'objectArray' } }, 'tester');
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return (answer.body as { data: readonly Row[] }).data;
  };
  return { ask, rows: ask };
}

async function bothRoutes(estate: readonly Drawn[]) {
  const graph = graphOf(rowsOf(estate));
  const scan = await scanEstate(graph, 1);
  const registries = scan.registries.map((facts) =>
    withStage(facts, { stages, registries: {}, patterns: {}, matches: () => false }),
  );
  const verdicts = judge(registries, { stages });
  const scope = kqlScope(registries, stages);
  const routes = [];
  for (const id of rulesWithKql) {
    const rule = verdicts.rules.findIndex((each) => each.id === id);
    const judged = registries.flatMap((facts, i) => (verdicts.outcome(i, rule) === 'fail' ? [facts.id] : []));
    const rows = await graph.ask(kqlOf(id, scope) ?? '');
    routes.push({
      id,
      judged: [...judged].sort(order),
      queried: rows.map((row) => String(row['id']).toLowerCase()).sort(order),
    });
  }
  return routes;
}

const order = (a: string, b: string): number => a.localeCompare(b);

describe('the KQL of the rules', () => {
  it('finds the same failing registries as the rules do, over 500 generated estates', {
    timeout: 300_000,
  }, async () => {
    let compared = 0;
    let failing = 0;
    const property = fc.asyncProperty(fc.array(drawn, { minLength: 1, maxLength: 6 }), async (estate) => {
      for (const { id, judged, queried } of await bothRoutes(estate)) {
        compared += 1;
        failing += judged.length;
        if (namedDifferences[id] === undefined) expect(queried, id).toEqual(judged);
        else expect(judged, id).toEqual(expect.arrayContaining(queried));
      }
    });

    await fc.assert(property, { numRuns: 500 });

    console.log(
      `compared ${compared} times, ${failing} failing verdicts, ${rulesWithKql.length} rules; may differ: ${Object.keys(namedDifferences).join(', ')}`,
    );
    expect(failing).toBeGreaterThan(500);
  });
});
