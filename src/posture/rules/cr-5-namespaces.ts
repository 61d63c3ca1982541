// CR-5: repository namespaces. Needs the list of repositories, which Resource Graph does not have.
import { type Rule, unread } from '../rule.ts';

export const namespaces: Rule = {
  id: 'CR-5',
  title: 'Repository namespaces',
  impact: 'Low',
  source: 'APRL',
  references: ['APRL a5a0101a-a240-8742-90ba-81dbde9a0c0c (upstream now Medium)'],
  guidance:
    'Every repository starts with the namespace of a team or an application, so that rights and costs can follow.',
  judge: () => 'unknown',
  explain: () => unread('the list of repositories is the registry’s own, which this scan does not walk'),
  remedy: (facts) => `az acr repository list --name ${facts.name}`,
};
