// ACR-15: an approved private endpoint that no name leads to is not used: clients resolve the public address.
import type { DnsZoneGroup, RegistryFacts } from '../facts.ts';
import { seen } from '../rule.ts';
import { listText, partRule } from '../shapes.ts';

/** The private zone of a registry in each cloud. */
const zone = /privatelink\.azurecr\.(io|cn|us)$/i;

function unnamed(groups: readonly DnsZoneGroup[], facts: RegistryFacts): readonly string[] {
  return (facts.privateEndpoints ?? [])
    .filter((endpoint) => endpoint.status.toLowerCase() === 'approved')
    .map((endpoint) => endpoint.id.toLowerCase())
    .filter(
      (id) =>
        !groups.some(
          (group) =>
            group.privateEndpoint.toLowerCase() === id && group.zones.some((name) => zone.test(name)),
        ),
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
    if (!facts.privateEndpoints.some(({ status }) => status.toLowerCase() === 'approved'))
      return 'notApplicable';
    return unnamed(groups, facts).length === 0 ? 'pass' : 'fail';
  },
  explain: (groups, facts, _context, outcome) => {
    const bad = unnamed(groups, facts);
    return {
      reason:
        outcome === 'unknown'
          ? 'The row does not carry the private endpoints.'
          : outcome === 'notApplicable'
            ? 'No private endpoint is approved; ACR-10 speaks of it.'
            : bad.length > 0
              ? `Without a zone: ${listText(bad.map((id) => id.split('/').at(-1) ?? id))}.`
              : 'Each approved endpoint has its zone.',
      evidence: bad.map((id) => seen(facts, 'private DNS zone groups', id, 'none')),
    };
  },
  remedy: () =>
    'az network private-endpoint dns-zone-group create --resource-group GROUP --endpoint-name ENDPOINT --name acr --private-dns-zone privatelink.azurecr.io --zone-name acr',
});
