// ACR-15: an approved private endpoint that no name leads to is not used: clients resolve the public address.
import type { DnsZoneGroup, RegistryFacts } from '../facts.ts';
import { seen } from '../rule.ts';
import { listText, partRule } from '../shapes.ts';
import { every, outcomeOf, type Truth } from '../truth.ts';

/** The private zone of a registry in each cloud. */
const zone = /privatelink\.azurecr\.(io|cn|us)$/i;

type Endpoint = NonNullable<RegistryFacts['privateEndpoints']>[number];

const approved = (facts: RegistryFacts): readonly Endpoint[] =>
  (facts.privateEndpoints ?? []).filter(({ status }) => status.toLowerCase() === 'approved');

/** The endpoint lies in somebody's network and has its own id; one whose id is not known may be named or not. */
function isNamed({ endpoint }: Endpoint, groups: readonly DnsZoneGroup[]): Truth {
  if (endpoint === undefined) return undefined;
  return groups.some(
    (group) =>
      group.privateEndpoint.toLowerCase() === endpoint.toLowerCase() &&
      group.zones.some((name) => zone.test(name)),
  );
}

export const dnsZones = partRule({
  id: 'ACR-15',
  title: 'Private endpoints have a private DNS zone',
  impact: 'Medium',
  source: 'ACR',
  references: ['Azure Policy DINE (private DNS zones for registries)'],
  guidance: 'Each approved private endpoint has a zone group with privatelink.azurecr.io.',
  what: 'the DNS zone groups',
  part: (facts) => facts.dnsZoneGroups,
  judge: (groups, facts) => {
    if (!facts.privateEndpoints) return 'unknown';
    if (approved(facts).length === 0) return 'notApplicable';
    return outcomeOf(every(approved(facts), isNamed, groups));
  },
  explain: (groups, facts, _context, outcome) => {
    const bad = approved(facts).filter((one) => isNamed(one, groups) !== true);
    return {
      reason:
        outcome === 'unknown'
          ? 'Which private endpoints there are, or where they lie, could not be read.'
          : outcome === 'notApplicable'
            ? 'No private endpoint is approved; ACR-10 speaks of it.'
            : bad.length > 0
              ? `Without a zone: ${listText(bad.map(({ id, endpoint = id }) => endpoint.split('/').at(-1) ?? endpoint))}.`
              : 'Each approved endpoint has its zone.',
      evidence: bad.map(({ id, endpoint = id }) => seen(facts, 'private DNS zone groups', endpoint, 'none')),
    };
  },
  remedy: () =>
    'az network private-endpoint dns-zone-group create --resource-group GROUP --endpoint-name ENDPOINT --name acr --private-dns-zone privatelink.azurecr.io --zone-name acr',
});
