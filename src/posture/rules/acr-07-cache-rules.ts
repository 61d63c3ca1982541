// ACR-07: images that come by a cache rule come past every approval, so production has none; elsewhere they are pulled
// with a name, because anonymous pulls are throttled and untraceable.
import type { CacheRule, RegistryFacts } from '../facts.ts';
import { isLastStage, type JudgeContext, seen } from '../rule.ts';
import { listText, partRule } from '../shapes.ts';

const isBad = (rule: CacheRule, facts: RegistryFacts, context: JudgeContext): boolean =>
  !rule.hasCredentials || isLastStage(facts, context);

export const cacheRules = partRule({
  id: 'ACR-07',
  title: 'Cache rules: none in production, with credentials elsewhere',
  impact: 'Medium',
  source: 'ACR',
  references: ['Azure Policy 84497762'],
  guidance:
    'Base images reach production by a mirror of the policy, which approves and locks them; a cache rule does neither.',
  what: 'the cache rules',
  part: (facts) => facts.cacheRules,
  judge: (rules, facts, context) => {
    if (rules.length === 0) return 'pass';
    if (rules.some((rule) => isBad(rule, facts, context))) return 'fail';
    return facts.stage === undefined ? 'unknown' : 'pass';
  },
  explain: (rules, facts, context, outcome) => {
    const bad = rules.filter((rule) => isBad(rule, facts, context));
    const sources = listText(bad.map((rule) => rule.source));
    return {
      reason:
        rules.length === 0
          ? 'There are no cache rules.'
          : outcome === 'unknown'
            ? 'The stage is unknown, so it is unknown whether cache rules may be there.'
            : bad.length === 0
              ? 'Every cache rule has credentials.'
              : isLastStage(facts, context)
                ? `Images come in without approval from ${sources}.`
                : `Pulled without a name: ${sources}.`,
      evidence: rules.map((rule) =>
        seen(
          facts,
          'cache rules',
          `cacheRules/${rule.name}`,
          `${rule.source}, ${rule.hasCredentials ? 'with' : 'without'} credentials`,
        ),
      ),
    };
  },
  remedy: (facts) => `az acr cache delete --registry ${facts.name} --name RULE`,
});
