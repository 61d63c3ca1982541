// The rows of the sample registries. Between them every posture rule finds one that passes, one that fails and one that
// cannot be judged.
import type { Row } from '../../azure/tables.ts';
import { guid, type Place, places, registryId, type RegistryName, resource, resourceId } from './places.ts';

type Tier = 'Basic' | 'Standard' | 'Premium';

interface Choices {
  readonly tier: Tier;
  readonly tags: Readonly<Record<string, string>>;
  /** Over the defaults of a quiet registry; a null takes the property away. */
  readonly properties?: Row;
  readonly policies?: Row;
  readonly identity?: Row;
}

export function registryRows(): readonly Row[] {
  return [
    registry('devshop', {
      tier: 'Basic',
      tags: { stage: 'dev', team: 'shop', owner: 'shop-team', costcenter: '4711' },
      policies: { softDeletePolicy: softDelete('enabled', 14) },
    }),
    // No soft delete policy in the row at all: unknown, not off.
    registry('devpay', {
      tier: 'Standard',
      tags: { stage: 'dev', team: 'pay', owner: 'pay-team', costcenter: '4712' },
      policies: { softDeletePolicy: null },
    }),
    registry('devdata', {
      tier: 'Basic',
      tags: { stage: 'dev', team: 'data', owner: 'data-team' },
      properties: { adminUserEnabled: true },
    }),
    registry('devcore', {
      tier: 'Standard',
      tags: { stage: 'dev', team: 'core', owner: 'platform', costcenter: '4700' },
      policies: { softDeletePolicy: softDelete('enabled', 7) },
    }),
    registry('contosostaging', {
      tier: 'Standard',
      tags: { stage: 'staging', owner: 'platform', costcenter: '4700' },
    }),
    registry('contosouat', {
      tier: 'Premium',
      tags: { stage: 'uat', owner: 'platform', costcenter: '4700' },
      properties: { privateEndpointConnections: [connection('contosouat', 'Pending')] },
    }),
    prodRow(),
    prodUsRow(),
    // Nobody gave it a stage, and its row lacks what other rows have.
    registry('contososhared', {
      tier: 'Standard',
      tags: { owner: 'unknown' },
      properties: { anonymousPullEnabled: null, adminUserEnabled: null, zoneRedundancy: null },
      policies: { softDeletePolicy: null, retentionPolicy: null },
    }),
    // Forgotten, but its tag says production: it fails what prod must not fail.
    registry('legacyhub', {
      tier: 'Basic',
      tags: { environment: 'prod', createdBy: 'migration-2019' },
      properties: { adminUserEnabled: true, anonymousPullEnabled: true },
      policies: { softDeletePolicy: null, trustPolicy: { type: 'Notary', status: 'enabled' } },
    }),
  ];
}

/** Geo-replications as rows; Azure lists the home region among them. */
export function replicationRows(): readonly Row[] {
  return [
    replication('contosouat', 'westeurope'),
    replication('contosoprod', 'westeurope'),
    replication('contosoprod', 'northeurope'),
    replication('contosoprodus', 'eastus'),
  ];
}

function prodRow(): Row {
  return registry('contosoprod', {
    tier: 'Premium',
    tags: { stage: 'prod', owner: 'platform', costcenter: '4700', criticality: 'high' },
    identity: { type: 'SystemAssigned', principalId: guid('contosoprod identity'), tenantId: guid('tenant') },
    properties: {
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
      privateEndpointConnections: [connection('contosoprod', 'Approved')],
      dataEndpointEnabled: true,
      roleAssignmentMode: 'AbacRepositoryPermissions',
      encryption: {
        status: 'enabled',
        keyVaultProperties: {
          keyIdentifier: 'https://kv-contoso-prod.vault.example/keys/registry',
          keyRotationEnabled: true,
        },
      },
    },
    policies: {
      retentionPolicy: { status: 'enabled', days: 30, lastUpdatedTime: '${ago:200d}' },
      azureADAuthenticationAsArmPolicy: { status: 'disabled' },
    },
  });
}

function prodUsRow(): Row {
  return registry('contosoprodus', {
    tier: 'Premium',
    tags: { stage: 'prod', owner: 'platform' },
    properties: {
      networkRuleSet: {
        defaultAction: 'Allow',
        ipRules: [],
        virtualNetworkRules: [
          {
            action: 'Allow',
            id: `${resourceId({ ...places.contosoprodus, name: 'vnet-us' }, 'Microsoft.Network/virtualNetworks')}/subnets/build`,
          },
        ],
      },
      privateEndpointConnections: [connection('contosoprodus', 'Rejected')],
    },
    policies: { softDeletePolicy: null },
  });
}

function registry(name: RegistryName, choices: Choices): Row {
  const where = places[name];
  const policies = withoutNulls({
    quarantinePolicy: { status: 'disabled' },
    trustPolicy: { type: 'Notary', status: 'disabled' },
    retentionPolicy: { days: 7, lastUpdatedTime: '${ago:400d}', status: 'disabled' },
    exportPolicy: { status: 'enabled' },
    azureADAuthenticationAsArmPolicy: { status: 'enabled' },
    softDeletePolicy: softDelete('disabled', 7),
    ...choices.policies,
  });
  const properties = withoutNulls({
    loginServer: `${name}.azurecr.io`,
    creationDate: '2023-03-07T09:12:33.1234567Z',
    provisioningState: 'Succeeded',
    adminUserEnabled: false,
    networkRuleSet: choices.tier === 'Premium' ? { defaultAction: 'Allow', ipRules: [] } : null,
    encryption: { status: 'disabled' },
    dataEndpointEnabled: false,
    dataEndpointHostNames: [],
    privateEndpointConnections: [],
    publicNetworkAccess: 'Enabled',
    networkRuleBypassOptions: 'AzureServices',
    networkRuleBypassAllowedForTasks: false,
    zoneRedundancy: 'Disabled',
    anonymousPullEnabled: false,
    roleAssignmentMode: 'LegacyRegistryPermissions',
    ...choices.properties,
    policies,
  });
  return resource(where, 'Microsoft.ContainerRegistry/registries', {
    sku: { name: choices.tier, tier: choices.tier },
    tags: choices.tags,
    identity: choices.identity ?? null,
    properties,
  });
}

function replication(name: RegistryName, location: string): Row {
  const where: Place = { ...places[name], location };
  const row = resource(where, 'Microsoft.ContainerRegistry/registries', {
    properties: {
      provisioningState: 'Succeeded',
      status: { displayStatus: 'Ready', message: 'The replication is ready.', timestamp: '${ago:2h}' },
      regionEndpointEnabled: true,
      zoneRedundancy: 'Disabled',
    },
    tags: {},
  });
  return {
    ...row,
    id: `${registryId(name)}/replications/${location}`,
    name: location,
    type: 'microsoft.containerregistry/registries/replications',
  };
}

/** A private endpoint connection in a state; only Approved ones carry traffic. */
function connection(name: RegistryName, status: 'Approved' | 'Pending' | 'Rejected'): Row {
  const endpoint = resourceId({ ...places[name], name: `pe-${name}` }, 'Microsoft.Network/privateEndpoints');
  return {
    id: `${registryId(name)}/privateEndpointConnections/pe-${name}.${guid(`connection ${name}`)}`,
    name: `pe-${name}.${guid(`connection ${name}`)}`,
    type: 'Microsoft.ContainerRegistry/registries/privateEndpointConnections',
    properties: {
      privateEndpoint: { id: endpoint },
      privateLinkServiceConnectionState: {
        status,
        description: `${status} by the platform team`,
        actionsRequired: 'None',
      },
      provisioningState: 'Succeeded',
    },
  };
}

function softDelete(status: 'enabled' | 'disabled', retentionDays: number): Row {
  return { status, retentionDays, lastUpdatedTime: '${ago:300d}' };
}

function withoutNulls(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
