// An example to copy: two stages, one edge. Nothing in here is a secret.
using './main.bicep'

param dnsLabel = 'contoso-acr-warden'
param image = 'contosoplatform.azurecr.io/acr-warden:0.1.0'
param imageRegistryKey = 'platform'
param keyVaultName = 'contoso-acr-warden'
param adminPublicKey = readEnvironmentVariable('ADMIN_PUBLIC_KEY')
param policy = loadTextContent('policy.yaml')

param subscriptions = [
  '00000000-0000-0000-0000-000000000001'
]

param registries = [
  {
    key: 'platform'
    name: 'contosoplatform'
    resourceGroup: 'rg-platform'
    subscription: '00000000-0000-0000-0000-000000000001'
    mode: 'legacy'
  }
  {
    key: 'uat'
    name: 'contosouat'
    resourceGroup: 'rg-uat'
    subscription: '00000000-0000-0000-0000-000000000001'
    mode: 'legacy'
  }
  {
    key: 'prod'
    name: 'contosoprod'
    resourceGroup: 'rg-prod'
    subscription: '00000000-0000-0000-0000-000000000001'
    mode: 'abac'
  }
]

param edges = [
  {
    name: 'to-prod'
    sources: ['uat']
    targets: ['prod']
  }
]
