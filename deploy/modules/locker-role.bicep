// The custom role that locks tags and manifests. No built-in role does this alone: Repository Writer may also push, and
// AcrPush may push but not lock. Whoever holds this role can also unlock, so only identities of edges get it.
targetScope = 'subscription'

@description('Ids of the subscriptions whose registries are targets of edges.')
param subscriptions string[]

var roleName = guid(subscription().id, 'acr-warden locker')

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleName
  properties: {
    roleName: 'acr-warden locker (${take(roleName, 8)})'
    description: 'Locks and unlocks tags and manifests of container registries. Cannot push, import or delete.'
    type: 'CustomRole'
    assignableScopes: map(subscriptions, id => '/subscriptions/${id}')
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.ContainerRegistry/registries/repositories/metadata/read'
          'Microsoft.ContainerRegistry/registries/repositories/metadata/write'
        ]
        notDataActions: []
      }
    ]
  }
}

output roleDefinitionId string = roleName
