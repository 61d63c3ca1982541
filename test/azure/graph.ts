// The doors of the azure room over a stand-in, for tests that go below the registry reader.
import { createArm, type Arm } from '../../src/azure/arm.ts';
import { type Cloud, cloudOf } from '../../src/azure/clouds.ts';
import { createResourceGraph, type ResourceGraph, type Row } from '../../src/azure/resource-graph.ts';
import type { IdentityName } from '../../src/sandbox/estate/contoso/places.ts';
import type { Running } from '../sandbox/azure/stand-in.ts';

/** A Resource Graph that answers each query with one page of the rows that are given for it. */
export const graphOfRows = (answer: (query: string) => readonly Row[]): ResourceGraph => ({
  async *pages(query) {
    yield answer(query);
  },
});

export async function doorsTo(
  running: Running,
  identity: IdentityName = 'warden-reader',
): Promise<{ readonly graph: ResourceGraph; readonly arm: Arm; readonly cloud: Cloud }> {
  const cloud = cloudOf('public', running.azure.url);
  const credential = running.credential(identity);
  return { cloud, graph: await createResourceGraph(cloud, credential), arm: createArm(cloud, credential) };
}
