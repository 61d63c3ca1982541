// Judges an estate: first only verdicts (one byte a rule and registry), then explanations for what is shown.
import { rules as allRules } from './catalogue.ts';
import type { RegistryFacts } from './facts.ts';
import { type Finding, type Outcome, outcomes, type WaivedBy } from './outcome.ts';
import type { JudgeContext, Rule } from './rule.ts';

export interface Verdicts {
  readonly registries: readonly RegistryFacts[];
  readonly rules: readonly Rule[];
  outcome(registry: number, rule: number): Outcome;
  /** Where there are waivers: the outcome without them, and the one that applies. */
  underlying?(registry: number, rule: number): Outcome;
  waiver?(registry: number, rule: number): WaivedBy | undefined;
}

/** Index of each outcome in `outcomes`, so that a verdict fits a byte. */
const codeOf = Object.fromEntries(outcomes.map((outcome, i) => [outcome, i])) as Readonly<
  Record<Outcome, number>
>;

/** Every rule over every registry. Linear, and one array for all verdicts. */
export function judge(
  registries: readonly RegistryFacts[],
  context: JudgeContext,
  rules: readonly Rule[] = allRules,
): Verdicts {
  const codes = new Uint8Array(registries.length * rules.length);
  let at = 0;
  for (const facts of registries) {
    for (const rule of rules) codes[at++] = codeOf[rule.judge(facts, context)];
  }
  return {
    registries,
    rules,
    outcome: (registry, rule) =>
      outcomes[codes[registry * rules.length + rule] ?? codeOf.unknown] ?? 'unknown',
  };
}

/** The finding of one rule on one registry, with its reason and evidence. */
export function explain(verdicts: Verdicts, registry: number, rule: number, context: JudgeContext): Finding {
  const facts = verdicts.registries[registry];
  const which = verdicts.rules[rule];
  if (!facts || !which) throw new RangeError(`no verdict for registry ${registry}, rule ${rule}`);
  const outcome = verdicts.outcome(registry, rule);
  const finding = {
    registry: facts.name,
    rule: which.id,
    outcome,
    impact: which.impact,
    ...which.explain(facts, context, verdicts.underlying?.(registry, rule) ?? outcome),
  };
  const waiver = verdicts.waiver?.(registry, rule);
  if (!waiver) return finding;
  const { until, by, why } = waiver;
  return { ...finding, reason: `Waived by ${by}: ${why} (${finding.reason})`, waived: { until, by, why } };
}

/** All findings of one registry, in the order of the catalogue. */
export const findingsOf = (verdicts: Verdicts, registry: number, context: JudgeContext): readonly Finding[] =>
  verdicts.rules.map((_, rule) => explain(verdicts, registry, rule, context));
