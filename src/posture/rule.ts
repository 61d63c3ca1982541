// What a posture rule is. A rule is one file under rules/ and one line in the catalogue: a pure function over the facts
// of one registry. It judges fast and without objects; reasons and evidence are made for the findings that are shown.
import type { RegistryFacts } from './facts.ts';
import type { EvidenceItem, Impact, Outcome } from './outcome.ts';

/** What rules need to know beyond the registry: what the policy expects of it. Stages are in the order of promotion. */
export interface JudgeContext {
  readonly stages: readonly string[];
  /** Absent in places that judge without a policy; rules that need it then answer unknown. */
  readonly expected?: Expectations;
}

/** Ids are lower-cased; times in milliseconds, sizes in bytes. */
export interface Expectations {
  readonly now: number;
  readonly namespaces: readonly string[];
  readonly requiredTags: readonly string[];
  readonly naming?: string;
  readonly allowedRegions: readonly string[];
  readonly allowedSubscriptions: readonly string[];
  readonly inUseTags: number;
  readonly maxImageSize: number;
  readonly scanMaxAge: number;
  readonly requiredLabels: readonly string[];
  /** By registry id. */
  readonly registries: ReadonlyMap<string, ExpectedRegistry>;
  readonly teams: readonly string[];
  /** Every registry of the scan, for rules that compare. */
  readonly estate: readonly RegistryFacts[];
  /** Patterns of what the last stage may hold, and of repositories that the CI builds straight into it. */
  readonly productionRepositories: readonly string[];
  readonly ciRepositories: readonly string[];
  readonly mirrors: readonly {
    readonly name: string;
    readonly from: string;
    readonly repositories: readonly string[];
    readonly toStage: string;
    readonly maxAge: number;
  }[];
  /**
   * What this product promoted: `registry id/repository:tag` -> digest, and each `registry id/repository@digest` to
   * itself. Absent where the ledger was not asked.
   */
  readonly promoted?: ReadonlyMap<string, string>;
  /** The policy's patterns: `*` within a segment, `**` across. */
  matches(pattern: string, text: string): boolean;
}

export interface ExpectedRegistry {
  readonly key: string;
  readonly stage: string;
  readonly team?: string;
  /** Object ids that may write: the policy's writers and the identities of edges and mirrors into it. */
  readonly writers: readonly string[];
  /** Object ids that may read: kubelets, named readers, the writers, this product's own. */
  readonly readers: readonly string[];
  /** Client ids that could not be resolved to object ids: each may be one service principal that looks strange. */
  readonly unresolved: readonly string[];
  /** Whether the object id this product reads with is among the readers. */
  readonly isSelfKnown: boolean;
  /** Clusters that are named as readers; `kubelets` is absent where the cluster could not be read. */
  readonly clusters: readonly { readonly key: string; readonly kubelets?: readonly string[] }[];
  /** Identities of this product's edges and mirrors here, with what they need. `objectId` absent: not resolved. */
  readonly own: readonly OwnIdentity[];
  /** Object ids of the team: its Entra group, else its members. */
  readonly teamPrincipals: readonly string[];
  readonly feedsMirror: boolean;
}

export interface OwnIdentity {
  /** Of the edge or mirror. */
  readonly name: string;
  readonly clientId: string;
  readonly objectId?: string;
  readonly needs: 'read' | 'import' | 'import-and-lock';
}

export interface Explanation {
  /** Why it is so, and for a failure what it needs. */
  readonly reason: string;
  readonly evidence: readonly EvidenceItem[];
}

export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly impact: Impact;
  /** Whose recommendation it is; `own` is the organisation's. */
  readonly source: 'APRL' | 'ACR' | 'TEN' | 'own';
  /** Ids of the same check elsewhere. */
  readonly references: readonly string[];
  readonly guidance: string;
  judge(facts: RegistryFacts, context: JudgeContext): Outcome;
  explain(facts: RegistryFacts, context: JudgeContext, outcome: Outcome): Explanation;
  /** One az command that mends it. Names come from the facts. */
  remedy(facts: RegistryFacts): string;
}

export const isLastStage = (facts: RegistryFacts, { stages }: JudgeContext): boolean =>
  facts.stage === stages.at(-1);
export const isFirstStage = (facts: RegistryFacts, { stages }: JudgeContext): boolean =>
  facts.stage === stages[0];
export const isPremium = (facts: RegistryFacts): boolean => facts.sku?.toLowerCase() === 'premium';

/** Evidence of a property of the registry's own row. */
export const property = (
  facts: RegistryFacts,
  path: string,
  value: string | number | boolean | undefined,
): EvidenceItem => ({
  path,
  value: value === undefined ? 'absent' : String(value),
  source: 'Resource Graph, resources',
  asOf: facts.asOf,
});

/** Evidence from elsewhere: `source` names the table, the API or the policy. */
export const seen = (
  facts: RegistryFacts,
  source: string,
  path: string,
  value: string | number | boolean | undefined,
): EvidenceItem => ({ ...property(facts, path, value), source });
