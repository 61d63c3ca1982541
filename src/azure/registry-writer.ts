// The writing door: import by digest, and locks. Every call is made by the managed identity of an edge and may be
// repeated. A poll that says "succeeded" is not believed (it does so for failed imports too): callers read the digest.
import type { ImportOrder, ImportOutcome, RegistryRef, RegistryWriter } from '../ports.ts';
import type { Credentials } from './credential.ts';
import { attributesPath, writeScope } from './data-plane.ts';
import { AzureError, toAzureError } from './errors.ts';
import type { Registries } from './registries.ts';
import { parseRegistryId } from './resource-id.ts';

/** An import that takes longer hangs (it has been seen in Running for hours). */
const defaultPatience = 30 * 60_000;
/** Small images are there at once, large ones take minutes: the pauses between looks grow from the first to the last. */
const pauses = { first: 100, last: 2000 };
const locked = { deleteEnabled: false, writeEnabled: false };

export function createRegistryWriter(
  credentials: Credentials,
  registries: Registries,
  patience = defaultPatience,
): RegistryWriter {
  async function patch(
    identity: string,
    registry: RegistryRef,
    repository: string,
    rest: string,
  ): Promise<void> {
    const plane = await registries.plane(identity, credentials.edge(identity), registry);
    await plane.patch(attributesPath(repository, rest), writeScope(repository), locked);
  }
  return {
    importImage: (order) => importImage(credentials, registries, order, patience),
    lockTag: (identity, registry, repository, tag) =>
      patch(identity, registry, repository, `/_tags/${encodeURIComponent(tag)}`),
    lockManifest: (identity, registry, repository, digest) =>
      patch(identity, registry, repository, `/_manifests/${digest}`),
  };
}

async function importImage(
  credentials: Credentials,
  registries: Registries,
  order: ImportOrder,
  patience: number,
): Promise<ImportOutcome> {
  const client = await registries.management(credentials.edge(order.identity), order.target);
  const { resourceGroup, name } = parseRegistryId(order.target.id);
  const target = order.tag
    ? { targetTags: [`${order.repository}:${order.tag}`] }
    : { untaggedTargetRepositories: [order.repository] };
  const signal = AbortSignal.timeout(patience);
  try {
    const poller = client.registries.importImage(
      resourceGroup,
      name,
      {
        source: { resourceId: order.source.id, sourceImage: `${order.repository}@${order.digest}` },
        mode: 'NoForce',
        ...target,
      },
      { abortSignal: signal },
    );
    await poller.submitted();
    for (let pause = pauses.first; !poller.isDone; pause = Math.min(pauses.last, pause * 2)) {
      await poller.poll({ abortSignal: signal });
      if (!poller.isDone) await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return 'accepted';
  } catch (error) {
    if (signal.aborted)
      throw new AzureError(
        'import-hangs',
        `The import into '${order.target.key}' did not end within ${Math.round(patience / 60_000)} minutes.`,
        true,
      );
    const problem = toAzureError(error, `importing ${order.repository} into '${order.target.key}'`);
    if (problem.status === 409) return 'target-exists';
    throw problem;
  }
}
