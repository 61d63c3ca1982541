import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeScan } from '../../src/commands/estate.ts';
import { expectationsOf, type Known, longestWait } from '../../src/commands/expectations.ts';
import { parsePolicy } from '../../src/config/policy-file.ts';
import type { RegistryFacts, Scan } from '../../src/posture/facts.ts';
import type { Request } from '../../src/promotion/request.ts';
import { dev, digest, leaving, now, prod, uat } from '../posture/sample-estate.ts';

const reading = parsePolicy(readFileSync(new URL('../fixtures/policy.yaml', import.meta.url), 'utf8'));
if (!reading.ok) throw new Error(reading.errors[0]?.text);
const { policy } = reading;

const id = (group: string, name: string) =>
  `/subscriptions/s1/resourcegroups/${group}/providers/microsoft.containerregistry/registries/${name}`;
const prodId = id('prod', 'contosoprod');
const importer = '22222222-2222-4222-8222-222222222222';
const cluster =
  '/subscriptions/s1/resourcegroups/prod/providers/microsoft.containerservice/managedclusters/aks-prod';
const read = <T>(value: T) => ({ read: true, value }) as const;
const scan: Scan = {
  asOf: now,
  registries: [],
  gaps: [],
  identities: read([
    { clientId: importer, objectId: 'importer-object' },
    { clientId: '11111111-1111-4111-8111-111111111111', objectId: 'mirror-object' },
  ]),
  clusters: read([{ id: cluster, kubelets: ['kubelet-object'] }]),
  self: read('self-object'),
};
const promoted = (of: string, endedAt: number): Request => ({
  id: of,
  version: 1,
  state: 'promoted',
  subject: {
    kind: 'promotion',
    edge: 'to-prod',
    repository: 'shop/web',
    tag: 'v1',
    source: 'uat',
    target: 'prod',
    fromStage: 'uat',
    toStage: 'prod',
    lock: true,
  },
  requester: 'dana',
  reason: 'tested',
  policy: 'p',
  createdAt: 1,
  updatedAt: 1,
  expiresAt: 2,
  votes: [],
  done: [],
  attempt: 1,
  nonce: 'n',
  endedAt,
  evidence: {
    digest: digest(of),
    size: 1,
    layers: 1,
    platforms: [],
    labels: {},
    referrers: [],
  } as unknown as NonNullable<Request['evidence']>,
});

const known = (change: Partial<Known> = {}): Known => ({ policy, scan, registries: [], now, ...change });
const ofProd = (change: Partial<Known> = {}) => expectationsOf(known(change)).registries.get(prodId)!;

describe('what is expected of a registry', () => {
  it('writers are the policy’s, and the identities of edges into it by their object ids', () => {
    const expected = ofProd();

    expect(expected.writers).toEqual(['importer-object']);
    expect(expected.own).toEqual([
      { name: 'edge to-prod', clientId: importer, objectId: 'importer-object', needs: 'import-and-lock' },
      {
        name: 'mirror golden',
        clientId: '11111111-1111-4111-8111-111111111111',
        objectId: 'mirror-object',
        needs: 'read',
      },
    ]);
    expect(expected.feedsMirror).toBe(true);
  });

  it('readers are the writers, its mirrors, the kubelets of its clusters and this product itself', () => {
    expect(ofProd().readers).toEqual(['importer-object', 'mirror-object', 'kubelet-object', 'self-object']);
    expect(ofProd().clusters).toEqual([{ key: 'aks-prod', kubelets: ['kubelet-object'] }]);
  });

  it('what could not be looked up is said, not guessed', () => {
    const dark = ofProd({ scan: leaving(scan, 'identities', 'clusters', 'self') });

    expect(dark.writers).toEqual([]);
    expect(dark.unresolved).toEqual([importer, '11111111-1111-4111-8111-111111111111']);
    expect(dark.clusters).toEqual([{ key: 'aks-prod' }]);
    expect(dark.isSelfKnown).toBe(false);
  });

  it('a cluster that the scan did not see has no kubelets, which is not the same as none', () => {
    const { clusters } = ofProd({ scan: { ...scan, clusters: read([]) } });

    expect(clusters).toEqual([{ key: 'aks-prod' }]);
  });

  it('a team is known by its Entra group, else by its members’ accounts', () => {
    const devId = id('dev', 'devshop');
    const grouped = {
      ...policy,
      groups: { ...policy.groups, 'shop-team': { members: ['dana'], entraGroup: 'GROUP' } },
    };

    expect(expectationsOf(known()).registries.get(devId)?.teamPrincipals).toEqual([
      '0b1ec700-0000-4000-8000-000000000001',
    ]);
    expect(expectationsOf(known({ policy: grouped })).registries.get(devId)?.teamPrincipals).toEqual([
      'group',
    ]);
  });

  it('teams are those with registries or repositories of their own; the CI’s are not', () => {
    expect(expectationsOf(known()).teams).toEqual(['shop-team']);
  });
});

describe('what was promoted', () => {
  it('is the last digest of a tag, and every digest', () => {
    const { promoted: map } = expectationsOf(known({ promoted: [promoted('new', 2), promoted('old', 1)] }));

    expect(map?.get(`${prodId}/shop/web:v1`)).toBe(digest('new'));
    expect(map?.has(`${prodId}/shop/web@${digest('old')}`)).toBe(true);
  });

  it('is not known where the ledger was not asked', () => {
    expect(expectationsOf(known()).promoted).toBeUndefined();
  });
});

describe('the longest wait of a schedule', () => {
  it.each([
    ['*/15 * * * *', 2],
    ['0 3 * * *', 25],
    ['0 3 * * MON', 7 * 24 + 1],
    ['0 3 1 * *', 31 * 24 + 1],
    ['0 3 1 1 *', 366 * 24 + 1],
  ])('%s is %d hours, one of them for the run', (cron, hours) => {
    expect(longestWait(cron)).toBe(hours * 3_600_000);
  });
});

describe('a scan judged by the policy', () => {
  const registries: readonly RegistryFacts[] = [
    { ...prod, id: prodId, subscription: 's1', grants: read([]) },
    { ...uat, id: id('uat', 'contosouat'), subscription: 's1' },
    { ...dev, id: id('dev', 'devshop'), subscription: 's1' },
  ];

  it('knows what the policy expects: nobody writes to production, so nobody strange does', () => {
    const estate = judgeScan({ ...scan, registries }, policy, { now, promoted: [] });
    const rule = estate.verdicts.rules.findIndex(({ id: name }) => name === 'TEN-01');

    expect(estate.verdicts.outcome(0, rule)).toBe('pass');
    expect(estate.findings(1).find((finding) => finding.rule === 'TEN-01')?.outcome).toBe('notApplicable');
  });

  it('without the ledger does not say of a digest that it came past the chain', () => {
    const moved = registries.map((facts) =>
      facts.stage === 'uat' ? { ...facts, content: prod.content! } : facts,
    );
    const strange = moved.map((facts) =>
      facts.stage === 'prod' && facts.content?.read
        ? {
            ...facts,
            content: read({
              ...facts.content.value,
              repositories: [
                {
                  name: 'shop/web',
                  tags: [{ tag: 'v9', digest: digest('strange'), updatedAt: 1, inUse: true, locked: true }],
                },
              ],
            }),
          }
        : facts,
    );
    const outcome = (ledger: object) => {
      const estate = judgeScan({ ...scan, registries: strange }, policy, { now, ...ledger });
      return estate.findings(0).find((finding) => finding.rule === 'TEN-07')?.outcome;
    };

    expect([outcome({}), outcome({ promoted: [] })]).toEqual(['unknown', 'fail']);
  });
});
