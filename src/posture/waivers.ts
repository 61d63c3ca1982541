// Waivers: somebody took a risk until a date. A waiver is of one value: when what was waived changes, it no longer counts,
// and the finding is open again.
import { explain, type Verdicts } from './judge.ts';
import type { Finding, Outcome } from './outcome.ts';
import type { JudgeContext } from './rule.ts';

export interface Waiver {
  readonly rule: string;
  /** A registry's id (lower-cased), or a stage. */
  readonly scope: string;
  /** Milliseconds; the waiver has ended at this moment. */
  readonly until: number;
  readonly by: string;
  readonly why: string;
  /** `valueHash` of the finding when it was waived; of a stage, of each registry's finding that may stand. */
  readonly valueHash: string | readonly string[];
}

export type WaiverState = 'applies' | 'expired' | 'changed' | 'idle';

/** One waiver on one registry. `idle`: what it waives neither fails nor is unknown there. */
export interface WaiverUse {
  readonly waiver: Waiver;
  readonly registry: string;
  readonly state: WaiverState;
}

export interface Waived {
  readonly verdicts: Verdicts;
  readonly uses: readonly WaiverUse[];
}

type Hash = (text: string) => string;

/** The longest that a risk may be taken for, in milliseconds: 180 days. */
export const longestWaiver = 180 * 24 * 3_600_000;

/** Hash of what a finding rests on: outcome, paths and values, in any order, without times. */
export function valueHash(finding: Pick<Finding, 'outcome' | 'evidence'>, hash: Hash): string {
  const values = finding.evidence.map(({ path, value }) => JSON.stringify([path, value])).sort();
  return hash(JSON.stringify([finding.outcome, ...values]));
}

/** Verdicts as they stand after the waivers. Only what fails or is unknown can be waived. */
export function applyWaivers(
  verdicts: Verdicts,
  context: JudgeContext,
  waivers: readonly Waiver[],
  now: number,
  hash: Hash,
): Waived {
  const waived = new Map<number, Waiver>();
  const uses: WaiverUse[] = [];
  for (const waiver of waivers) {
    const rule = verdicts.rules.findIndex((each) => each.id === waiver.rule);
    if (rule < 0) continue;
    verdicts.registries.forEach((facts, registry) => {
      if (waiver.scope !== facts.id && waiver.scope !== facts.stage) return;
      const state = stateOf(verdicts, context, { waiver, registry, rule, now, hash });
      uses.push({ waiver, registry: facts.id, state });
      const at = registry * verdicts.rules.length + rule;
      const before = waived.get(at);
      if (state === 'applies' && (before?.until ?? 0) < waiver.until) waived.set(at, waiver);
    });
  }
  if (waived.size === 0) return { verdicts, uses };
  const waiverOf = (registry: number, rule: number) => waived.get(registry * verdicts.rules.length + rule);
  return {
    verdicts: {
      ...verdicts,
      outcome: (registry, rule): Outcome =>
        waiverOf(registry, rule) ? 'waived' : verdicts.outcome(registry, rule),
      underlying: (registry, rule) => verdicts.outcome(registry, rule),
      waiver: waiverOf,
    },
    uses,
  };
}

interface Case {
  readonly waiver: Waiver;
  readonly registry: number;
  readonly rule: number;
  readonly now: number;
  readonly hash: Hash;
}

function stateOf(verdicts: Verdicts, context: JudgeContext, one: Case): WaiverState {
  const outcome = verdicts.outcome(one.registry, one.rule);
  if (one.waiver.until <= one.now) return 'expired';
  if (outcome !== 'fail' && outcome !== 'unknown') return 'idle';
  const value = valueHash(explain(verdicts, one.registry, one.rule, context), one.hash);
  const hashes = one.waiver.valueHash;
  return (typeof hashes === 'string' ? hashes === value : hashes.includes(value)) ? 'applies' : 'changed';
}
