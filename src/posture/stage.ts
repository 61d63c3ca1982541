// Which stage a registry is of: the policy's list says it, else its tags, else a pattern of its name. A registry of
// which nobody says it has none, and that is shown.
import type { RegistryFacts } from './facts.ts';

export interface StageRules {
  readonly stages: readonly string[];
  readonly registries: Readonly<
    Record<string, { readonly id: string; readonly stage: string; readonly team?: string }>
  >;
  readonly patterns: Readonly<Record<string, string>>;
  matches(pattern: string, text: string): boolean;
}

/** The facts with stage and team filled in. Tags and patterns count only if they name a stage of the policy. */
export function withStage(facts: RegistryFacts, rules: StageRules): RegistryFacts {
  const listed = Object.values(rules.registries).find((registry) => registry.id.toLowerCase() === facts.id);
  if (listed)
    return {
      ...facts,
      stage: listed.stage,
      stageSource: 'policy',
      ...(listed.team && { team: listed.team }),
    };
  const tagged = tagStage(facts.tags, rules.stages);
  if (tagged) return { ...facts, stage: tagged, stageSource: 'tag' };
  const named = Object.entries(rules.patterns).find(([, pattern]) => rules.matches(pattern, facts.name))?.[0];
  if (named && rules.stages.includes(named)) return { ...facts, stage: named, stageSource: 'name' };
  return { ...facts, stageSource: 'none' };
}

/** Tags that say the stage, lower-cased. The first counts before the second, in whatever order Azure lists them. */
export const stageTags: readonly string[] = ['stage', 'environment'];

function tagStage(tags: Readonly<Record<string, string>>, stages: readonly string[]): string | undefined {
  const entries = Object.entries(tags);
  for (const name of stageTags) {
    const value = entries.find(([key]) => key.toLowerCase() === name)?.[1].toLowerCase();
    const stage = stages.find((each) => each.toLowerCase() === value);
    if (stage !== undefined) return stage;
  }
  return undefined;
}
