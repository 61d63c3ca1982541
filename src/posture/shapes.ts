// The recurring shapes of rules: a setting that must have a value, a part of the facts that must be read. What they
// share is here once: which stages and tiers a rule speaks of, and that the unread is unknown.
import type { Part, RegistryFacts } from './facts.ts';
import type { Outcome } from './outcome.ts';
import {
  type Explanation,
  isFirstStage,
  isLastStage,
  isPremium,
  type JudgeContext,
  type Rule,
} from './rule.ts';

type About = Pick<Rule, 'id' | 'title' | 'impact' | 'source' | 'references' | 'guidance' | 'remedy'>;

/** Absent limits mean: every stage, every tier. */
export interface Limits {
  /** `last`: production only. `later`: not where people develop. An unknown stage never fails, nor is it let off. */
  readonly stages?: 'last' | 'later';
  /** The feature exists on Premium only; CR-1 speaks of the tier. */
  readonly premium?: true;
}

interface Core {
  judge(facts: RegistryFacts, context: JudgeContext): Outcome;
  explain(facts: RegistryFacts, context: JudgeContext, outcome: Outcome): Explanation;
}

const hasStage = (facts: RegistryFacts, { stages }: JudgeContext): boolean =>
  facts.stage !== undefined && stages.includes(facts.stage);

/** Whether the rule does not speak of this registry at all. A lone stage is the last one. */
function isBeside(limits: Limits, facts: RegistryFacts, context: JudgeContext): boolean {
  if (limits.premium && facts.sku !== undefined && !isPremium(facts)) return true;
  if (!limits.stages || !hasStage(facts, context) || isLastStage(facts, context)) return false;
  return limits.stages === 'last' || isFirstStage(facts, context);
}

/** A rule within limits. */
export function limited(about: About, limits: Limits, core: Core): Rule {
  const isBlind = (facts: RegistryFacts, context: JudgeContext) =>
    limits.stages !== undefined && !hasStage(facts, context);
  return {
    ...about,
    judge: (facts, context) => {
      if (isBeside(limits, facts, context)) return 'notApplicable';
      const outcome = core.judge(facts, context);
      return outcome === 'fail' && isBlind(facts, context) ? 'unknown' : outcome;
    },
    explain: (facts, context, outcome) => {
      if (isBeside(limits, facts, context)) return { reason: besideText(limits, facts), evidence: [] };
      const isSpared =
        outcome === 'unknown' && isBlind(facts, context) && core.judge(facts, context) === 'fail';
      const explanation = core.explain(facts, context, isSpared ? 'fail' : outcome);
      return isSpared
        ? { ...explanation, reason: `The stage is unknown; where it is asked for: ${explanation.reason}` }
        : explanation;
    },
  };
}

const besideText = (limits: Limits, facts: RegistryFacts): string =>
  limits.premium && facts.sku !== undefined && !isPremium(facts)
    ? `${facts.sku} does not have it; CR-1 speaks of the tier.`
    : `Not asked of ${facts.stage ?? 'this stage'}.`;

export interface Setting<T> extends About, Limits {
  /** The value; absent is unknown. */
  read(facts: RegistryFacts, context: JudgeContext): T | undefined;
  judge(value: T, facts: RegistryFacts, context: JudgeContext): Outcome;
  explain(value: T, facts: RegistryFacts, context: JudgeContext, outcome: Outcome): Explanation;
  /** Said where the value is absent. */
  readonly absent?: string;
}

/** A rule over a value of the registry's own row or of the policy. */
export const settingRule = <T>(setting: Setting<T>): Rule =>
  limited(aboutOf(setting), setting, {
    judge: (facts, context) => {
      const value = setting.read(facts, context);
      return value === undefined ? 'unknown' : setting.judge(value, facts, context);
    },
    explain: (facts, context, outcome) => {
      const value = setting.read(facts, context);
      return value === undefined
        ? { reason: setting.absent ?? 'The row does not say.', evidence: [] }
        : setting.explain(value, facts, context, outcome);
    },
  });

export interface PartCheck<T> extends About, Limits {
  /** In words, for example `the tokens`. */
  readonly what: string;
  part(facts: RegistryFacts): Part<T> | undefined;
  judge(value: T, facts: RegistryFacts, context: JudgeContext): Outcome;
  explain(value: T, facts: RegistryFacts, context: JudgeContext, outcome: Outcome): Explanation;
}

/** A rule over a part of the facts that is read apart and can be missing. */
export const partRule = <T>(check: PartCheck<T>): Rule =>
  limited(aboutOf(check), check, {
    judge: (facts, context) => {
      const part = check.part(facts);
      return part?.read ? check.judge(part.value, facts, context) : 'unknown';
    },
    explain: (facts, context, outcome) => {
      const part = check.part(facts);
      return part?.read
        ? check.explain(part.value, facts, context, outcome)
        : { reason: unreadText(check.what, part), evidence: [] };
    },
  });

/** Why a part is unknown. */
export const unreadText = (what: string, part: Part<unknown> | undefined): string =>
  part && !part.read ? `Could not read ${what}: ${part.reason}.` : `Not read: ${what}.`;

const aboutOf = ({ id, title, impact, source, references, guidance, remedy }: About): About => ({
  id,
  title,
  impact,
  source,
  references,
  guidance,
  remedy,
});

/** `1 tag`, `3 tags`. */
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** `a, b, c and 4 more`. */
export function listText(names: readonly string[], shown = 3): string {
  const rest = names.length - shown;
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${rest} more` : names.join(', ');
}
