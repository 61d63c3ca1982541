// CR-4: pull performance. Needs the manifests of the tags in use, which Resource Graph does not have.
import { type Rule, unread } from '../rule.ts';

export const pullPerformance: Rule = {
  id: 'CR-4',
  title: 'Pull performance: image size and layers',
  impact: 'High',
  source: 'APRL',
  references: ['APRL CR-4 (dropped upstream in March 2024)'],
  guidance:
    'Tags in use have at most 10 layers and stay under the policy’s size limit; fewer, larger layers pull faster.',
  judge: () => 'unknown',
  explain: () => unread('sizes and layers stand in the manifests, which this scan does not walk'),
  remedy: (facts) =>
    `az acr manifest list-metadata --registry ${facts.name} --name REPOSITORY --orderby time_desc`,
};
