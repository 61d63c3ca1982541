// ACR-25: the organisation's own convention. The policy checked that its expression compiles.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

const compiled = new Map<string, RegExp>();

function expression(text: string): RegExp {
  const before = compiled.get(text);
  if (before) return before;
  const made = new RegExp(text);
  compiled.set(text, made);
  return made;
}

export const naming = settingRule({
  id: 'ACR-25',
  title: 'The name follows the convention',
  impact: 'Low',
  source: 'ACR',
  references: ['PSRule Azure.ACR.Naming', 'azqr resources-002'],
  guidance: 'The name matches posture.naming of the policy.',
  read: (_facts, { expected }) => expected && { pattern: expected.naming },
  absent: 'There is no policy to compare with.',
  judge: ({ pattern }, facts) =>
    pattern === undefined ? 'notApplicable' : expression(pattern).test(facts.name) ? 'pass' : 'fail',
  explain: ({ pattern }, facts, _context, outcome) => ({
    reason:
      outcome === 'notApplicable'
        ? 'The policy names no convention.'
        : `${facts.name} ${outcome === 'pass' ? 'matches' : 'does not match'} ${pattern}`,
    evidence: [property(facts, 'name', facts.name)],
  }),
  remedy: (facts) => `az acr check-name --name ${facts.name}`,
});
