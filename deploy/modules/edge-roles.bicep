// What the identity of one edge may do: import from its sources into its targets, and lock in its targets. Nothing else,
// nowhere else.
targetScope = 'resourceGroup'

type place = {
  key: string
  name: string
  resourceGroup: string
  subscription: string
  mode: 'legacy' | 'abac'
}

param prefix string
param sources place[]
param targets place[]

@description('GUID of "Container Registry Data Importer and Data Reader".')
param importerRoleId string

@description('GUID of the custom role of locker-role.bicep.')
param lockerRoleId string

@description('Object id of the identity of the edge.')
param principalId string

module onSources 'registry-role.bicep' = [
  for one in sources: {
    name: '${prefix}-source-${uniqueString(principalId, one.name)}'
    scope: resourceGroup(one.subscription, one.resourceGroup)
    params: {
      registryName: one.name
      roleDefinitionIds: [importerRoleId]
      principalId: principalId
    }
  }
]

module onTargets 'registry-role.bicep' = [
  for one in targets: {
    name: '${prefix}-target-${uniqueString(principalId, one.name)}'
    scope: resourceGroup(one.subscription, one.resourceGroup)
    params: {
      registryName: one.name
      roleDefinitionIds: [importerRoleId, lockerRoleId]
      principalId: principalId
    }
  }
]
