// What estates are drawn from when both routes to a verdict are held against each other: registries with everything that a
// query looks at, in all the spellings and absences that Azure has, and some things that no query sees.
import fc from 'fast-check';

const regions = ['westeurope', 'northeurope', 'westus', 'eastus', 'ukwest'];

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const oneOf = fc.constantFrom;
const rarely = <T>(value: fc.Arbitrary<T>, freq = 4) => fc.option(value, { nil: undefined, freq });
const status = oneOf('enabled', 'disabled', 'Enabled', 'paused', undefined);
const on = maybe(fc.record({ status }));

const properties = fc.record({
  adminUserEnabled: maybe(fc.boolean()),
  anonymousPullEnabled: maybe(fc.boolean()),
  publicNetworkAccess: oneOf('Enabled', 'Disabled', undefined),
  dataEndpointEnabled: maybe(fc.boolean()),
  networkRuleBypassOptions: oneOf('AzureServices', 'None', undefined),
  networkRuleSet: maybe(
    fc.record({
      defaultAction: oneOf('Allow', 'Deny', undefined),
      virtualNetworkRules: maybe(
        fc.array(fc.constant({ id: '/subscriptions/s1/subnets/a' }), { maxLength: 1 }),
      ),
    }),
  ),
  privateEndpointConnections: maybe(
    fc.array(
      fc
        .record({ state: oneOf('Approved', 'Pending', 'Rejected'), owner: maybe(oneOf('s1', 'S2', 's9')) })
        .map(({ state, owner }) => ({
          id: '/subscriptions/s1/connections/c',
          properties: {
            ...(owner && { privateEndpoint: { id: `/subscriptions/${owner}/resourceGroups/n/endpoints/e` } }),
            privateLinkServiceConnectionState: { status: state },
          },
        })),
      { maxLength: 2 },
    ),
  ),
  encryption: maybe(
    fc.record({
      status,
      keyVaultProperties: maybe(
        fc.record({
          keyIdentifier: oneOf(
            'https://v.vault.azure.net/keys/k',
            'https://v.vault.azure.net/keys/k/0a1b',
            undefined,
          ),
          lastKeyRotationTimestamp: oneOf('2026-05-01T00:00:00Z', '2024-05-01T00:00:00Z', undefined),
        }),
      ),
    }),
  ),
  policies: fc.record({
    softDeletePolicy: maybe(fc.record({ status, retentionDays: oneOf(3, 7, 30, undefined) })),
    retentionPolicy: on,
    exportPolicy: on,
    azureADAuthenticationAsArmPolicy: on,
  }),
});

/** Names of tags have no case, so a registry has each once. */
const tags = fc
  .tuple(
    rarely(fc.tuple(oneOf('stage', 'Stage'), oneOf('dev', 'Prod', 'uat', 'qa', ''))),
    fc.option(fc.tuple(oneOf('environment', 'ENVIRONMENT'), oneOf('prod', 'dev', 'other')), {
      nil: undefined,
      freq: 1,
    }),
    rarely(fc.tuple(oneOf('owner', 'Owner'), oneOf('Platform', ''))),
    rarely(fc.tuple(fc.constant("It's \\ cost"), oneOf('7', ''))),
  )
  .map((pairs) => Object.fromEntries(pairs.filter((pair) => pair !== undefined)));

const alert = fc.record({
  over: oneOf('registry', 'group', 'subscription'),
  enabled: fc.boolean(),
  actions: oneOf(
    [],
    [{ actionGroupId: 'a' }],
    { actionGroups: [{ actionGroupId: 'a' }] },
    { actionGroups: [] },
    undefined,
  ),
  condition: oneOf(
    { criteria: { allOf: [{ name: 'c', metricName: 'StorageUsed', operator: 'GreaterThan' }] } },
    { criteria: { allOf: [{ name: 'StorageUsed', metricName: 'Percentage CPU' }] } },
    {
      condition: {
        allOf: [{ field: 'operationName', equals: 'Microsoft.ContainerRegistry/registries/delete' }],
      },
    },
    { condition: { allOf: [{ field: 'category', equals: 'Administrative' }] } },
  ),
});

const finding = fc.record({
  /** Where it was found: in the registry, or running under one of its hosts. */
  at: oneOf('registry', '.azurecr.io', '.azurecr.cn', 'loginServer'),
  digest: oneOf('sha256:a', 'sha256:b'),
  repository: oneOf('shop/web', 'shop/api'),
  cve: oneOf('CVE-2026-1', 'CVE-2026-2'),
  severity: oneOf('Critical', 'High', 'Medium', 'low'),
  fixed: oneOf('1.2.3', '', undefined),
  status: oneOf('Unhealthy', 'Healthy', 'NotApplicable'),
});

/** Read by other ways than Resource Graph. */
const beyond = fc.record({
  endlessToken: oneOf(true, false, undefined),
  cacheRule: oneOf(true, false, false, undefined),
  isFull: oneOf(true, false, undefined),
  isOffline: oneOf(true, false, undefined),
});

const registry = fc.record({
  /** One of the places that the policy lists. */
  isListed: fc.boolean(),
  /** Lives beside its neighbours in the list. */
  isShared: fc.boolean(),
  name: oneOf('r', 'devreg', 'RegProd', 'reg-bad'),
  subscription: fc.nat(),
  sku: oneOf('Premium', 'Standard', 'Basic', 'premium', undefined),
  location: oneOf(...regions),
  identity: oneOf(null, { type: 'SystemAssigned' }, { type: 'None' }),
  tags: rarely(tags, 8),
  properties,
  replicas: fc.array(
    fc.record({
      location: oneOf(...regions),
      state: oneOf('Succeeded', 'Failed'),
      endpoint: maybe(fc.boolean()),
    }),
    { maxLength: 3 },
  ),
  strangers: fc.array(
    oneOf(
      'Microsoft.KeyVault/vaults',
      'Microsoft.Storage/storageAccounts',
      'Microsoft.Network/privateEndpoints',
    ),
    { maxLength: 2 },
  ),
  alert: maybe(alert),
  findings: fc.array(finding, { maxLength: 4 }),
  beyond,
});
export type DrawnRegistry = typeof registry extends fc.Arbitrary<infer T> ? T : never;

const scanner = { name: 'ContainerRegistriesVulnerabilityAssessments' };
const plan = rarely(
  fc.record({
    tier: oneOf('Standard', 'Standard', 'Free'),
    extensions: oneOf(
      [{ ...scanner, isEnabled: 'True' }],
      [
        { name: 'AgentlessDiscovery', isEnabled: 'True' },
        { isEnabled: true, ...scanner },
      ],
      [{ ...scanner, isEnabled: 'False' }],
      [],
      undefined,
    ),
  }),
);

/** Registries to a subscription of a large estate. */
const perSubscription = 50;

/** An estate of so many registries; `plans` is as long as there are subscriptions, with a Defender plan or none. */
export function estateOf(least: number, most: number) {
  const length = Math.max(5, Math.ceil(most / perSubscription));
  return fc.record({
    plans: fc.array(plan, { minLength: length, maxLength: length, size: 'max' }),
    // Unbiased: the smallest of everything over and over is no estate.
    registries: fc.noBias(fc.array(registry, { minLength: least, maxLength: most, size: 'max' })),
  });
}
export type DrawnEstate = ReturnType<typeof estateOf> extends fc.Arbitrary<infer T> ? T : never;
