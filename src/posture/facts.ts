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
  readonly id: string;
  readonly status: string;
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
  /** When the rows were read, in milliseconds. */
  readonly asOf: number;
}

/** One look at the whole estate. */
export interface Scan {
  readonly asOf: number;
  readonly registries: readonly RegistryFacts[];
  /** Parts of the estate that could not be read at all, in words. */
  readonly gaps: readonly string[];
}
