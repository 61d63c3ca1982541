// TEN-03: what was deployed stays what it is. A locked tag whose manifest is not locked can still be deleted by digest.
import { tagRule } from '../content.ts';

export const lockedTags = tagRule({
  id: 'TEN-03',
  title: 'Deployed tags are locked',
  impact: 'High',
  source: 'TEN',
  references: ['tenancy seed TEN-03; no scanner checks it'],
  guidance:
    'Every tag of production is locked against writing and deleting: on the tag, on its manifest, on each platform and on everything that refers to it.',
  stages: 'last',
  good: (tag) => tag.locked,
  value: (tag) => `${tag.digest} not locked`,
  bad: 'not locked in full',
  fine: 'Every tag is locked, with its manifest, platforms and referrers.',
  remedy: (facts) =>
    `az acr repository update --name ${facts.name} --image REPOSITORY:TAG --write-enabled false --delete-enabled false`,
});
