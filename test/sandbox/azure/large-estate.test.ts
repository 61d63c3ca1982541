// An estate of thousands of registries: those without images share one port, and look-ups do not walk through all.
import { expect, it } from 'vitest';
import type { Estate } from '../../../src/sandbox/estate/schema.ts';
import { contosoEstate } from '../../../src/sandbox/estate/contoso/estate.ts';
import { askArm, startStandIn } from './stand-in.ts';

const group = '/subscriptions/5b000000-0000-4000-8000-00000000de01/resourceGroups/many';
const idOf = (index: number) => `${group}/providers/Microsoft.ContainerRegistry/registries/many${index}`;

it('of 2,000 more registries starts, lists them all, and keeps ports to itself', async () => {
  const base = contosoEstate();
  const more = Array.from({ length: 2000 }, (_, index) => ({
    id: idOf(index),
    name: `many${index}`,
    type: 'microsoft.containerregistry/registries',
    location: 'westeurope',
    properties: {},
  }));
  const estate: Estate = {
    ...base,
    tables: { ...base.tables, resources: [...(base.tables['resources'] ?? []), ...more] },
  };

  const running = await startStandIn({ estate });
  const list = await askArm(
    running,
    `${group}/providers/Microsoft.ContainerRegistry/registries?api-version=2025-11-01`,
  );
  const one = await askArm(running, `${idOf(1999)}?api-version=2025-11-01`);
  const hosts = new Set(running.azure.registries().map((registry) => registry.loginServer));
  await running.stop();

  expect(list.json.value).toHaveLength(2000);
  expect(one.json.properties.loginServer).toMatch(/^localhost:\d+$/);
  expect(hosts.size).toBe(11);
});
