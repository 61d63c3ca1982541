// The two doors to Azure, over one set of credentials.
import type { OwnRuleDefinition } from '../posture/own-rule.ts';
import type { Clock, Directory, ManifestStore, RegistryReader, RegistryWriter } from '../ports.ts';
import { cloudOf } from './clouds.ts';
import { createCredentials } from './credential.ts';
import { createDirectory } from './directory.ts';
import { createRegistries } from './registries.ts';
import { createRegistryReader } from './registry-reader.ts';
import { createRegistryWriter } from './registry-writer.ts';

export async function connectAzure(
  settings: {
    readonly cloud: 'public' | 'china' | 'usgov';
    readonly resourceManagerUrl: string | undefined;
    readonly graphUrl?: string | undefined;
  },
  clock: Clock,
  ownRules: () => readonly OwnRuleDefinition[] = () => [],
  manifests?: ManifestStore,
): Promise<{
  readonly reader: RegistryReader;
  readonly writer: RegistryWriter;
  readonly directory: Directory;
}> {
  const cloud = cloudOf(settings.cloud, settings.resourceManagerUrl);
  const credentials = await createCredentials();
  const registries = createRegistries(cloud, clock);
  return {
    reader: await createRegistryReader({ cloud, credentials, registries, clock, ownRules, manifests }),
    writer: createRegistryWriter(credentials, registries),
    directory: createDirectory({
      credential: credentials.reader,
      url: settings.graphUrl ?? cloud.graph,
      audience: cloud.graph,
      clock,
    }),
  };
}
