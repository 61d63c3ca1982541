// The data plane of each registry of the policy, opened once an identity. The login server comes from Azure, never from
// chat and never from a cached scan.
import type { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import type { TokenCredential } from '@azure/core-auth';
import type { RegistryRef } from '../ports.ts';
import type { Cloud } from './clouds.ts';
import { createDataPlane, type DataPlane } from './data-plane.ts';
import { AzureError, toAzureError } from './errors.ts';
import { parseRegistryId } from './resource-id.ts';

export interface Registries {
  management(credential: TokenCredential, registry: RegistryRef): Promise<ContainerRegistryManagementClient>;
  /** `who` tells identities apart: `reader`, or an edge's client id. */
  plane(who: string, credential: TokenCredential, registry: RegistryRef): Promise<DataPlane>;
}

export function createRegistries(cloud: Cloud, now: () => number): Registries {
  const loginServers = new Map<string, Promise<string>>();
  const planes = new Map<string, Promise<DataPlane>>();

  async function management(
    credential: TokenCredential,
    registry: RegistryRef,
  ): Promise<ContainerRegistryManagementClient> {
    const sdk = await import('@azure/arm-containerregistry');
    return new sdk.ContainerRegistryManagementClient(credential, parseRegistryId(registry.id).subscription, {
      endpoint: cloud.resourceManager,
      credentials: { scopes: [`${cloud.managementAudience}/.default`] },
    });
  }

  async function loginServer(credential: TokenCredential, registry: RegistryRef): Promise<string> {
    const { resourceGroup, name } = parseRegistryId(registry.id);
    const client = await management(credential, registry);
    const found = await client.registries.get(resourceGroup, name).catch((error: unknown) => {
      throw toAzureError(error, `reading the registry '${registry.key}'`);
    });
    if (!found.loginServer)
      throw new AzureError('not-ready', `The registry '${registry.key}' has no login server yet.`, true);
    return found.loginServer;
  }

  return {
    management,
    plane: (who, credential, registry) =>
      once(planes, `${who} ${registry.id}`, async () =>
        createDataPlane({
          loginServer: await once(loginServers, registry.id, () => loginServer(credential, registry)),
          credential,
          audience: cloud.registryAudience,
          now,
        }),
      ),
  };
}

/** What `make` gives, made once a key; a failure is not kept. */
function once<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const before = kept.get(key);
  if (before) return before;
  const made = make();
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  return made;
}
