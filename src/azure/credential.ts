// Who the product is at Azure: one identity to read, and one managed identity an edge to import and lock. They are
// apart, so that a reader can never write and an edge can only reach the registries its identity was given.
import type { TokenCredential } from '@azure/core-auth';

export interface Credentials {
  readonly reader: TokenCredential;
  /** The credential of an edge's managed identity, by its client id. */
  edge(clientId: string): TokenCredential;
}

export async function createCredentials(): Promise<Credentials> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  const edges = new Map<string, TokenCredential>();
  return {
    reader: new DefaultAzureCredential(),
    edge: (clientId) => {
      const credential = edges.get(clientId) ?? new ManagedIdentityCredential({ clientId });
      edges.set(clientId, credential);
      return credential;
    },
  };
}
