// ACR-10: a private endpoint that is Approved. Peers count any connection; one that is Pending or Rejected carries nothing.
import { property } from '../rule.ts';
import { settingRule } from '../shapes.ts';

const isApproved = ({ status }: { readonly status: string }): boolean => status.toLowerCase() === 'approved';

export const privateEndpoint = settingRule({
  id: 'ACR-10',
  title: 'A private endpoint is approved',
  impact: 'High',
  source: 'ACR',
  references: [
    'azqr cr-004',
    'prowler containerregistry_uses_private_link',
    'steampipe container_registry_uses_private_link',
    'Azure Policy e8eef0a8',
    'cloudsploit acrPrivateEndpoints',
  ],
  guidance: 'Clusters reach the registry through a private endpoint whose connection is Approved.',
  stages: 'later',
  premium: true,
  read: (facts) => facts.privateEndpoints,
  judge: (endpoints) => (endpoints.some(isApproved) ? 'pass' : 'fail'),
  explain: (endpoints, facts) => ({
    reason: endpoints.some(isApproved)
      ? `${endpoints.filter(isApproved).length} approved.`
      : endpoints.length === 0
        ? 'There is no private endpoint.'
        : `None is approved: ${endpoints.map((endpoint) => endpoint.status).join(', ')}.`,
    evidence: endpoints.map((endpoint) =>
      property(facts, `properties.privateEndpointConnections ${endpoint.id}`, endpoint.status),
    ),
  }),
  remedy: (facts) =>
    `az acr private-endpoint-connection approve --registry-name ${facts.name} --name CONNECTION`,
});
