// CR-2: zone redundancy. Azure gives it in every region that has zones, on every tier, so the region decides; the
// legacy field may still say Disabled there, and peers that test it raise false alarms.
import type { RegistryFacts } from '../facts.ts';
import { hasZones } from '../regions.ts';
import { property, type Rule } from '../rule.ts';

const regionsOf = (facts: RegistryFacts): readonly string[] => [
  facts.location,
  ...(facts.replications.read ? facts.replications.value.map((replication) => replication.location) : []),
];

export const zoneRedundancy: Rule = {
  id: 'CR-2',
  title: 'Zone redundancy',
  impact: 'High',
  source: 'APRL',
  references: [
    'APRL CR-2 63491f70-22e4-3b4a-8b0c-845450e46fac (upstream now Medium)',
    'CKV_AZURE_233',
    'Azure Policy 9d2b0a20',
  ],
  guidance: 'Keep the registry and each of its replicas in regions that have availability zones.',
  judge: (facts) => {
    const zones = regionsOf(facts).map(hasZones);
    if (zones.includes(false)) return 'fail';
    return zones.includes(undefined) || !facts.replications.read ? 'unknown' : 'pass';
  },
  explain: (facts, _context, outcome) => {
    const regions = regionsOf(facts);
    const bad = regions.filter((region) => hasZones(region) === false);
    const strange = regions.filter((region) => hasZones(region) === undefined);
    const reason =
      outcome === 'fail'
        ? `Without zones: ${bad.join(', ')}.`
        : outcome === 'unknown'
          ? facts.replications.read
            ? `It is not known whether these regions have zones: ${strange.join(', ')}.`
            : `The replicas could not be read: ${facts.replications.reason}.`
          : `All regions have zones: ${regions.join(', ')}.`;
    return {
      reason,
      evidence: [
        property(facts, 'location', facts.location),
        {
          ...property(facts, 'properties.zoneRedundancy', facts.zoneRedundancy),
          source: 'legacy field, information only',
        },
      ],
    };
  },
  remedy: (facts) => `az acr replication create --registry ${facts.name} --location westeurope`,
};
