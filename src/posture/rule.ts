// What a posture rule is. A rule is one file under rules/ and one line in the catalogue: a pure function over the facts
// of one registry. It judges fast and without objects; reasons and evidence are made for the findings that are shown.
import type { RegistryFacts } from './facts.ts';
import type { EvidenceItem, Impact, Outcome } from './outcome.ts';

/** What rules need to know beyond the registry. Stages are in the order of promotion. */
export interface JudgeContext {
  readonly stages: readonly string[];
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
  /** Whose recommendation it is. */
  readonly source: 'APRL' | 'ACR' | 'TEN';
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

/** The explanation of a rule whose measurement is not read from Resource Graph rows. */
export const unread = (what: string): Explanation => ({ reason: `Not read: ${what}.`, evidence: [] });
