// Who was given which role where: directly, by resource group, subscription or management group, to groups, and with a
// condition. contosoprod is as it should be; the others are as one finds them.
import type { Row } from '../../azure/tables.ts';
import {
  groupId,
  guid,
  type IdentityName,
  identityOf,
  managementGroup,
  registryId,
  type RegistryName,
  subscriptions,
} from './places.ts';
import { type RoleName, roleDefinitionId } from './roles.ts';

type PrincipalType = 'ServicePrincipal' | 'User' | 'Group';

const organisation = `/providers/Microsoft.Management/managementGroups/${managementGroup}`;
const baseOnly =
  "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/write'})) OR " +
  "(@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'base/'))";

export function assignmentRows(): readonly Row[] {
  return [...ownIdentities(), ...clustersAndCi(), ...peopleAndGroups()];
}

function ownIdentities(): readonly Row[] {
  const importer = (
    name: IdentityName,
    sources: readonly RegistryName[],
    targets: readonly RegistryName[],
  ) => [
    ...sources.map((one) =>
      toIdentity(name, 'Container Registry Data Importer and Data Reader', registryId(one)),
    ),
    ...targets.map((one) => toIdentity(name, 'Registry Importer and Locker', registryId(one))),
  ];
  const dev: readonly RegistryName[] = ['devshop', 'devpay', 'devdata', 'devcore'];
  return [
    toIdentity('warden-reader', 'Reader', organisation),
    toIdentity('warden-reader', 'Registry Webhook Auditor', organisation),
    // In the ABAC mode Reader does not reach repositories.
    toIdentity('warden-reader', 'Container Registry Repository Reader', registryId('contosoprod')),
    toIdentity('warden-reader', 'Container Registry Repository Catalog Lister', registryId('contosoprod')),
    ...importer('importer-to-staging', dev, ['contosostaging']),
    ...importer('importer-to-uat', ['contosostaging'], ['contosouat']),
    ...importer('importer-to-prod', ['contosouat'], ['contosoprod', 'contosoprodus']),
    ...importer('importer-to-prod-us', [], ['contosoprodus']),
    ...importer('mirror-base', ['contosoprod'], dev),
    // Its role to import is no role to read repositories in the ABAC mode.
    toIdentity('mirror-base', 'Container Registry Repository Reader', registryId('contosoprod')),
  ];
}

function clustersAndCi(): readonly Row[] {
  return [
    toIdentity('aks-prod-kubelet', 'Container Registry Repository Reader', registryId('contosoprod')),
    toIdentity('aks-prod-us-kubelet', 'AcrPull', registryId('contosoprodus')),
    toIdentity('aks-uat-kubelet', 'AcrPull', registryId('contosouat')),
    toIdentity('ci-base', 'Container Registry Repository Writer', registryId('contosoprod'), baseOnly),
    toIdentity('ci-base', 'AcrPush', registryId('devcore')),
  ];
}

function peopleAndGroups(): readonly Row[] {
  const to = (name: string, type: PrincipalType, role: RoleName, scope: string) =>
    assignment(guid(name), type, role, scope);
  const nonprod = `/subscriptions/${subscriptions.nonprod}`;
  const prodUs = `/subscriptions/${subscriptions.prodUs}`;
  return [
    to('group shop developers', 'Group', 'Contributor', groupId('nonprod', 'rg-dev-shop')),
    to('group pay developers', 'Group', 'Contributor', groupId('nonprod', 'rg-dev-pay')),
    to('user data lead', 'User', 'Contributor', groupId('nonprod', 'rg-dev-data')),
    to('user platform engineer', 'User', 'Contributor', groupId('nonprod', 'rg-dev-core')),
    to('pipeline of staging', 'ServicePrincipal', 'AcrPush', registryId('contosostaging')),
    to('group operations', 'Group', 'Reader', nonprod),
    // May be anybody: whether it writes to prod in the US cannot be told from here.
    to('group us operations', 'Group', 'Contributor', prodUs),
    to('user us developer', 'User', 'AcrPush', registryId('contosoprodus')),
    to('old deployment script', 'ServicePrincipal', 'Owner', `/subscriptions/${subscriptions.legacy}`),
    to('user who left', 'User', 'AcrDelete', registryId('legacyhub')),
    to('signing service', 'ServicePrincipal', 'AcrImageSigner', registryId('contosouat')),
  ];
}

function toIdentity(name: IdentityName, role: RoleName, scope: string, condition?: string): Row {
  return assignment(identityOf(name).objectId, 'ServicePrincipal', role, scope, condition);
}

function assignment(
  principalId: string,
  principalType: PrincipalType,
  role: RoleName,
  scope: string,
  condition?: string,
): Row {
  const name = guid(`assignment ${principalId} ${role} ${scope}`);
  return {
    id: `${scope}/providers/Microsoft.Authorization/RoleAssignments/${name}`,
    name,
    type: 'microsoft.authorization/roleassignments',
    ...(scope.startsWith('/subscriptions/') ? { subscriptionId: scope.split('/')[2] } : {}),
    properties: {
      principalId,
      principalType,
      roleDefinitionId: roleDefinitionId(role),
      scope,
      condition: condition ?? null,
      conditionVersion: condition === undefined ? null : '2.0',
      createdOn: '2025-06-02T08:00:00.0000000Z',
      updatedOn: '2025-06-02T08:00:00.0000000Z',
      createdBy: guid('user platform engineer'),
    },
  };
}
