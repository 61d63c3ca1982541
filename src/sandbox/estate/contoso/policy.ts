// The policy of the sandbox: the sample organisation's rules in the format of a real policy file, with comments that
// explain them, to be printed, edited and given back.
import { channels, people, slackTeam, tenantId } from '../../cast.ts';
import type { Estate } from '../schema.ts';
import { at, registryType } from '../../azure/tables.ts';
import { clusterId, type ClusterName, type IdentityName, registryId, type RegistryName } from './places.ts';

const stages: readonly string[] = ['dev', 'staging', 'uat', 'prod'];

/**
 * The YAML text for an estate: the bundled one's registries as they are known, others by their tag `stage`. `trusted`: PEM
 * file of the authority whose signatures count.
 */
export function policyFor(estate: Estate, trusted?: string): string {
  return [
    head(),
    peopleAndGroups(),
    registries(estate),
    rules(),
    edges(estate, trusted === undefined ? [] : [trusted]),
    tail(),
  ].join('\n');
}

function head(): string {
  return `# The policy of the sandbox. Save it, edit it, and start with ACR_WARDEN_POLICY=FILE.
apiVersion: acr-warden/v1
organisation: contoso
timezone: Europe/Berlin
`;
}

function peopleAndGroups(): string {
  const mapped = people.filter((person) => person.role !== 'outsider');
  const lines = mapped.map(
    (person) =>
      `  ${person.role}: { entra: "${tenantId}/${person.objectId}", slack: "${slackTeam.id}/${person.slack}" } # ${person.name}`,
  );
  return `people:
${lines.join('\n')}
groups:
  shop-team: { members: [developer] }
  pay-team: { members: [developer] }
  data-team: { members: [developer] }
  core-team: { members: [platform-admin] }
  release: { members: [release-approver, platform-admin] }
  security: { members: [security-approver] }
  platform: { members: [platform-admin] }
  incident-leads: { members: [release-approver, platform-admin] }
`;
}

interface PolicyRegistry {
  readonly key: string;
  readonly name: RegistryName;
  readonly rest: string;
  readonly readers?: ClusterName;
  readonly writers?: readonly IdentityName[];
}

const known: readonly PolicyRegistry[] = [
  { key: 'dev-shop', name: 'devshop', rest: 'stage: dev, team: shop-team' },
  { key: 'dev-pay', name: 'devpay', rest: 'stage: dev, team: pay-team' },
  { key: 'dev-data', name: 'devdata', rest: 'stage: dev, team: data-team' },
  { key: 'dev-core', name: 'devcore', rest: 'stage: dev, team: core-team' },
  { key: 'staging', name: 'contosostaging', rest: 'stage: staging' },
  { key: 'uat', name: 'contosouat', rest: 'stage: uat', readers: 'aks-uat' },
  {
    key: 'prod',
    name: 'contosoprod',
    rest: 'stage: prod',
    readers: 'aks-prod',
    writers: ['ci-base', 'mirror-base'],
  },
  { key: 'prod-us', name: 'contosoprodus', rest: 'stage: prod', readers: 'aks-prod-us' },
];

function registries(estate: Estate): string {
  const ids = new Set((estate.tables['resources'] ?? []).map((row) => String(row['id']).toLowerCase()));
  const own = known.filter((one) => ids.has(registryId(one.name).toLowerCase()));
  const lines = [...own.map((one) => registryLine(estate, one)), ...foreignLines(estate)];
  const clusterNames = own.flatMap((one) => one.readers ?? []);
  const clusterLines = clusterNames.map((name) => `  ${name}: { id: ${clusterId(name)} }`);
  // A key without a value would be no record, and an estate may be empty.
  const about = '# one without a tag stage is left out: nobody knows its stage, and that is a finding';
  return `${lines.length === 0 ? 'registries: {}' : `registries: ${about}\n${lines.join('\n')}`}
${clusterLines.length === 0 ? 'clusters: {}' : `clusters:\n${clusterLines.join('\n')}`}
channels: { security: ${both('security')}, admins: ${both('platform')} }
`;
}

function registryLine(estate: Estate, one: PolicyRegistry): string {
  const writers = one.writers?.map((name) => `"${found(estate, name).objectId}"`);
  const more = [
    ...(writers === undefined ? [] : [`writers: [${writers.join(', ')}]`]),
    ...(one.readers === undefined ? [] : [`readers: [${one.readers}]`]),
  ];
  return `  ${one.key}: { ${[`id: ${registryId(one.name)}`, one.rest, ...more].join(', ')} }`;
}

/** Registries of an estate of one's own, by the stage that their tag says. */
function foreignLines(estate: Estate): readonly string[] {
  const ours = new Set(known.map((one) => registryId(one.name).toLowerCase()));
  return (estate.tables['resources'] ?? []).flatMap((row) => {
    const isRegistry = String(row['type']).toLowerCase() === registryType;
    const stage = at(row, 'tags', 'stage');
    if (!isRegistry || ours.has(String(row['id']).toLowerCase())) return [];
    if (typeof stage !== 'string' || !stages.includes(stage)) return [];
    return [`  ${String(row['name']).toLowerCase()}: { id: ${String(row['id'])}, stage: ${stage} }`];
  });
}

function rules(): string {
  const labels = ['revision', 'source', 'created']
    .map((name) => `org.opencontainers.image.${name}`)
    .join(', ');
  return `rights: { admin: [platform], waive: [security], freeze: [release], mirror: [platform], digest: [platform] }
posture:
  namespaces: ["shop/**", "pay/**", "data/**", "core/**", "base/**"]
  requiredTags: [owner, stage]
  naming: "^[a-z0-9]{5,50}$"
  allowedRegions: [westeurope, northeurope, eastus]
  inUseTags: 5
  maxImageSize: 1GiB
  scanMaxAge: 7d
  requiredLabels: [${labels}]
  stagePatterns: { dev: "dev*" }
identity: { email: off, linking: true } # people may link accounts that stand nowhere above to themselves; off without it
stages: [${stages.join(', ')}]
repositories:
  - { match: "shop/**", owners: [shop-team], tags: { allow: ["v*.*.*"], deny: ["latest"] } }
  - { match: "pay/**", owners: [pay-team], tags: { allow: ["v*.*.*"], deny: ["latest"] } }
  - { match: "data/**", owners: [data-team], tags: { allow: ["v*.*.*"], deny: ["latest"] } }
  - { match: "core/**", owners: [core-team] }
  - { match: "base/**", owners: [platform], origin: ci }
`;
}

function edges(estate: Estate, trusted: readonly string[]): string {
  const labels = 'org.opencontainers.image.revision, org.opencontainers.image.source';
  return `mirrors:
  - { name: golden, from: prod, repositories: ["base/**"], to: { stage: dev }, schedule: "0 3 * * *", identity: ${clientIdOf(estate, 'mirror-base')} }
edges:
  - { name: to-staging, from: dev, to: staging, identity: ${clientIdOf(estate, 'importer-to-staging')}, requesters: [owners], lock: false }
  - name: to-uat
    from: staging
    to: uat
    identity: ${clientIdOf(estate, 'importer-to-uat')}
    requesters: [owners]
    notify: ${both('releases')}
    approvals: { rules: [{ group: release, min: 1 }] }
    lock: false
  - name: to-prod
    from: uat
    to: prod
    identity: ${clientIdOf(estate, 'importer-to-prod')}
    requesters: [owners]
    notify: ${both('releases')}
    waivers: [security]
    approvals: { rules: [{ group: release, min: 1 }], total: 1, exclude: [requester], expiresIn: 72h, validFor: 24h }
    gates:
      scan: { mode: enforce, maxCritical: 0, maxHigh: 5, maxAge: 7d }
      signature: { mode: enforce, trusted: ${JSON.stringify(trusted)}, accept: [cosign-present] }
      sbom: { mode: warn }
      labels: { mode: enforce, require: [${labels}] }
      soak: { mode: enforce, stage: uat, min: 24h }
      posture: { mode: enforce, registry: target, require: [CR-1, CR-8] }
    lock: true
`;
}

function tail(): string {
  return `windows:
  - { name: always, stages: [prod], kind: allow, days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00" }
breakGlass: { stages: [prod], group: incident-leads, reviewWithin: 24h }
limits: { openPerPerson: 5, openPerRepository: 3, commandsPerMinute: 20 }
digests:
  - { name: weekly-platform, to: ${both('platform')}, cron: "0 9 * * MON", timezone: Europe/Berlin, scope: { stages: [prod] } }
`;
}

/** The channel of a name in both chats, as a YAML list. */
function both(name: (typeof channels)[number]['name']): string {
  const channel = channels.find((one) => one.name === name);
  return `["slack:${slackTeam.id}/${channel?.slack}", "teams:${channel?.teams}"]`;
}

const clientIdOf = (estate: Estate, name: IdentityName): string => found(estate, name).clientId;

function found(estate: Estate, name: IdentityName): Estate['identities'][number] {
  const identity = estate.identities.find((one) => one.name === name) ?? estate.identities[0];
  if (identity === undefined) throw new Error('The estate has no identity.');
  return identity;
}
