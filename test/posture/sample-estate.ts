// A small estate in which every rule has something to pass: production, the stage before and a team's registry, with the
// policy's expectations. Tests change one thing of it.
import type {
  Content,
  Grant,
  ImageFinding,
  Part,
  RegistryFacts,
  RepositoryContent,
  TagContent,
} from '../../src/posture/facts.ts';
import { findRule } from '../../src/posture/catalogue.ts';
import { judge } from '../../src/posture/judge.ts';
import type { Outcome } from '../../src/posture/outcome.ts';
import type { Expectations, ExpectedRegistry, JudgeContext } from '../../src/posture/rule.ts';
import { matchesGlob } from '../../src/policy/glob.ts';

export const now = Date.UTC(2026, 10, 20);
export const day = 24 * 3_600_000;
export const read = <T>(value: T): Part<T> => ({ read: true, value });
export const unread = { read: false, reason: 'AuthorizationFailed' } as const;

const subscription = '5b000000-0000-4000-8000-000000000001';
export const idOf = (name: string, group = name): string =>
  `/subscriptions/${subscription}/resourcegroups/${group}/providers/microsoft.containerregistry/registries/${name}`;

const registries = 'Microsoft.ContainerRegistry/registries';
export const roles = {
  AcrPull: { actions: [`${registries}/pull/read`], dataActions: [] },
  AcrPush: { actions: [`${registries}/pull/read`, `${registries}/push/write`], dataActions: [] },
  Reader: { actions: ['*/read'], dataActions: [] },
  Owner: { actions: ['*'], dataActions: [] },
  Contributor: {
    actions: ['*'],
    notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write'],
    dataActions: [],
  },
  RepositoryReader: { actions: [], dataActions: [`${registries}/repositories/content/read`] },
  RepositoryWriter: {
    actions: [],
    dataActions: [
      `${registries}/repositories/content/read`,
      `${registries}/repositories/content/write`,
      `${registries}/repositories/metadata/write`,
    ],
  },
  ImporterAndLocker: {
    actions: [`${registries}/importImage/action`, `${registries}/pull/read`, `${registries}/read`],
    dataActions: [`${registries}/repositories/content/read`, `${registries}/repositories/metadata/write`],
  },
} as const satisfies Record<string, Partial<Grant>>;

export const grant = (
  principal: string,
  role: keyof typeof roles,
  scope: string,
  more: Partial<Grant> = {},
): Grant => ({
  id: `${scope}/roleassignments/${principal}-${role}`,
  principal,
  principalType: 'ServicePrincipal',
  scope,
  role,
  notActions: [],
  notDataActions: [],
  ...roles[role],
  ...more,
});

export const digest = (name: string): string => `sha256:${name.padEnd(8, '0')}`;
export const tag = (name: string, of: string, more: Partial<TagContent> = {}): TagContent => ({
  tag: name,
  digest: digest(of),
  updatedAt: now - 30 * day,
  locked: true,
  size: 200 * 2 ** 20,
  layers: 6,
  labels: Object.fromEntries(
    ['revision', 'source', 'created'].map((label) => [`org.opencontainers.image.${label}`, 'x']),
  ),
  inUse: true,
  ...more,
});
export const content = (
  repositories: readonly RepositoryContent[],
  more: Partial<Content> = {},
): Part<Content> =>
  read({
    repositories,
    walked: repositories.length,
    throttled: 0,
    total: repositories.length,
    untaggedBytes: 5,
    totalBytes: 100,
    asOf: now,
    ...more,
  });
export const finding = (of: string, more: Partial<ImageFinding> = {}): ImageFinding => ({
  digest: digest(of),
  repository: 'shop/web',
  cve: 'CVE-2026-1',
  severity: 'Low',
  fixAvailable: false,
  healthy: true,
  scannedAt: now - day,
  ...more,
});

const web: RepositoryContent = { name: 'shop/web', tags: [tag('v1', 'web')] };
const base: RepositoryContent = { name: 'base/alpine', tags: [tag('v3', 'alpine')] };

/** What is the same for all three. */
function common(name: string): RegistryFacts {
  const id = idOf(name);
  return {
    id,
    name,
    subscription,
    resourceGroup: name,
    location: 'westeurope',
    loginServer: `${name}.azurecr.io`,
    tags: { owner: 'platform' },
    stageSource: 'policy',
    sku: 'Premium',
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    zoneRedundancy: 'Disabled',
    retention: { status: 'enabled', days: 7 },
    softDelete: { status: 'disabled', days: 7 },
    exportPolicy: 'enabled',
    publicNetworkAccess: 'Disabled',
    privateEndpoints: [{ id: `${id}/connections/pe`, status: 'Approved', endpoint: `${id}/pe` }],
    replications: read([
      { name: 'westeurope', location: 'westeurope', provisioningState: 'Succeeded' },
      { name: 'northeurope', location: 'northeurope', provisioningState: 'Succeeded' },
    ]),
    group: read([{ id, name, type: 'microsoft.containerregistry/registries' }]),
    alerts: read([
      {
        id: 'a',
        name: 'storage',
        kind: 'metric',
        enabled: true,
        hasActionGroup: true,
        scopes: [`/subscriptions/${subscription}`],
        watches: ['storageused'],
      },
    ]),
    settings: {
      hasIdentity: true,
      identityType: 'SystemAssigned',
      armAudienceTokens: 'disabled',
      quarantine: 'disabled',
      contentTrust: 'disabled',
      networkDefaultAction: 'Deny',
      virtualNetworkRules: [],
      networkBypass: 'AzureServices',
      dataEndpointEnabled: true,
      encryption: { status: 'enabled', keyVersioned: false },
      roleAssignmentMode: 'AbacRepositoryPermissions',
    },
    defender: read({ tier: 'Standard', registryScanning: true }),
    registryFindings: read([finding('web'), finding('alpine')]),
    runningFindings: read([finding('web')]),
    diagnostics: read([
      {
        name: 'audit',
        categories: [],
        groups: ['audit'],
        metrics: true,
        sinks: [{ kind: 'workspace', id: '/w', exists: true }],
      },
    ]),
    tokens: read([]),
    webhooks: read([{ name: 'push', enabled: true, scheme: 'https' }]),
    cacheRules: read([]),
    usage: read({
      used: 100,
      included: 500,
      growthPerDay: 1,
      geoReplications: { used: 1, limit: 5 },
      pulls: 1000,
    }),
    dnsZoneGroups: read([{ privateEndpoint: `${id}/pe`, zones: ['privatelink.azurecr.io'] }]),
    connected: read([]),
    content: content([web, base]),
    grants: read([]),
    asOf: now,
  };
}

export const prod: RegistryFacts = {
  ...common('contosoprod'),
  stage: 'prod',
  exportPolicy: 'disabled',
  grants: read([
    grant('importer', 'ImporterAndLocker', idOf('contosoprod')),
    grant('ci', 'RepositoryWriter', idOf('contosoprod')),
    grant('kubelet', 'RepositoryReader', idOf('contosoprod')),
    grant('self', 'Reader', '/'),
  ]),
};
export const uat: RegistryFacts = {
  ...common('contosouat'),
  stage: 'uat',
  grants: read([grant('importer', 'RepositoryReader', idOf('contosouat'))]),
};
export const dev: RegistryFacts = {
  ...common('devshop'),
  stage: 'dev',
  team: 'shop-team',
  grants: read([
    grant('team', 'RepositoryWriter', idOf('devshop'), { principalType: 'Group' }),
    grant('mirror', 'ImporterAndLocker', idOf('devshop')),
  ]),
};

const registry = (key: string, stage: string, more: Partial<ExpectedRegistry>): ExpectedRegistry => ({
  key,
  stage,
  writers: [],
  readers: [],
  unresolved: [],
  isSelfKnown: true,
  clusters: [],
  own: [],
  teamPrincipals: [],
  feedsMirror: false,
  ...more,
});

export const expectedProd: ExpectedRegistry = registry('prod', 'prod', {
  writers: ['importer', 'ci'],
  readers: ['importer', 'ci', 'kubelet', 'self'],
  clusters: [{ key: 'aks-prod', kubelets: ['kubelet'] }],
  own: [{ name: 'edge to-prod', clientId: 'c1', objectId: 'importer', needs: 'import-and-lock' }],
});

/** The facts but for some keys. */
export function leaving<T extends object>(value: T, ...keys: readonly (keyof T)[]): T {
  const left = Object.entries(value).filter(([name]) => !keys.includes(name as keyof T));
  return Object.fromEntries(left) as T;
}

export interface Change {
  readonly facts?: Partial<RegistryFacts>;
  /** Keys of the facts that are left out. */
  readonly without?: readonly (keyof RegistryFacts)[];
  readonly expected?: Partial<Expectations>;
  readonly registry?: Partial<ExpectedRegistry>;
  /** The others of the estate. */
  readonly others?: readonly RegistryFacts[];
  /** No policy at all. */
  readonly bare?: true;
}

const rest: Readonly<Record<string, ExpectedRegistry>> = {
  contosoprod: expectedProd,
  contosouat: registry('uat', 'uat', {
    own: [{ name: 'edge to-prod', clientId: 'c1', objectId: 'importer', needs: 'read' }],
  }),
  devshop: registry('dev-shop', 'dev', { team: 'shop-team', teamPrincipals: ['team'] }),
};

/** The changed registry and what is expected of it. */
export function sample(from: RegistryFacts, change: Change = {}): [RegistryFacts, JudgeContext] {
  const facts = leaving({ ...from, ...change.facts }, ...(change.without ?? []));
  const others = change.others ?? [prod, uat, dev].filter((each) => each.id !== from.id);
  const stages = ['dev', 'uat', 'prod'];
  if (change.bare) return [facts, { stages }];
  const expected: Expectations = {
    now,
    namespaces: ['shop/**', 'base/**'],
    requiredTags: ['owner'],
    naming: '^[a-z0-9]+$',
    allowedRegions: ['westeurope', 'northeurope'],
    allowedSubscriptions: [],
    inUseTags: 5,
    maxImageSize: 2 ** 30,
    scanMaxAge: 7 * day,
    requiredLabels: [],
    registries: new Map(
      Object.entries(rest).map(([name, each]) => [
        idOf(name),
        idOf(name) === from.id ? { ...each, ...change.registry } : each,
      ]),
    ),
    teams: ['shop-team'],
    estate: [facts, ...others],
    productionRepositories: ['shop/**', 'base/**'],
    ciRepositories: ['base/**'],
    mirrors: [{ name: 'golden', from: 'prod', repositories: ['base/**'], toStage: 'dev', maxAge: day }],
    promoted: new Map(),
    matches: matchesGlob,
    ...change.expected,
  };
  return [facts, { stages, expected }];
}

export function outcomeOf(rule: string, from: RegistryFacts, change: Change = {}): Outcome {
  const found = findRule(rule);
  if (!found) throw new Error(`no rule ${rule}`);
  const [facts, context] = sample(from, change);
  const verdicts = judge([facts], context, [found]);
  return verdicts.outcome(0, 0);
}
