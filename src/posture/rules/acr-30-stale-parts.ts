// ACR-30: things that were begun and never finished, or left when somebody went: each looks like protection or access
// and is neither.
import type { EvidenceItem } from '../outcome.ts';
import type { Part, RegistryFacts } from '../facts.ts';
import { property, seen } from '../rule.ts';
import { limited, listText, unreadText } from '../shapes.ts';

/** Azure keeps an assignment whose principal was deleted; its type is then unknown. */
const isDead = ({ principalType }: { readonly principalType: string }): boolean =>
  /^unknown$/i.test(principalType);

function stale(facts: RegistryFacts): readonly EvidenceItem[] {
  const values = <T>(part: Part<readonly T[]> | undefined): readonly T[] => (part?.read ? part.value : []);
  return [
    ...(facts.privateEndpoints ?? [])
      .filter((endpoint) => endpoint.status.toLowerCase() !== 'approved')
      .map((endpoint) => property(facts, `private endpoint ${endpoint.id}`, endpoint.status)),
    ...values(facts.replications)
      .filter((replica) => !isReady(replica))
      .map((replica) =>
        property(
          facts,
          `replications/${replica.name}`,
          `${replica.provisioningState}${replica.regionEndpointEnabled === false ? ', endpoint disabled' : ''}`,
        ),
      ),
    ...values(facts.connected)
      .filter(isOffline)
      .map((one) => seen(facts, 'connected registries', `connectedRegistries/${one.name}`, one.state)),
    ...values(facts.grants)
      .filter(isDead)
      .map((grant) =>
        seen(facts, 'Resource Graph, authorizationresources', grant.id, `${grant.role} of nobody`),
      ),
  ];
}

const isReady = (replica: { readonly provisioningState: string; readonly regionEndpointEnabled?: boolean }) =>
  replica.provisioningState.toLowerCase() === 'succeeded' && replica.regionEndpointEnabled !== false;

const isOffline = (one: { readonly state: string }): boolean => one.state.toLowerCase() === 'offline';

/** Without lists of evidence: this runs for every registry. */
const hasStale = (facts: RegistryFacts): boolean =>
  facts.privateEndpoints?.some((endpoint) => endpoint.status.toLowerCase() !== 'approved') === true ||
  (facts.replications.read && facts.replications.value.some((replica) => !isReady(replica))) ||
  (facts.connected?.read === true && facts.connected.value.some(isOffline)) ||
  (facts.grants?.read === true && facts.grants.value.some(isDead));

function unreadParts(facts: RegistryFacts): readonly string[] {
  const parts: readonly (readonly [string, Part<unknown> | undefined])[] = [
    ['the replicas', facts.replications],
    ['the connected registries', facts.connected],
    ['the role assignments', facts.grants],
  ];
  return [
    ...(facts.privateEndpoints ? [] : ['The row does not carry the private endpoints.']),
    ...parts.filter(([, part]) => !part?.read).map(([what, part]) => unreadText(what, part)),
  ];
}

export const staleParts = limited(
  {
    id: 'ACR-30',
    title: 'No stale parts',
    impact: 'Low',
    source: 'ACR',
    references: ['azqr cr-004 (counts any state)'],
    guidance:
      'Remove private endpoints that are pending or rejected, replicas that are not ready or whose endpoint is disabled, connected registries that are offline, and role assignments of deleted principals.',
    remedy: (facts) =>
      `az acr private-endpoint-connection delete --registry-name ${facts.name} --name CONNECTION`,
  },
  {},
  {
    judge: (facts) => {
      if (hasStale(facts)) return 'fail';
      const isRead =
        facts.privateEndpoints && facts.replications.read && facts.connected?.read && facts.grants?.read;
      return isRead ? 'pass' : 'unknown';
    },
    explain: (facts, _context, outcome) => {
      const found = stale(facts);
      return {
        reason:
          found.length > 0
            ? `${found.length} left behind: ${listText(found.map((item) => `${item.path.split('/').at(-1)} (${item.value})`))}.`
            : outcome === 'unknown'
              ? unreadParts(facts).join(' ')
              : 'Nothing is left behind.',
        evidence: found,
      };
    },
  },
);
