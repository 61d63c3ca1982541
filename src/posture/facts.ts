// What is known of a registry when it is judged. A part that could not be read says why, and the rules that need it
// answer `unknown` with that reason.

/** A part of the facts, or why it could not be read (with the role that is missing, where that is the reason). */
export type Part<T> =
  | { readonly read: true; readonly value: T }
  | { readonly read: false; readonly reason: string };

export interface Replication {
  readonly name: string;
  readonly location: string;
  readonly provisioningState: string;
  readonly regionEndpointEnabled?: boolean;
}

interface PrivateEndpoint {
  /** Of the connection; `endpoint` is the private endpoint's own, which may live in another subscription. */
  readonly id: string;
  readonly status: string;
  readonly endpoint?: string;
}

export interface GroupMember {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

export interface Alert {
  readonly id: string;
  readonly name: string;
  readonly kind: 'metric' | 'activityLog' | 'logQuery';
  readonly enabled: boolean;
  readonly hasActionGroup: boolean;
  /** Lower-cased resource ids. */
  readonly scopes: readonly string[];
  /** Metric names or operations the alert watches, lower-cased. */
  readonly watches: readonly string[];
}

/** Optional properties are absent when Azure's row does not carry them. Ids are lower-cased. */
export interface RegistryFacts {
  readonly id: string;
  readonly name: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  /** Normalised: lower case, without blanks. */
  readonly location: string;
  readonly loginServer?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly stage?: string;
  readonly stageSource: 'policy' | 'tag' | 'name' | 'none';
  readonly team?: string;
  readonly sku?: string;
  readonly adminUserEnabled?: boolean;
  readonly anonymousPullEnabled?: boolean;
  readonly zoneRedundancy?: string;
  readonly retention?: { readonly status: string; readonly days?: number };
  readonly softDelete?: { readonly status: string; readonly days?: number };
  readonly exportPolicy?: string;
  readonly publicNetworkAccess?: string;
  readonly privateEndpoints?: readonly PrivateEndpoint[];
  readonly replications: Part<readonly Replication[]>;
  readonly group: Part<readonly GroupMember[]>;
  readonly alerts: Part<readonly Alert[]>;
  /** More of the registry's own row: see RegistrySettings. */
  readonly settings?: RegistrySettings;
  // Parts below are absent where the scan did not look for them, which is as unknown as unread.
  readonly grants?: Part<readonly Grant[]>;
  readonly defender?: Part<DefenderPlan>;
  readonly registryFindings?: Part<readonly ImageFinding[]>;
  readonly runningFindings?: Part<readonly ImageFinding[]>;
  readonly diagnostics?: Part<readonly DiagnosticSetting[]>;
  readonly tokens?: Part<readonly RepositoryToken[]>;
  readonly webhooks?: Part<readonly Webhook[]>;
  readonly cacheRules?: Part<readonly CacheRule[]>;
  readonly usage?: Part<Usage>;
  readonly dnsZoneGroups?: Part<readonly DnsZoneGroup[]>;
  readonly connected?: Part<readonly ConnectedRegistry[]>;
  readonly content?: Part<Content>;
  /** By id of an organisation's own rule: the rows of its query that are this registry or a part of it. */
  readonly ownRules?: Readonly<Record<string, Part<readonly string[]>>>;
  /** When the rows were read, in milliseconds. */
  readonly asOf: number;
}

/** Settings of the registry's own row that only some rules need; absent is unknown. Statuses keep Azure's words. */
export interface RegistrySettings {
  readonly provisioningState?: string;
  readonly hasIdentity?: boolean;
  readonly identityType?: string;
  readonly armAudienceTokens?: string;
  readonly quarantine?: string;
  readonly contentTrust?: string;
  readonly networkDefaultAction?: string;
  /** Legacy virtual network rules, by subnet id. */
  readonly virtualNetworkRules?: readonly string[];
  readonly networkBypass?: string;
  readonly dataEndpointEnabled?: boolean;
  readonly encryption?: {
    readonly status: string;
    readonly keyVersioned?: boolean;
    readonly rotatedAt?: number;
  };
  readonly roleAssignmentMode?: string;
  readonly createdAt?: number;
}

/** One role assignment that reaches the registry, directly or inherited, with what its role permits. */
export interface Grant {
  readonly id: string;
  /** Entra object id, lower-cased. */
  readonly principal: string;
  readonly principalType: string;
  /** Lower-cased. */
  readonly scope: string;
  readonly role: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
  /** An ABAC condition narrows it; absent is unconditional. */
  readonly condition?: string;
}

export interface DefenderPlan {
  readonly tier: string;
  readonly registryScanning: boolean;
}

/** One vulnerability of one digest. Severity as the scanner says it; times in milliseconds. */
export interface ImageFinding {
  readonly digest: string;
  readonly repository: string;
  readonly cve: string;
  readonly severity: string;
  readonly fixAvailable: boolean;
  readonly healthy: boolean;
  readonly scannedAt: number;
}

export interface DiagnosticSetting {
  readonly name: string;
  readonly categories: readonly string[];
  readonly groups: readonly string[];
  readonly metrics: boolean;
  /** Kind and id of each sink; `exists` is absent where it could not be looked up. */
  readonly sinks: readonly {
    readonly kind: 'workspace' | 'storage' | 'eventHub' | 'partner';
    readonly id: string;
    readonly exists?: boolean;
  }[];
}

export interface RepositoryToken {
  readonly name: string;
  readonly enabled: boolean;
  readonly scopeMap?: string;
  /** Of each password or certificate; `undefined` in the list means that one never expires. */
  readonly expiries: readonly (number | undefined)[];
}

export interface Webhook {
  readonly name: string;
  readonly enabled: boolean;
  /** Scheme of the callback; absent where it could not be read. */
  readonly scheme?: string;
}

export interface CacheRule {
  readonly name: string;
  readonly source: string;
  readonly hasCredentials: boolean;
}

/** Bytes; growth in bytes a day, from the storage metric of the last month. */
export interface Usage {
  readonly used: number;
  readonly included: number;
  readonly growthPerDay?: number;
  readonly geoReplications?: { readonly used: number; readonly limit: number };
  readonly webhooks?: { readonly used: number; readonly limit: number };
  /** Requests of the last 24 hours. */
  readonly pulls?: number;
}

export interface DnsZoneGroup {
  readonly privateEndpoint: string;
  readonly zones: readonly string[];
}

export interface ConnectedRegistry {
  readonly name: string;
  readonly state: string;
}

/** What the data plane holds. A repository that was not walked yet has `tags` absent. */
export interface Content {
  readonly repositories: readonly RepositoryContent[];
  /** Repositories walked of all: a walk under a budget may be unfinished. */
  readonly walked: number;
  readonly total: number;
  readonly untaggedBytes?: number;
  readonly totalBytes?: number;
  /** Requests of the last walk that the registry turned away with 429, repeats included. */
  readonly throttled?: number;
  readonly asOf: number;
}

export interface RepositoryContent {
  readonly name: string;
  readonly tags?: readonly TagContent[];
}

export interface TagContent {
  readonly tag: string;
  readonly digest: string;
  readonly updatedAt: number;
  /** Tag, manifest, children and referrers: all flags off. Absent where some could not be read. */
  readonly locked?: boolean;
  /** Of the largest platform: bytes compressed, layers. Only read of tags in use. */
  readonly size?: number;
  readonly layers?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly inUse: boolean;
}

/** An AKS cluster by resource id (lower-cased), with the object ids its nodes pull with. */
export interface Cluster {
  readonly id: string;
  readonly kubelets: readonly string[];
}

/** Policies name it by client id, role assignments by object id. Both lower-cased. */
export interface ManagedIdentity {
  readonly clientId: string;
  readonly objectId: string;
}

/** One look at the whole estate. */
export interface Scan {
  readonly asOf: number;
  readonly registries: readonly RegistryFacts[];
  readonly clusters?: Part<readonly Cluster[]>;
  readonly identities?: Part<readonly ManagedIdentity[]>;
  /** Object id this product itself reads with, lower-cased. */
  readonly self?: Part<string>;
  /** Parts of the estate that could not be read at all, in words. */
  readonly gaps: readonly string[];
}
