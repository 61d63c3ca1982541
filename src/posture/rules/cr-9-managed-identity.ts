// CR-9: managed identities instead of passwords. Upstream looks at the admin user alone; tokens that never end are the
// same thing, and clusters that cannot pull by their identity are what keeps the passwords alive.
import { holdersOf, principalCan } from '../access.ts';
import type { RegistryFacts } from '../facts.ts';
import type { EvidenceItem } from '../outcome.ts';
import { type ExpectedRegistry, type JudgeContext, property, seen } from '../rule.ts';
import { limited, listText, unreadText } from '../shapes.ts';
import { all, outcomeOf, type Truth } from '../truth.ts';

type Cluster = ExpectedRegistry['clusters'][number];

const isAdminOff = (facts: RegistryFacts): Truth =>
  facts.adminUserEnabled === undefined ? undefined : !facts.adminUserEnabled;

const endless = (facts: RegistryFacts): readonly string[] =>
  facts.tokens?.read
    ? facts.tokens.value
        .filter((token) => token.enabled && token.expiries.includes(undefined))
        .map((token) => token.name)
    : [];

const hasOnlyEndingTokens = (facts: RegistryFacts): Truth =>
  facts.tokens?.read ? endless(facts).length === 0 : undefined;

const clustersOf = (facts: RegistryFacts, { expected }: JudgeContext): readonly Cluster[] | undefined =>
  expected && (expected.registries.get(facts.id)?.clusters ?? []);

/** Every kubelet of the cluster may pull by role assignments. */
function pulls(facts: RegistryFacts, cluster: Cluster): Truth {
  const holders = holdersOf(facts);
  if (!holders || !cluster.kubelets || cluster.kubelets.length === 0) return undefined;
  return all(...cluster.kubelets.map((id) => principalCan(holders, id, (holder) => holder.reads)));
}

function doClustersPull(facts: RegistryFacts, context: JudgeContext): Truth {
  const clusters = clustersOf(facts, context);
  return clusters && all(...clusters.map((cluster) => pulls(facts, cluster)));
}

function bad(facts: RegistryFacts, context: JudgeContext): readonly string[] {
  const cut = (clustersOf(facts, context) ?? []).filter((cluster) => pulls(facts, cluster) === false);
  return [
    ...(facts.adminUserEnabled === true ? ['The admin user is on.'] : []),
    ...(endless(facts).length > 0 ? [`Tokens that never end: ${listText(endless(facts))}.`] : []),
    ...(cut.length > 0
      ? [`No managed identity pulls for ${listText(cut.map((cluster) => cluster.key))}.`]
      : []),
  ];
}

function unclear(facts: RegistryFacts, context: JudgeContext): readonly string[] {
  const clusters = clustersOf(facts, context);
  const dark = (clusters ?? []).filter((cluster) => pulls(facts, cluster) === undefined);
  return [
    ...(facts.adminUserEnabled === undefined ? ['The row does not say whether the admin user is on.'] : []),
    ...(facts.tokens?.read ? [] : [unreadText('the tokens', facts.tokens)]),
    ...(clusters ? [] : ['There is no policy that names clusters.']),
    ...(dark.length > 0
      ? [`It could not be read how ${listText(dark.map((cluster) => cluster.key))} pulls.`]
      : []),
  ];
}

const evidenceOf = (facts: RegistryFacts, context: JudgeContext): readonly EvidenceItem[] => [
  property(facts, 'properties.adminUserEnabled', facts.adminUserEnabled),
  ...endless(facts).map((name) => seen(facts, 'registry tokens', `tokens/${name}`, 'never ends')),
  ...(clustersOf(facts, context) ?? []).map((cluster) =>
    seen(
      facts,
      'Resource Graph, authorizationresources',
      `cluster ${cluster.key}`,
      { true: 'pulls by its identity', false: 'may not pull', undefined: 'unknown' }[
        `${pulls(facts, cluster)}`
      ],
    ),
  ),
];

export const managedIdentity = limited(
  {
    id: 'CR-9',
    title: 'Managed identities instead of passwords',
    impact: 'Medium',
    source: 'APRL',
    references: [
      'APRL CR-9 (dropped upstream in March 2024)',
      'CKV_AZURE_137',
      'azqr cr-008',
      'PSRule Azure.ACR.AdminUser',
      'Azure Policy dc921057',
      'prowler containerregistry_admin_user_disabled',
      'steampipe container_registry_admin_user_disabled',
      'cloudsploit acrAdminUser',
    ],
    guidance:
      'The admin user is off, no token is without an end, and the clusters that the policy names as readers pull by their own identity: shared secrets tell nobody who used them.',
    remedy: (facts) => `az acr update --name ${facts.name} --admin-enabled false`,
  },
  {},
  {
    judge: (facts, context) =>
      outcomeOf(all(isAdminOff(facts), hasOnlyEndingTokens(facts), doClustersPull(facts, context))),
    explain: (facts, context, outcome) => ({
      reason:
        outcome === 'pass'
          ? 'The admin user is off, every token ends, the clusters pull by their identities.'
          : [...bad(facts, context), ...(outcome === 'unknown' ? unclear(facts, context) : [])].join(' '),
      evidence: evidenceOf(facts, context),
    }),
  },
);
