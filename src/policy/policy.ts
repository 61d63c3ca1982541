// The policy as the rest of the product knows it: validated, with defaults filled in, durations in milliseconds and
// sizes in bytes. config/ reads it from YAML; nothing else makes one.
import type { OwnRule } from '../posture/own-rule.ts';
import type { Window } from '../promotion/windows.ts';

/** Key of a person under `people:`. Persons, not accounts, ask, vote and are counted. */
type PersonKey = string;

export interface Person {
  readonly entra?: { readonly tenant: string; readonly objectId: string };
  readonly slack?: { readonly team: string; readonly user: string };
  /** In small letters; counts only with `identity.email`. */
  readonly email?: string;
}

/** An account of a chat: `tenant` is Slack's team id or the Entra tenant. */
export interface AccountName {
  readonly channel: string;
  readonly tenant: string;
  readonly user: string;
}

interface Group {
  readonly members: readonly PersonKey[];
  readonly entraGroup?: string;
  /** For mentions and lists; never counts for an approval. */
  readonly slackUserGroup?: string;
}

export interface PolicyRegistry {
  /** Resource id, in the case of the file. Compare lower-cased. */
  readonly id: string;
  readonly stage: string;
  readonly team?: string;
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

export interface Repository {
  readonly match: string;
  readonly owners: readonly string[];
  readonly origin?: 'ci';
  readonly tags: { readonly allow: readonly string[]; readonly deny: readonly string[] };
}

interface ApprovalRule {
  readonly group: string;
  readonly min: number;
}

interface Approvals {
  readonly rules: readonly ApprovalRule[];
  /** Distinct people in all, at least the largest `min`. */
  readonly total: number;
  readonly exclude: readonly 'requester'[];
  readonly expiresIn: number;
  readonly validFor: number;
  readonly escalate?: { readonly after: number; readonly to: string };
  readonly quietHours?: string;
}

type GateMode = 'enforce' | 'warn' | 'off';

interface Gates {
  readonly scan?: {
    readonly mode: GateMode;
    readonly maxCritical: number;
    readonly maxHigh: number;
    readonly maxAge: number;
  };
  readonly signature?: {
    readonly mode: GateMode;
    /** PEM files, as the policy names them. */
    readonly trusted: readonly string[];
    /** What these files hold, a certificate in PEM each; absent where they were not read. */
    readonly certificates?: readonly string[];
    /** `CN=release, O=Contoso`: whose signatures count; absent: whoever has a certificate under the trusted ones. */
    readonly signers?: readonly string[];
    readonly accept: readonly 'cosign-present'[];
  };
  readonly sbom?: { readonly mode: GateMode };
  readonly labels?: { readonly mode: GateMode; readonly require: readonly string[] };
  readonly soak?: { readonly mode: GateMode; readonly stage: string; readonly min: number };
  readonly posture?: {
    readonly mode: GateMode;
    readonly registry: 'target' | 'source';
    readonly require: readonly string[];
  };
}

export interface Edge {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Client id of the managed identity that reads the source and imports into the target. */
  readonly identity: string;
  /** Groups, or `owners`: the owners of the repository. */
  readonly requesters: readonly string[];
  readonly notify: readonly string[];
  readonly waivers: readonly string[];
  readonly auto: boolean;
  readonly lock: boolean;
  readonly approvals?: Approvals;
  readonly gates: Gates;
}

interface Mirror {
  readonly name: string;
  readonly from: string;
  readonly repositories: readonly string[];
  readonly to: { readonly stage: string };
  readonly schedule: string;
  readonly identity: string;
}

/** What a digest is about; empty lists name everything. Registries by their key. */
export interface DigestScope {
  readonly stages: readonly string[];
  readonly teams: readonly string[];
  readonly registries: readonly string[];
}

export interface DigestSchedule {
  readonly name: string;
  /** `slack:TEAM/CHANNEL` or `teams:THREAD`. */
  readonly to: readonly string[];
  readonly cron: string;
  readonly timezone: string;
  readonly scope: DigestScope;
  readonly skipIfUnchanged: boolean;
}

export type Right = 'admin' | 'waive' | 'freeze' | 'mirror' | 'digest';

interface PosturePolicy {
  readonly namespaces: readonly string[];
  readonly requiredTags: readonly string[];
  readonly naming?: string;
  readonly allowedRegions: readonly string[];
  readonly allowedSubscriptions: readonly string[];
  readonly inUseTags: number;
  readonly maxImageSize: number;
  readonly scanMaxAge: number;
  readonly requiredLabels: readonly string[];
  /** Folder of the organisation's own rules. */
  readonly rules?: string;
  /** What the folder holds; absent where the policy names none. */
  readonly ownRules?: readonly OwnRule[];
  readonly stagePatterns: Readonly<Record<string, string>>;
}

export interface Policy {
  readonly organisation: string;
  readonly timezone: string;
  readonly people: Readonly<Record<PersonKey, Person>>;
  readonly groups: Readonly<Record<string, Group>>;
  readonly registries: Readonly<Record<string, PolicyRegistry>>;
  readonly clusters: Readonly<Record<string, { readonly id: string }>>;
  readonly channels: { readonly security: readonly string[]; readonly admins: readonly string[] };
  /** Groups by right; an absent right belongs to nobody. */
  readonly rights: Readonly<Partial<Record<Right, readonly string[]>>>;
  readonly posture: PosturePolicy;
  readonly identity: {
    /** Domains, in small letters, whose confirmed addresses these workspaces of Slack may vouch for. */
    readonly email: 'off' | { readonly domains: readonly string[]; readonly teams: readonly string[] };
    /** Whether people may link accounts that the file does not name. */
    readonly linking: boolean;
  };
  /** In the order of promotion. */
  readonly stages: readonly string[];
  readonly repositories: readonly Repository[];
  readonly mirrors: readonly Mirror[];
  readonly edges: readonly Edge[];
  readonly windows: readonly Window[];
  readonly breakGlass?: {
    readonly stages: readonly string[];
    readonly group: string;
    readonly reviewWithin: number;
  };
  readonly limits: {
    readonly openPerPerson: number;
    readonly openPerRepository: number;
    readonly commandsPerMinute: number;
  };
  readonly digests: readonly DigestSchedule[];
  /** Whoever acts now, with the groups of the policy whose Entra group they are in. */
  readonly member?: { readonly person: PersonKey; readonly groups: readonly string[] };
  /** The account that acts now, where the file names it for nobody: a person confirmed it, or a chat vouches for its address. */
  readonly linked?: { readonly account: AccountName; readonly person: PersonKey };
  /** SHA-256 of the file's text, its own rules and its trusted certificates: which policy a decision was made under. */
  readonly hash: string;
}
