// What the policy, the scan and the ledger together expect of each registry: who may write to it, who may read it, what it
// is for. Policies name identities by client id and clusters by resource id; role assignments know object ids.
import { matchesGlob } from '../policy/glob.ts';
import type { Policy, PolicyRegistry } from '../policy/policy.ts';
import type { RegistryFacts, Scan } from '../posture/facts.ts';
import type { Expectations, ExpectedRegistry, OwnIdentity } from '../posture/rule.ts';
import type { Request } from '../promotion/request.ts';

/** `registries` with their stages. `promoted`: requests that ended so; absent where the ledger was not asked. */
export interface Known {
  readonly policy: Policy;
  readonly scan: Scan;
  readonly registries: readonly RegistryFacts[];
  readonly now: number;
  readonly promoted?: readonly Request[];
}

export function expectationsOf(known: Known): Expectations {
  const { policy } = known;
  const { posture } = policy;
  const resolve = resolver(known.scan);
  return {
    now: known.now,
    namespaces: posture.namespaces,
    requiredTags: posture.requiredTags,
    ...(posture.naming !== undefined && { naming: posture.naming }),
    allowedRegions: posture.allowedRegions,
    allowedSubscriptions: posture.allowedSubscriptions,
    inUseTags: posture.inUseTags,
    maxImageSize: posture.maxImageSize,
    scanMaxAge: posture.scanMaxAge,
    requiredLabels: posture.requiredLabels,
    registries: new Map(
      Object.entries(policy.registries).map(([key, registry]) => [
        registry.id.toLowerCase(),
        expectedOf(known, key, registry, resolve),
      ]),
    ),
    teams: teamsOf(policy),
    estate: known.registries,
    productionRepositories: policy.repositories.map((entry) => entry.match),
    ciRepositories: policy.repositories.filter((entry) => entry.origin === 'ci').map((entry) => entry.match),
    mirrors: policy.mirrors.map((mirror) => ({
      name: mirror.name,
      from: mirror.from,
      repositories: mirror.repositories,
      toStage: mirror.to.stage,
      maxAge: longestWait(mirror.schedule),
    })),
    ...(known.promoted && { promoted: promotedTags(policy, known.promoted) }),
    matches: matchesGlob,
  };
}

/** Groups that have a registry or own repositories that are built by a team; `origin: ci` ones are not. */
const teamsOf = (policy: Policy): readonly string[] => [
  ...new Set([
    ...Object.values(policy.registries).flatMap((registry) => registry.team ?? []),
    ...policy.repositories.filter((entry) => entry.origin !== 'ci').flatMap((entry) => entry.owners),
  ]),
];

type Resolve = (clientId: string) => string | undefined;

function resolver({ identities }: Scan): Resolve {
  const known = new Map(
    identities?.read ? identities.value.map((each) => [each.clientId, each.objectId] as const) : [],
  );
  return (clientId) => known.get(clientId.toLowerCase());
}

function expectedOf(
  { policy, scan }: Known,
  key: string,
  registry: PolicyRegistry,
  resolve: Resolve,
): ExpectedRegistry {
  const own = identitiesAt(policy, registry.stage, resolve);
  const clusters = clustersAt(policy, scan, registry);
  const self = scan.self?.read ? [scan.self.value] : [];
  const objectIds = (wanted: (identity: OwnIdentity) => boolean) =>
    own.filter(wanted).flatMap((identity) => identity.objectId ?? []);
  const writers = [
    ...registry.writers.map((id) => id.toLowerCase()),
    ...objectIds((identity) => identity.needs !== 'read'),
  ];
  return {
    key,
    stage: registry.stage,
    ...(registry.team !== undefined && { team: registry.team }),
    writers: [...new Set(writers)],
    readers: [
      ...new Set([
        ...writers,
        ...objectIds(() => true),
        ...registry.readers.filter((name) => !(name in policy.clusters)).map((id) => id.toLowerCase()),
        ...clusters.flatMap((cluster) => cluster.kubelets ?? []),
        ...self,
      ]),
    ],
    unresolved: [
      ...new Set(own.filter((identity) => identity.objectId === undefined).map(({ clientId }) => clientId)),
    ],
    isSelfKnown: scan.self?.read === true,
    clusters,
    own,
    teamPrincipals: teamPrincipals(policy, registry.team),
    feedsMirror: policy.mirrors.some((mirror) => mirror.from === registry.stage),
  };
}

/** Identities of edges and mirrors that come into the stage or go out of it. */
function identitiesAt(policy: Policy, stage: string, resolve: Resolve): readonly OwnIdentity[] {
  const ways = [
    ...policy.edges.map((edge) => ({ ...edge, what: `edge ${edge.name}`, to: edge.to })),
    ...policy.mirrors.map((mirror) => ({
      ...mirror,
      what: `mirror ${mirror.name}`,
      to: mirror.to.stage,
      lock: false,
    })),
  ];
  return ways
    .filter((way) => way.from === stage || way.to === stage)
    .map((way) => {
      const objectId = resolve(way.identity);
      return {
        name: way.what,
        clientId: way.identity.toLowerCase(),
        ...(objectId !== undefined && { objectId }),
        needs: way.to !== stage ? 'read' : way.lock ? 'import-and-lock' : 'import',
      };
    });
}

function clustersAt(
  policy: Policy,
  { clusters }: Scan,
  registry: PolicyRegistry,
): ExpectedRegistry['clusters'] {
  return registry.readers.flatMap((key) => {
    const id = policy.clusters[key]?.id.toLowerCase();
    if (id === undefined) return [];
    const kubelets = clusters?.read ? clusters.value.find((each) => each.id === id)?.kubelets : undefined;
    return [{ key, ...(kubelets && { kubelets }) }];
  });
}

/** The team's Entra group, else the accounts of its members. */
function teamPrincipals(policy: Policy, team: string | undefined): readonly string[] {
  const group = team === undefined ? undefined : policy.groups[team];
  if (!group) return [];
  if (group.entraGroup) return [group.entraGroup.toLowerCase()];
  return group.members.flatMap((member) => policy.people[member]?.entra?.objectId.toLowerCase() ?? []);
}

/** `registry id/repository:tag` -> the digest that was promoted last, and each `...@digest` to itself. */
function promotedTags(policy: Policy, requests: readonly Request[]): ReadonlyMap<string, string> {
  const oldestFirst = [...requests].sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  return new Map(
    oldestFirst.flatMap((request): readonly (readonly [string, string])[] => {
      const { subject, evidence } = request;
      if (request.state !== 'promoted' || subject.kind !== 'promotion' || !evidence) return [];
      const id = policy.registries[subject.target]?.id.toLowerCase();
      if (id === undefined) return [];
      const { digest } = evidence;
      const repository = `${id}/${subject.repository}`;
      return [
        [`${repository}:${subject.tag}`, digest],
        [`${repository}@${digest}`, digest],
      ];
    }),
  );
}

const hour = 3_600_000;

/**
 * The longest a schedule may leave between two runs, with an hour for the run itself, in milliseconds: by the first of the
 * five cron fields from the right that narrows it.
 */
export function longestWait(cron: string): number {
  const [, hours = '*', day = '*', month = '*', weekday = '*'] = cron.trim().split(/\s+/);
  const days = month !== '*' ? 366 : day !== '*' ? 31 : weekday !== '*' ? 7 : hours !== '*' ? 1 : 0;
  return days * 24 * hour + (days === 0 ? 2 : 1) * hour;
}
