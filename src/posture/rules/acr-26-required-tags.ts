// ACR-26: tags by which people find who owns a registry and who pays for it.
import type { RegistryFacts } from '../facts.ts';
import { type JudgeContext, property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

/** Names of tags have no case in Azure. */
const has = (facts: RegistryFacts, wanted: string): boolean => {
  for (const name in facts.tags) {
    if (name.toLowerCase() === wanted.toLowerCase()) return facts.tags[name] !== '';
  }
  return false;
};

const missing = (facts: RegistryFacts, { expected }: JudgeContext): readonly string[] =>
  expected?.requiredTags.filter((name) => !has(facts, name)) ?? [];

const hasNone = (facts: RegistryFacts): boolean => Object.keys(facts.tags).length === 0;

export const requiredTags = settingRule({
  id: 'ACR-26',
  title: 'Required tags',
  impact: 'Low',
  source: 'ACR',
  references: ['azqr cr-009', 'cloudsploit acrHasTags'],
  guidance:
    'The registry carries the tags of posture.requiredTags; where the policy names none, any tag at all.',
  read: (_facts, { expected }) => expected?.requiredTags,
  absent: 'There is no policy to compare with.',
  judge: (required, facts) => {
    if (required.length === 0) return hasNone(facts) ? 'fail' : 'pass';
    return required.every((name) => has(facts, name)) ? 'pass' : 'fail';
  },
  explain: (required, facts, context, outcome) => ({
    reason:
      outcome === 'pass'
        ? 'It carries them.'
        : required.length === 0
          ? 'It carries no tag at all.'
          : `Missing: ${missing(facts, context).join(', ')}.`,
    evidence: [property(facts, 'tags', Object.keys(facts.tags).sort().join(', ') || 'none')],
  }),
  remedy: (facts) => `az tag update --resource-id ${facts.id} --operation Merge --tags NAME=VALUE`,
});
