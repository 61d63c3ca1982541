// Who pulls and who works: the identities of clusters' nodes, managed identities by client id, and who we are ourselves.
import type { TokenCredential } from '@azure/core-auth';
import { z } from 'zod';
import type { Cluster, ManagedIdentity, Part, Scan } from '../posture/facts.ts';
import type { Cloud } from './clouds.ts';
import { AzureError } from './errors.ts';
import { mapped, type Note, parsedPages, part, whole } from './parts.ts';
import type { ResourceGraph, Row } from './resource-graph.ts';
import { lower, type Parsed, parseRows } from './row-schema.ts';

const clusterType = 'microsoft.containerservice/managedclusters';
const query =
  `resources | where type in~ ('${clusterType}', 'microsoft.managedidentity/userassignedidentities')` +
  ' | extend kubelet = tostring(properties.identityProfile.kubeletidentity.objectId),' +
  ' clientId = tostring(properties.clientId), principalId = tostring(properties.principalId)' +
  ' | project id, type, kubelet, clientId, principalId | order by id asc';

const clusterRow = z.object({ id: lower, kubelet: lower });
const identityRow = z.object({
  clientId: lower.pipe(z.string().min(1)),
  principalId: lower.pipe(z.string().min(1)),
});

type Principals = Required<Pick<Scan, 'clusters' | 'identities'>>;
type PrincipalPages = Part<
  readonly { readonly clusters: Parsed<Cluster>; readonly identities: Parsed<ManagedIdentity> }[]
>;

export const readPrincipals = (graph: ResourceGraph): Promise<PrincipalPages> =>
  parsedPages(graph.pages(query), (rows) => ({
    clusters: parseClusters(rows.filter(isCluster)),
    identities: parseIdentities(rows.filter((row) => !isCluster(row))),
  }));

const isCluster = (row: Row): boolean => String(row['type']).toLowerCase() === clusterType;

/** A cluster whose nodes pull with no identity of their own has no kubelets. */
export const principalsOf = (pages: PrincipalPages, note: Note): Principals => ({
  clusters: whole(
    mapped(pages, (all) => all.map((page) => page.clusters)),
    (n) => note('clusters', n),
  ),
  identities: whole(
    mapped(pages, (all) => all.map((page) => page.identities)),
    (n) => note('managed identities', n),
  ),
});

const parseClusters = (rows: readonly Row[]): Parsed<Cluster> =>
  parseRows(rows, clusterRow, ({ id, kubelet }) => ({ id, kubelets: kubelet ? [kubelet] : [] }));

const parseIdentities = (rows: readonly Row[]): Parsed<ManagedIdentity> =>
  parseRows(rows, identityRow, ({ clientId, principalId }) => ({ clientId, objectId: principalId }));

const claims = z.object({ oid: lower });

/** The object id in our own token for Resource Manager. */
export const readSelf = (cloud: Cloud, credential: TokenCredential): Promise<Part<string>> =>
  part(
    (async () => {
      const token = await credential.getToken(`${cloud.managementAudience}/.default`);
      const payload = Buffer.from(token?.token.split('.')[1] ?? '', 'base64url').toString();
      try {
        return claims.parse(JSON.parse(payload)).oid;
      } catch {
        throw new AzureError('malformed', 'Our own token does not say whose it is.', false);
      }
    })(),
  );
