// The score: the weighted share of applicable rules that pass. Unknown is not a pass; what does not apply, conflicts or
// is waived leaves the sum. A number never hides a failing High rule: those are counted apart.
import type { Verdicts } from './judge.ts';
import { weightOf } from './outcome.ts';

export interface Score {
  /** 0 to 100, rounded; `undefined` if no rule applies. */
  readonly score: number | undefined;
  readonly failing: { readonly High: number; readonly Medium: number; readonly Low: number };
  readonly unknown: number;
  /** Weights: the score is their quotient. */
  readonly passed: number;
  readonly applicable: number;
}

/** Of the registries at `indexes` together (a registry, a stage, all). */
export function scoreOf(verdicts: Verdicts, indexes: Iterable<number>): Score {
  let passed = 0;
  let applicable = 0;
  let unknown = 0;
  const failing = { High: 0, Medium: 0, Low: 0 };
  for (const registry of indexes) {
    verdicts.rules.forEach((rule, i) => {
      const outcome = verdicts.outcome(registry, i);
      if (outcome === 'notApplicable' || outcome === 'conflict' || outcome === 'waived') return;
      const weight = weightOf[rule.impact];
      applicable += weight;
      if (outcome === 'pass') passed += weight;
      else if (outcome === 'fail') failing[rule.impact] += 1;
      else unknown += 1;
    });
  }
  return { score: percent(passed, applicable), failing, unknown, passed, applicable };
}

/** 0 to 100, rounded; `undefined` where nothing applies. */
export const percent = (passed: number, applicable: number): number | undefined =>
  applicable === 0 ? undefined : Math.round((100 * passed) / applicable);
