// ACR-28: zones of each replica, shown one by one; CR-2 judges them. The legacy field of a replica says nothing.
import { hasZones } from '../regions.ts';
import { property } from '../rule.ts';
import { partRule } from '../shapes.ts';

const word = (region: string): string => {
  const zones = hasZones(region);
  return zones === undefined ? 'unknown' : zones ? 'with zones' : 'without zones';
};

export const replicaZones = partRule({
  id: 'ACR-28',
  title: 'Zones of each replica (information)',
  impact: 'Low',
  source: 'ACR',
  references: ['CKV_AZURE_233 (replicas)'],
  guidance:
    'Choose regions with availability zones for replicas; CR-2 judges the registry and its replicas together.',
  what: 'the replicas',
  part: (facts) => facts.replications,
  judge: () => 'notApplicable',
  explain: (replicas, facts) => ({
    reason: `For information: ${replicas.map((replica) => `${replica.location} ${word(replica.location)}`).join(', ') || 'there are no replicas'}.`,
    evidence: replicas.map((replica) =>
      property(facts, `replications/${replica.name}`, `${replica.location}, ${word(replica.location)}`),
    ),
  }),
  remedy: (facts) => `az acr replication list --registry ${facts.name}`,
});
