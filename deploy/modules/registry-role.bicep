// Roles on one registry, and on nothing beside it.
targetScope = 'resourceGroup'

param registryName string

@description('GUIDs of role definitions.')
param roleDefinitionIds string[]

@description('Object id of the identity.')
param principalId string

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for id in roleDefinitionIds: {
    name: guid(registry.id, principalId, id)
    scope: registry
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', id)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]
