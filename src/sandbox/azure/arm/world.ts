// What the routes of the management plane work on.
import type { ArmFacts, Identity } from '../../estate/schema.ts';
import type { Counters } from '../counters.ts';
import type { Faults } from '../faults.ts';
import type { Rights } from '../rights.ts';
import type { Store } from '../store.ts';
import type { RegistryEntry, Tables } from '../tables.ts';
import type { Webhooks } from '../webhooks.ts';
import { forbidden, notFound } from './errors.ts';
import type { ArmRequest } from './request.ts';

export interface ArmWorld {
  readonly identities: readonly Identity[];
  /** What Resource Graph does not have, by resource id in lower case. */
  readonly facts: ReadonlyMap<string, ArmFacts>;
  readonly tables: Tables;
  readonly registries: readonly RegistryEntry[];
  /** The same by id in lower case. */
  readonly registryById: ReadonlyMap<string, RegistryEntry>;
  /** Ids of all resources as they are written, by the id in lower case. */
  readonly resourceIds: ReadonlyMap<string, string>;
  readonly rights: Rights;
  readonly store: Store;
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  readonly counters: Counters;
  /** `https://localhost:PORT` of this management plane. */
  readonly url: string;
}

/** The registry of a path; throws 404. Names are compared in any case, the resource group too. */
export function registryOf(
  world: ArmWorld,
  subscription: string,
  group: string,
  name: string,
): RegistryEntry {
  const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
  const found = world.registryById.get(id.toLowerCase());
  if (found === undefined)
    throw notFound(`Microsoft.ContainerRegistry/registries/${name}' under resource group '${group}`);
  return found;
}

/** Throws 403 where the caller may not do this. */
export function allow(world: ArmWorld, request: ArmRequest, action: string, scope: string): void {
  if (!world.rights.can(request.caller.objectId, action, scope))
    throw forbidden(request.caller, action, scope);
}

/** The estate's facts about a resource that Resource Graph does not have. */
export function factsOf(world: ArmWorld, id: string): ArmFacts {
  return world.facts.get(id.toLowerCase()) ?? {};
}
