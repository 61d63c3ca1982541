// ACR-24: the name obeys Azure's own rule; one that does not has been misread somewhere.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

const valid = /^[a-z0-9]{5,50}$/i;

export const validName = settingRule({
  id: 'ACR-24',
  title: 'The name is valid',
  impact: 'Low',
  source: 'ACR',
  references: ['PSRule Azure.ACR.Name'],
  guidance: 'Names of registries are 5 to 50 letters and digits.',
  read: (facts) => facts.name,
  judge: (name) => (valid.test(name) ? 'pass' : 'fail'),
  explain: (name, facts, _context, outcome) => ({
    reason: outcome === 'pass' ? 'It is.' : 'It is not 5 to 50 letters and digits.',
    evidence: [property(facts, 'name', name)],
  }),
  remedy: (facts) => `az acr check-name --name ${facts.name}`,
});
