// ACR-12: a private endpoint in a stranger's subscription is a door into the stranger's network.
import type { RegistryFacts } from '../facts.ts';
import { type JudgeContext, property } from '../rule.ts';
import { settingRule } from '../shapes.ts';
import { outcomeOf, every, type Truth } from '../truth.ts';

/** Where no subscription is listed, the registry's own is the only one. */
function isAllowed(id: string | undefined, facts: RegistryFacts, { expected }: JudgeContext): Truth {
  const owner = /^\/subscriptions\/([^/]+)\//i.exec(id ?? '')?.[1]?.toLowerCase();
  if (owner === undefined) return undefined;
  if (owner === facts.subscription.toLowerCase()) return true;
  return expected?.allowedSubscriptions.some((allowed) => allowed.toLowerCase() === owner);
}

type Endpoint = NonNullable<RegistryFacts['privateEndpoints']>[number];

interface Look {
  readonly facts: RegistryFacts;
  readonly context: JudgeContext;
}
const good = ({ endpoint }: Endpoint, { facts, context }: Look): Truth => isAllowed(endpoint, facts, context);

export const endpointSubscriptions = settingRule({
  id: 'ACR-12',
  title: 'Private endpoints only from allowed subscriptions',
  impact: 'Medium',
  source: 'ACR',
  references: ['Azure Policy 696cb1d3'],
  guidance: 'Endpoints are in the registry’s own subscription or in one of posture.allowedSubscriptions.',
  read: (facts) => facts.privateEndpoints,
  judge: (endpoints, facts, context) =>
    endpoints.length === 0 ? 'notApplicable' : outcomeOf(every(endpoints, good, { facts, context })),
  explain: (endpoints, facts, context) => {
    const strange = endpoints.filter((endpoint) => isAllowed(endpoint.endpoint, facts, context) !== true);
    return {
      reason:
        endpoints.length === 0
          ? 'There is no private endpoint.'
          : strange.length === 0
            ? 'All are in allowed subscriptions.'
            : `${strange.length} of ${endpoints.length} are not, or not surely, in an allowed subscription.`,
      evidence: strange.map((endpoint) =>
        property(
          facts,
          'properties.privateEndpointConnections',
          endpoint.endpoint ?? `${endpoint.id}, endpoint unknown`,
        ),
      ),
    };
  },
  remedy: (facts) =>
    `az acr private-endpoint-connection reject --registry-name ${facts.name} --name CONNECTION`,
});
