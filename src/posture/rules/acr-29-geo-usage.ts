// ACR-29: whether another replica can still be added.
import { seen } from '../rule.ts';
import { partRule } from '../shapes.ts';

export const geoUsage = partRule({
  id: 'ACR-29',
  title: 'Replicas are below their limit',
  impact: 'Low',
  source: 'ACR',
  references: ['Azure listUsages Geo-replications'],
  guidance: 'A registry at its limit of replicas cannot get one more when a region fails.',
  premium: true,
  what: 'the usages',
  part: (facts) => facts.usage,
  judge: ({ geoReplications: geo }) =>
    geo === undefined ? 'unknown' : geo.limit < 0 || geo.used < geo.limit ? 'pass' : 'fail',
  explain: ({ geoReplications: geo }, facts) => ({
    reason:
      geo === undefined
        ? 'The usages do not name replicas.'
        : `${geo.used} of ${geo.limit < 0 ? 'any number' : geo.limit}.`,
    evidence:
      geo === undefined ? [] : [seen(facts, 'listUsages', 'Geo-replications', `${geo.used} of ${geo.limit}`)],
  }),
  remedy: (facts) => `az acr show-usage --name ${facts.name}`,
});
