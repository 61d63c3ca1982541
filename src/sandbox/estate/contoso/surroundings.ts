// What stands around the registries: subscriptions, resource groups, clusters, private endpoints, and the strangers that
// share a group with a registry.
import { tenantId } from '../../cast.ts';
import type { Row } from '../../azure/tables.ts';
import {
  type ClusterName,
  clusters,
  groupId,
  identities,
  identityOf,
  managementGroup,
  place,
  places,
  registryId,
  type RegistryName,
  resource,
  resourceId,
  type Subscription,
  subscriptions,
} from './places.ts';

const subscriptionNames: Readonly<Record<Subscription, string>> = {
  nonprod: 'Contoso Non-Production',
  prod: 'Contoso Production',
  prodUs: 'Contoso Production US',
  legacy: 'Contoso Legacy',
};

export function containerRows(): readonly Row[] {
  const monitoring = place('', 'prod', 'rg-monitoring', 'westeurope');
  const groups = [...Object.values(places), ...Object.values(clusters), monitoring, identityPlace].map(
    (where) => ({
      id: groupId(where.subscription, where.group),
      name: where.group,
      type: 'microsoft.resources/subscriptions/resourcegroups',
      tenantId,
      location: where.location,
      resourceGroup: where.group,
      subscriptionId: subscriptions[where.subscription],
      tags: {},
      properties: { provisioningState: 'Succeeded' },
    }),
  );
  return [managementGroupRow(), ...subscriptionRows(), ...groups];
}

export function surroundingRows(): readonly Row[] {
  return [
    ...(['aks-prod', 'aks-prod-us', 'aks-uat'] as const).map(clusterRow),
    ...(['contosouat', 'contosoprod', 'contosoprodus'] as const).flatMap(endpointRows),
    resource(place('vnet-prod', 'prod', 'rg-prod-aks', 'westeurope'), 'Microsoft.Network/virtualNetworks', {
      properties: { addressSpace: { addressPrefixes: ['10.20.0.0/16'] }, provisioningState: 'Succeeded' },
    }),
    ...identities.map(identityRow),
    ...strangers(),
  ];
}

const identityPlace = place('', 'prod', 'rg-identities', 'westeurope');

/** A managed identity, by which policies (client id) and role assignments (object id) find each other. */
const identityRow = ({ name, clientId, objectId }: (typeof identities)[number]): Row =>
  resource({ ...identityPlace, name }, 'Microsoft.ManagedIdentity/userAssignedIdentities', {
    properties: { clientId, principalId: objectId, tenantId },
  });

/** CR-6 names these: they share a resource group with a registry and have nothing to do with it. */
function strangers(): readonly Row[] {
  return [
    resource(
      place('stcorebuild', 'nonprod', 'rg-dev-core', 'westeurope'),
      'Microsoft.Storage/storageAccounts',
      {
        kind: 'StorageV2',
        sku: { name: 'Standard_LRS', tier: 'Standard' },
      },
    ),
    resource(
      place('vm-intranet', 'legacy', 'rg-legacy', 'northcentralus'),
      'Microsoft.Compute/virtualMachines',
      {
        properties: { hardwareProfile: { vmSize: 'Standard_D2s_v5' } },
      },
    ),
    resource(place('sql-crm', 'legacy', 'rg-legacy', 'northcentralus'), 'Microsoft.Sql/servers', {
      kind: 'v12.0',
    }),
  ];
}

function managementGroupRow(): Row {
  return {
    id: `/providers/Microsoft.Management/managementGroups/${managementGroup}`,
    name: managementGroup,
    type: 'microsoft.management/managementgroups',
    tenantId,
    properties: { displayName: 'Contoso', tenantId },
  };
}

function subscriptionRows(): readonly Row[] {
  return Object.entries(subscriptions).map(([key, id]) => ({
    id: `/subscriptions/${id}`,
    name: Object.entries(subscriptionNames).find(([name]) => name === key)?.[1],
    type: 'microsoft.resources/subscriptions',
    tenantId,
    subscriptionId: id,
    tags: {},
    properties: {
      state: 'Enabled',
      managementGroupAncestorsChain: [
        { name: managementGroup, displayName: 'Contoso' },
        { name: tenantId, displayName: 'Tenant Root Group' },
      ],
    },
  }));
}

/** A cluster with the identity its nodes pull with. */
function clusterRow(name: ClusterName): Row {
  const where = clusters[name];
  const kubelet = identityOf(`${name}-kubelet`);
  const kubeletPlace = { ...where, name: `${name}-kubelet` };
  return resource(where, 'Microsoft.ContainerService/managedClusters', {
    sku: { name: 'Base', tier: 'Standard' },
    identity: { type: 'SystemAssigned', principalId: kubelet.objectId, tenantId },
    tags: { stage: name.includes('prod') ? 'prod' : 'uat' },
    properties: {
      provisioningState: 'Succeeded',
      kubernetesVersion: '1.34',
      nodeResourceGroup: `MC_${where.group}_${name}`,
      identityProfile: {
        kubeletidentity: {
          clientId: kubelet.clientId,
          objectId: kubelet.objectId,
          resourceId: resourceId(kubeletPlace, 'Microsoft.ManagedIdentity/userAssignedIdentities'),
        },
      },
    },
  });
}

/** The private endpoint and its network card, which live in the registry's group and are no strangers there. */
function endpointRows(name: RegistryName): readonly Row[] {
  const where = places[name];
  const card = { ...where, name: `pe-${name}-nic` };
  const status = name === 'contosoprod' ? 'Approved' : name === 'contosouat' ? 'Pending' : 'Rejected';
  return [
    resource({ ...where, name: `pe-${name}` }, 'Microsoft.Network/privateEndpoints', {
      properties: {
        provisioningState: 'Succeeded',
        networkInterfaces: [{ id: resourceId(card, 'Microsoft.Network/networkInterfaces') }],
        manualPrivateLinkServiceConnections: [],
        privateLinkServiceConnections: [
          {
            name: `pe-${name}`,
            properties: {
              groupIds: ['registry'],
              privateLinkServiceId: registryId(name),
              privateLinkServiceConnectionState: { status, description: '', actionsRequired: 'None' },
            },
          },
        ],
      },
    }),
    resource(card, 'Microsoft.Network/networkInterfaces', {
      properties: {
        privateEndpoint: {
          id: resourceId({ ...where, name: `pe-${name}` }, 'Microsoft.Network/privateEndpoints'),
        },
      },
    }),
  ];
}
