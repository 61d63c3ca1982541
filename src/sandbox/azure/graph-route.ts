// Resource Graph as one route of the management plane, over the rows of the estate.
import type { ArmRoute } from './arm/request.ts';
import type { ArmWorld } from './arm/world.ts';
import { createResourceGraph, type ResourceGraph } from './resource-graph/server.ts';
import { registryType, type Row, type Tables } from './tables.ts';

/** The route over the world's rows; `quota` is requests in five seconds, by user. */
export function graphRoute(
  world: ArmWorld,
  quota: number | undefined,
): { route: ArmRoute; graph: ResourceGraph } {
  const graph = createResourceGraph({
    tables: () => (world.faults.strikes('malformed-row') ? malformed(world.tables) : world.tables),
    ...(quota === undefined ? {} : { quota: { limit: quota, windowMs: 5000 } }),
  });
  const route: ArmRoute = {
    name: 'resourceGraph.resources',
    method: 'POST',
    path: /^\/providers\/Microsoft\.ResourceGraph\/resources$/i,
    answer: async (request) => {
      const answer = await graph.handle(request.body, request.caller.objectId);
      const { body } = answer;
      const object = typeof body === 'object' && body !== null ? { body } : {};
      return { status: answer.status, headers: answer.headers, ...object };
    },
  };
  return { route, graph };
}

/** The first registry's row as no schema expects it: texts where objects belong, and nothing where facts belong. */
function malformed(tables: Tables): Tables {
  const rows = tables.get('resources') ?? [];
  const first = rows.findIndex((row) => String(row['type']).toLowerCase() === registryType);
  const broken = rows.map((row, index): Row => {
    return index === first ? { ...row, properties: 'malformed', sku: 42, tags: null } : row;
  });
  return new Map([...tables, ['resources', broken]]);
}
