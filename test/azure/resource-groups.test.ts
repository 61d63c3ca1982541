import { expect, it } from 'vitest';
import type { Row } from '../../src/azure/resource-graph.ts';
import { scanEstate } from '../../src/azure/scan.ts';
import { graphOfRows } from './graph.ts';

it('names each of 3,000 resource groups once, in queries that Resource Graph takes', async () => {
  const registries = Array.from(
    { length: 3000 },
    (_, i): Row => ({
      id: `/subscriptions/s/resourceGroups/group-${i}/providers/Microsoft.ContainerRegistry/registries/r${i}`,
      name: `r${i}`,
      location: 'westeurope',
      resourceGroup: `Group-${i}`,
      subscriptionId: 's',
      properties: {},
    }),
  );
  const asked: string[] = [];

  await scanEstate(
    graphOfRows((query) => {
      if (query.includes('resourceGroup in~')) asked.push(query);
      return query.includes('sku') ? registries : [];
    }),
    5,
  );

  const named = asked.flatMap((query) => [...query.matchAll(/'(group-\d+)'/g)].map(([, name]) => name));
  expect(new Set(named)).toEqual(new Set(registries.map((_, i) => `group-${i}`)));
  expect(named).toHaveLength(registries.length);
  expect(Math.max(...asked.map((query) => query.length))).toBeLessThan(20_000);
  expect(asked.length).toBe(3);
});
