// The row of a registry in Resource Graph, read leniently: a property of an unexpected shape is absent, and absent is
// unknown to the rules. Only here is soft delete to be had: Resource Manager's API of 2025-11-01 leaves it out.
import { z } from 'zod';
import type { RegistryFacts, RegistrySettings } from '../posture/facts.ts';
import { normalRegion } from '../posture/regions.ts';
import type { Row } from './resource-graph.ts';
import { defined, lenient, lower, moment, type Parsed, parseRows } from './row-schema.ts';

const text = lenient(z.string());
const toggle = lenient(z.boolean());
const status = lenient(
  z.object({ status: z.string(), days: lenient(z.number()), retentionDays: lenient(z.number()) }),
);

const properties = z.object({
  loginServer: text,
  adminUserEnabled: toggle,
  anonymousPullEnabled: toggle,
  zoneRedundancy: text,
  publicNetworkAccess: text,
  provisioningState: text,
  networkRuleBypassOptions: text,
  dataEndpointEnabled: toggle,
  roleAssignmentMode: text,
  creationDate: lenient(moment),
  policies: lenient(
    z.object({
      retentionPolicy: status,
      softDeletePolicy: status,
      exportPolicy: status,
      quarantinePolicy: status,
      trustPolicy: status,
      azureADAuthenticationAsArmPolicy: status,
    }),
  ),
  networkRuleSet: lenient(
    z.object({ defaultAction: text, virtualNetworkRules: lenient(z.array(z.object({ id: lower }))) }),
  ),
  encryption: lenient(
    z.object({
      status: z.string(),
      keyVaultProperties: lenient(
        z.object({
          keyIdentifier: text,
          versionedKeyIdentifier: text,
          lastKeyRotationTimestamp: lenient(moment),
        }),
      ),
    }),
  ),
  privateEndpointConnections: lenient(
    z.array(
      z.object({
        id: lower,
        properties: z.object({
          privateEndpoint: lenient(z.object({ id: lower })),
          privateLinkServiceConnectionState: z.object({ status: z.string() }),
        }),
      }),
    ),
  ),
});

const registryRow = z.object({
  id: lower,
  name: z.string(),
  location: z.string(),
  resourceGroup: z.string(),
  subscriptionId: z.string(),
  tags: z.record(z.string(), z.string()).nullish().catch({}),
  sku: lenient(z.object({ name: z.string() })),
  identity: z.object({ type: z.string() }).nullish().catch(undefined),
  properties,
});
type RegistryRow = z.output<typeof registryRow>;

/** What the row alone says. */
export type RegistryBase = Omit<RegistryFacts, 'replications' | 'group' | 'alerts'>;

export const parseRegistries = (rows: readonly Row[], asOf: number): Parsed<RegistryBase> =>
  parseRows(rows, registryRow, (row): RegistryBase => {
    const { properties: own } = row;
    const { retentionPolicy: retention, softDeletePolicy: soft, exportPolicy } = own.policies ?? {};
    return {
      id: row.id,
      name: row.name,
      subscription: row.subscriptionId,
      resourceGroup: row.resourceGroup,
      location: normalRegion(row.location),
      tags: row.tags ?? {},
      stageSource: 'none',
      asOf,
      settings: settingsOf(row),
      ...defined({
        loginServer: own.loginServer,
        adminUserEnabled: own.adminUserEnabled,
        anonymousPullEnabled: own.anonymousPullEnabled,
        zoneRedundancy: own.zoneRedundancy,
        publicNetworkAccess: own.publicNetworkAccess,
        sku: row.sku?.name,
        exportPolicy: exportPolicy?.status,
        retention: retention && { status: retention.status, ...defined({ days: retention.days }) },
        softDelete: soft && { status: soft.status, ...defined({ days: soft.retentionDays }) },
        privateEndpoints: own.privateEndpointConnections?.map(({ id, properties: connection }) => ({
          id,
          status: connection.privateLinkServiceConnectionState.status,
          ...defined({ endpoint: connection.privateEndpoint?.id }),
        })),
      }),
    };
  });

function settingsOf({ identity, properties: own }: RegistryRow): RegistrySettings {
  const { policies, encryption, networkRuleSet } = own;
  return defined({
    provisioningState: own.provisioningState,
    // A row says null where there is no identity; `undefined` is a shape nobody knows.
    hasIdentity: identity === undefined ? undefined : identity !== null && !/^none$/i.test(identity.type),
    identityType: identity?.type,
    armAudienceTokens: policies?.azureADAuthenticationAsArmPolicy?.status,
    quarantine: policies?.quarantinePolicy?.status,
    contentTrust: policies?.trustPolicy?.status,
    networkDefaultAction: networkRuleSet?.defaultAction,
    virtualNetworkRules: networkRuleSet?.virtualNetworkRules?.map((rule) => rule.id),
    networkBypass: own.networkRuleBypassOptions,
    dataEndpointEnabled: own.dataEndpointEnabled,
    encryption: encryption && { status: encryption.status, ...keyOf(encryption.keyVaultProperties) },
    roleAssignmentMode: own.roleAssignmentMode,
    createdAt: own.creationDate,
  });
}

type Key = NonNullable<NonNullable<z.output<typeof properties>['encryption']>['keyVaultProperties']>;

/** A key identifier that ends in a version pins the key: it does not follow a rotation. */
const keyOf = (key: Key | undefined) =>
  defined({
    keyVersioned:
      key?.keyIdentifier === undefined ? undefined : /\/keys\/[^/]+\/[^/]+\/?$/i.test(key.keyIdentifier),
    rotatedAt: key?.lastKeyRotationTimestamp,
  }) as { readonly keyVersioned?: boolean; readonly rotatedAt?: number };
