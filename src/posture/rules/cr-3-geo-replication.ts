// CR-3: geo-replication. The API lists the home region as a replica too, so only another region counts.
import type { RegistryFacts, Replication } from '../facts.ts';
import { isLastStage, isPremium, property, type Rule } from '../rule.ts';

const isHealthy = (facts: RegistryFacts, replica: Replication): boolean =>
  replica.location !== facts.location &&
  replica.provisioningState.toLowerCase() === 'succeeded' &&
  replica.regionEndpointEnabled !== false;

export const geoReplication: Rule = {
  id: 'CR-3',
  title: 'Geo-replication',
  impact: 'High',
  source: 'APRL',
  references: [
    'APRL CR-3 36ea6c09-ef6e-d743-9cfb-bd0c928a430b',
    'PSRule Azure.ACR.GeoReplica (AZR-000004)',
    'CKV_AZURE_165',
    'steampipe container_registry_geo_replication_enabled',
  ],
  guidance: 'A second region keeps production pulling when the home region is down.',
  judge: (facts, context) => {
    if (facts.sku === undefined) return 'unknown';
    if (!isPremium(facts)) return 'notApplicable';
    if (facts.stage !== undefined && !isLastStage(facts, context)) return 'notApplicable';
    if (!facts.replications.read) return 'unknown';
    return facts.replications.value.some((replica) => isHealthy(facts, replica)) ? 'pass' : 'fail';
  },
  explain: (facts, _context, outcome) => {
    const replicas = facts.replications.read ? facts.replications.value : [];
    const others = replicas.filter((replica) => replica.location !== facts.location);
    const reasons = {
      pass: `Replicated to ${others.map((replica) => replica.location).join(', ')}.`,
      fail:
        others.length === 0
          ? 'No replica outside the home region.'
          : 'No replica outside the home region is healthy and enabled.',
      unknown: facts.replications.read
        ? 'The row carries no tier.'
        : `The replicas could not be read: ${facts.replications.reason}.`,
      notApplicable: isPremium(facts)
        ? `Not needed on ${facts.stage}.`
        : `${facts.sku} has no geo-replication; CR-1 speaks of the tier.`,
      conflict: '',
      waived: '',
    };
    return {
      reason: reasons[outcome],
      evidence: [
        property(facts, 'location', facts.location),
        ...replicas.map((replica) =>
          property(
            facts,
            `replications/${replica.name}`,
            `${replica.location} ${replica.provisioningState}${replica.regionEndpointEnabled === false ? ', endpoint disabled' : ''}`,
          ),
        ),
      ],
    };
  },
  remedy: (facts) => `az acr replication create --registry ${facts.name} --location northeurope`,
};
