// Names and ids of the sample organisation: subscriptions, registries, identities. Everything else of the bundled
// estate points here.
import { createHash } from 'node:crypto';
import { tenantId } from '../../cast.ts';
import type { Row } from '../../azure/tables.ts';
import type { Identity } from '../schema.ts';

/** A GUID that is always the same for the same name. */
export function guid(name: string): string {
  const hex = createHash('sha256').update(`contoso ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const managementGroup = 'contoso';

export const subscriptions = {
  nonprod: '5b000000-0000-4000-8000-00000000de01',
  prod: '5b000000-0000-4000-8000-00000000b0d1',
  prodUs: '5b000000-0000-4000-8000-00000000b0d2',
  legacy: '5b000000-0000-4000-8000-0000000001e9',
} as const;

export type Subscription = keyof typeof subscriptions;

export interface Place {
  readonly name: string;
  readonly subscription: Subscription;
  readonly group: string;
  readonly location: string;
}

/** The registries: one dev registry a team, staging, UAT, prod in two regions, one of nobody, one of old times. */
export const places = {
  devshop: place('devshop', 'nonprod', 'rg-dev-shop', 'westeurope'),
  devpay: place('devpay', 'nonprod', 'rg-dev-pay', 'northeurope'),
  devdata: place('devdata', 'nonprod', 'rg-dev-data', 'westeurope'),
  devcore: place('devcore', 'nonprod', 'rg-dev-core', 'westeurope'),
  contosostaging: place('contosostaging', 'nonprod', 'rg-staging', 'westeurope'),
  contosouat: place('contosouat', 'nonprod', 'rg-uat', 'westeurope'),
  contosoprod: place('contosoprod', 'prod', 'rg-prod-registry', 'westeurope'),
  contosoprodus: place('contosoprodus', 'prodUs', 'rg-prod-us', 'eastus'),
  contososhared: place('contososhared', 'nonprod', 'rg-shared', 'germanywestcentral'),
  legacyhub: place('legacyhub', 'legacy', 'rg-legacy', 'northcentralus'),
} as const;

export type RegistryName = keyof typeof places;

export const clusters = {
  'aks-prod': place('aks-prod', 'prod', 'rg-prod-aks', 'westeurope'),
  'aks-prod-us': place('aks-prod-us', 'prodUs', 'rg-prod-us-aks', 'eastus'),
  'aks-uat': place('aks-uat', 'nonprod', 'rg-uat-aks', 'westeurope'),
} as const;

export type ClusterName = keyof typeof clusters;

/** The first one is the bot's own: it reads. Each edge has one that imports, as the policy wants it. */
export const identities = [
  identity('warden-reader'),
  identity('importer-to-staging'),
  identity('importer-to-uat'),
  identity('importer-to-prod'),
  // Left over from before the edges were merged: it still may write prod in the US, and TEN-01 says so.
  identity('importer-to-prod-us'),
  identity('mirror-base'),
  identity('ci-base'),
  identity('aks-prod-kubelet'),
  identity('aks-prod-us-kubelet'),
  identity('aks-uat-kubelet'),
] as const;

export type IdentityName =
  | 'warden-reader'
  | 'importer-to-staging'
  | 'importer-to-uat'
  | 'importer-to-prod'
  | 'importer-to-prod-us'
  | 'mirror-base'
  | 'ci-base'
  | `${ClusterName}-kubelet`;

export function identityOf(name: IdentityName): Identity {
  return identity(name);
}

export const groupId = (subscription: Subscription, group: string): string =>
  `/subscriptions/${subscriptions[subscription]}/resourceGroups/${group}`;

export const registryId = (name: RegistryName): string =>
  resourceId(places[name], 'Microsoft.ContainerRegistry/registries');

export const clusterId = (name: ClusterName): string =>
  resourceId(clusters[name], 'Microsoft.ContainerService/managedClusters');

export function resourceId(where: Place, type: string): string {
  return `${groupId(where.subscription, where.group)}/providers/${type}/${where.name}`;
}

/** A row of `resources` with every column that Resource Graph gives; types are lower case there, ids are not. */
export function resource(where: Place, type: string, columns: Row): Row {
  return {
    id: resourceId(where, type),
    name: where.name,
    type: type.toLowerCase(),
    tenantId,
    kind: '',
    location: where.location,
    resourceGroup: where.group,
    subscriptionId: subscriptions[where.subscription],
    managedBy: '',
    sku: null,
    plan: null,
    properties: {},
    tags: null,
    identity: null,
    zones: null,
    extendedLocation: null,
    ...columns,
  };
}

export function place(name: string, subscription: Subscription, group: string, location: string): Place {
  return { name, subscription, group, location };
}

function identity(name: IdentityName): Identity {
  return { name, clientId: guid(`client ${name}`), objectId: guid(`object ${name}`) };
}
