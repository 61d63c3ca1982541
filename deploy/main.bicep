// One acr-warden: a small virtual machine with a data disk, one identity to read, one identity for each edge of the policy,
// and the least roles for each. Why a virtual machine: this version keeps requests, audit chain and jobs in one SQLite file
// (WAL). WAL needs a local disk and one machine. Container Apps, App Service and Container Instances keep files on network
// shares only, and overlap the old and the new replica during a release: two writers over a share can damage the file.
//   az deployment group create --resource-group RG --template-file deploy/main.bicep --parameters deploy/main.bicepparam
targetScope = 'resourceGroup'

// --- Types -------------------------------------------------------------------------------------------------------------

@description('A registry of the policy.')
type registry = {
  @description('The key of the registry in the policy file.')
  key: string
  name: string
  resourceGroup: string
  subscription: string
  @description('properties.roleAssignmentMode of the registry: legacy (LegacyRegistryPermissions) or abac (AbacRepositoryPermissions).')
  mode: 'legacy' | 'abac'
}

@description('An edge of the policy: its name, and the keys of the registries it imports from and into.')
type edge = {
  name: string
  sources: string[]
  targets: string[]
}

// --- Parameters --------------------------------------------------------------------------------------------------------

@description('Region of the machine and its identities.')
param location string = resourceGroup().location

@description('Names of everything begin with this.')
@minLength(3)
@maxLength(20)
param prefix string = 'acr-warden'

@description('Cloud of the registries: the value of AZURE_CLOUD.')
@allowed(['public', 'china', 'usgov'])
param azureCloud string = 'public'

@description('Subscriptions whose registries are judged. The reading identity gets Reader on each: Resource Graph shows nothing else.')
param subscriptions string[]

@description('Registries of the policy.')
param registries registry[]

@description('Edges of the policy. Each gets an identity of its own; its client id is an output, to be written into the policy.')
param edges edge[]

@description('The policy file as text, for example loadTextContent in the parameter file. It holds no secrets.')
param policy string

@description('Image of the bot with tag or digest, for example contosoplatform.azurecr.io/acr-warden:0.1.0.')
param image string

@description('Key of a registry in `registries` that holds the image. Empty: the image is pulled without signing in.')
param imageRegistryKey string = ''

@description('Key Vault, in this resource group, that holds the secrets named in `secretNames`.')
param keyVaultName string

@description('Variable of the bot to name of the Key Vault secret that holds its value. Leave out a chat that is not used.')
param secretNames object = {
  SLACK_SIGNING_SECRET: 'slack-signing-secret'
  SLACK_BOT_TOKEN: 'slack-bot-token'
}

@description('Register the bot for Teams, as a managed identity without a password.')
param teams bool = true

@description('Public DNS label of the machine; the chats call https://LABEL.LOCATION.cloudapp.azure.com.')
param dnsLabel string

@description('SSH public key of the administrator. Port 22 is closed; az vm run-command and the serial console are the ways in.')
param adminPublicKey string

@description('Size of the machine.')
param vmSize string = 'Standard_B2ats_v2'

@description('Size of the data disk in GiB.')
@minValue(4)
param dataDiskGiB int = 8

// --- Roles: these and no others (deploy/README.md says what each is for) ---------------------------------------------------

var roles = {
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  'Container Registry Repository Reader': 'b93aa761-3e63-49ed-ac28-beffa264f7ac'
  'Container Registry Repository Catalog Lister': 'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7'
  'Container Registry Data Importer and Data Reader': '577a9874-89fd-4f24-9dbd-b5034d0ad23a'
  'Key Vault Secrets User': '4633458b-17de-408a-874b-0445c86b69e6'
}

// --- Identities ------------------------------------------------------------------------------------------------------------

resource reader 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${prefix}-reader'
  location: location
}

resource edgeIdentities 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = [
  for one in edges: {
    name: '${prefix}-edge-${one.name}'
    location: location
  }
]

resource botIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = if (teams) {
  name: '${prefix}-teams'
  location: location
}

// --- What the reading identity may do ------------------------------------------------------------------------------------------

module readSubscriptions 'modules/subscription-role.bicep' = [
  for id in subscriptions: {
    name: '${prefix}-read-${uniqueString(id)}'
    scope: subscription(id)
    params: {
      roleDefinitionId: roles.Reader
      principalId: reader.properties.principalId
    }
  }
]

module readImages 'modules/registry-role.bicep' = [
  for one in registries: {
    name: '${prefix}-pull-${uniqueString(one.subscription, one.name)}'
    scope: resourceGroup(one.subscription, one.resourceGroup)
    params: {
      registryName: one.name
      roleDefinitionIds: one.mode == 'abac'
        ? [roles['Container Registry Repository Reader'], roles['Container Registry Repository Catalog Lister']]
        : [roles.AcrPull]
      principalId: reader.properties.principalId
    }
  }
]

// --- What the identity of an edge may do -----------------------------------------------------------------------------------------

module lockerRole 'modules/locker-role.bicep' = {
  name: '${prefix}-locker-role'
  scope: subscription()
  params: {
    subscriptions: union([subscription().subscriptionId], map(registries, one => one.subscription))
  }
}

module edgeRoles 'modules/edge-roles.bicep' = [
  for (one, i) in edges: {
    name: '${prefix}-edge-${uniqueString(one.name)}'
    params: {
      prefix: prefix
      sources: filter(registries, each => contains(one.sources, each.key))
      targets: filter(registries, each => contains(one.targets, each.key))
      importerRoleId: roles['Container Registry Data Importer and Data Reader']
      lockerRoleId: lockerRole.outputs.roleDefinitionId
      principalId: edgeIdentities[i].properties.principalId
    }
  }
]

// --- Secrets: read from the vault by the machine at each start, kept in memory only -----------------------------------------------

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: keyVaultName
}

resource readSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, reader.id, roles['Key Vault Secrets User'])
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Key Vault Secrets User'])
    principalId: reader.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// --- The machine ---------------------------------------------------------------------------------------------------------------

var domain = '${dnsLabel}.${location}.cloudapp.azure.com'
var imageRegistry = filter(registries, one => one.key == imageRegistryKey)
var settings = union(
  {
    ACR_WARDEN_IMAGE: image
    ACR_WARDEN_DOMAIN: domain
    ACR_WARDEN_POLICY_FILE: '/etc/acr-warden/policy.yaml'
    AZURE_CLOUD: azureCloud
    AZURE_CLIENT_ID: reader.properties.clientId
  },
  teams
    ? {
        MicrosoftAppId: botIdentity!.properties.clientId
        MicrosoftAppTenantId: tenant().tenantId
        MicrosoftAppType: 'UserAssignedMSI'
      }
    : {}
)
var start = {
  vault: vault.properties.vaultUri
  vaultAudience: 'https://${substring(environment().suffixes.keyvaultDns, 1)}'
  managementAudience: environment().resourceManager
  client: reader.properties.clientId
  imageRegistry: empty(imageRegistry) ? '' : split(image, '/')[0]
  secrets: secretNames
}
var cloudInit = reduce(
  [
    { mark: '@@SETTINGS@@', text: base64(join(map(items(settings), one => '${one.key}=${one.value}'), '\n')) }
    { mark: '@@START@@', text: base64(string(start)) }
    { mark: '@@POLICY@@', text: base64(policy) }
    { mark: '@@COMPOSE@@', text: loadFileAsBase64('compose.yaml') }
    { mark: '@@CADDYFILE@@', text: loadFileAsBase64('Caddyfile') }
    { mark: '@@SCRIPT@@', text: loadFileAsBase64('start.sh') }
  ],
  loadTextContent('cloud-init.yaml'),
  (text, one) => replace(text, one.mark, one.text)
)

resource firewall 'Microsoft.Network/networkSecurityGroups@2024-01-01' = {
  name: '${prefix}-nsg'
  location: location
  properties: {
    securityRules: [
      {
        // 80 is for the certificate's challenge and sends everybody else to 443.
        name: 'https-from-the-chats'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRanges: ['80', '443']
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: '${prefix}-vnet'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.97.0.0/24'] }
    subnets: [
      {
        name: 'bot'
        properties: {
          addressPrefix: '10.97.0.0/27'
          networkSecurityGroup: { id: firewall.id }
        }
      }
    ]
  }
}

resource address 'Microsoft.Network/publicIPAddresses@2024-01-01' = {
  name: '${prefix}-ip'
  location: location
  sku: { name: 'Standard' }
  properties: {
    publicIPAllocationMethod: 'Static'
    dnsSettings: { domainNameLabel: dnsLabel }
  }
}

resource card 'Microsoft.Network/networkInterfaces@2024-01-01' = {
  name: '${prefix}-nic'
  location: location
  properties: {
    ipConfigurations: [
      {
        name: 'ip'
        properties: {
          subnet: { id: network.properties.subnets[0].id }
          publicIPAddress: { id: address.id }
        }
      }
    ]
  }
}

// A disk of its own outlives the machine: delete and deploy the machine again, and requests and audit are still there.
resource dataDisk 'Microsoft.Compute/disks@2024-03-02' = {
  name: '${prefix}-data'
  location: location
  sku: { name: 'StandardSSD_LRS' }
  properties: {
    creationData: { createOption: 'Empty' }
    diskSizeGB: dataDiskGiB
    networkAccessPolicy: 'DenyAll'
    publicNetworkAccess: 'Disabled'
  }
}

resource machine 'Microsoft.Compute/virtualMachines@2024-07-01' = {
  name: '${prefix}-vm'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: reduce(
      concat([reader.id], map(edges, one => resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', '${prefix}-edge-${one.name}')), teams ? [botIdentity!.id] : []),
      {},
      (all, id) => union(all, { '${id}': {} })
    )
  }
  properties: {
    hardwareProfile: { vmSize: vmSize }
    storageProfile: {
      imageReference: {
        publisher: 'Canonical'
        offer: 'ubuntu-24_04-lts'
        sku: 'server'
        // The newest patch level of a fixed release, chosen by Azure when the machine is made.
        version: 'latest'
      }
      osDisk: {
        createOption: 'FromImage'
        managedDisk: { storageAccountType: 'StandardSSD_LRS' }
      }
      dataDisks: [
        {
          lun: 0
          createOption: 'Attach'
          managedDisk: { id: dataDisk.id }
          deleteOption: 'Detach'
        }
      ]
    }
    osProfile: {
      computerName: take(replace(prefix, '-', ''), 15)
      adminUsername: 'warden'
      customData: base64(cloudInit)
      linuxConfiguration: {
        disablePasswordAuthentication: true
        patchSettings: { patchMode: 'AutomaticByPlatform' }
        ssh: {
          publicKeys: [
            {
              path: '/home/warden/.ssh/authorized_keys'
              keyData: adminPublicKey
            }
          ]
        }
      }
    }
    networkProfile: { networkInterfaces: [{ id: card.id }] }
    diagnosticsProfile: { bootDiagnostics: { enabled: true } }
  }
  dependsOn: [edgeIdentities, readSecrets, readImages]
}

// --- Teams ------------------------------------------------------------------------------------------------------------------------

resource bot 'Microsoft.BotService/botServices@2022-09-15' = if (teams) {
  name: '${prefix}-bot'
  location: 'global'
  kind: 'azurebot'
  sku: { name: 'F0' }
  properties: {
    displayName: 'ACR'
    endpoint: 'https://${domain}/api/messages'
    msaAppId: botIdentity!.properties.clientId
    msaAppMSIResourceId: botIdentity!.id
    msaAppTenantId: tenant().tenantId
    msaAppType: 'UserAssignedMSI'
    disableLocalAuth: true
  }
}

resource teamsChannel 'Microsoft.BotService/botServices/channels@2022-09-15' = if (teams) {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: { isEnabled: true }
  }
}

// --- What to write where ------------------------------------------------------------------------------------------------------------

@description('For the Slack app: the request URL of commands, buttons and events.')
output slackUrl string = 'https://${domain}/slack/events'

@description('For the Teams app manifest.')
output teamsAppId string = teams ? botIdentity!.properties.clientId : ''

@description('`identity` of each edge in the policy file.')
output edgeClientIds array = [
  for (one, i) in edges: {
    edge: one.name
    identity: edgeIdentities[i].properties.clientId
  }
]
