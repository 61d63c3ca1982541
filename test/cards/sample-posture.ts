// Registries for the sample cards, judged by the rules themselves: production, the stage before, a team's own, and one that
// was left alone for years; and what the digest and the drift make of them.
import { composeDigest, type DigestInput, type KeptScore } from '../../src/digest/digest.ts';
import { findRule, rules } from '../../src/posture/catalogue.ts';
import type { RegistryFacts } from '../../src/posture/facts.ts';
import { explain, findingsOf, judge } from '../../src/posture/judge.ts';
import { scoreOf } from '../../src/posture/score.ts';
import { dev, leaving, prod, read, sample, uat, unread } from '../posture/sample-estate.ts';
import { asked, day, sampleRequests } from './sample-requests.ts';

/** Basic, open to everybody, without anybody who looks after it; what it grants cannot be read. */
const old: RegistryFacts = leaving(
  {
    ...dev,
    id: dev.id.replaceAll('devshop', 'legacyimages'),
    name: 'legacyimages',
    loginServer: 'legacyimages.azurecr.io',
    stageSource: 'none',
    sku: 'Basic',
    adminUserEnabled: true,
    anonymousPullEnabled: true,
    publicNetworkAccess: 'Enabled',
    privateEndpoints: [],
    tags: {},
    replications: read([]),
    grants: unread,
    diagnostics: read([]),
  },
  'stage',
  'team',
);
const open: RegistryFacts = { ...prod, publicNetworkAccess: 'Enabled', adminUserEnabled: true };

/** Facts, score and findings of each registry of an estate. */
function judged(...estate: readonly RegistryFacts[]) {
  const [, context] = sample(prod, { others: estate });
  const verdicts = judge(estate, context);
  return {
    total: scoreOf(verdicts, estate.keys()),
    registries: estate.map((facts, i) => ({
      facts,
      name: facts.name,
      stage: facts.stage,
      score: scoreOf(verdicts, [i]),
      findings: findingsOf(verdicts, i, context),
    })),
    /** What one rule says of each. */
    check: (id: string) => {
      const which = rules.findIndex((rule) => rule.id === id);
      return estate.map((_, i) => explain(verdicts, i, which, context));
    },
  };
}

export const ruleOf = (id: string) => {
  const rule = findRule(id);
  if (!rule) throw new Error(`no rule ${id}`);
  return rule;
};
export const mixed = judged(open, uat, dev, old);
export const clean = judged(prod, uat, dev);
/** As many as fill several pages. */
export const many = judged(
  open,
  ...Array.from({ length: 40 }, (_, i) => ({
    ...(i % 3 ? dev : old),
    id: `${old.id}${i}`,
    name: `team${String(i + 1).padStart(2, '0')}images`,
  })),
);

/** A score as the ledger keeps it. */
function kept(estate: typeof mixed, asOf: number, lost = 0): KeptScore {
  const bad = (['fail', 'unknown'] as const).map(String);
  return {
    asOf,
    findings: Object.fromEntries(
      estate.registries.map(({ name, findings }) => [
        name,
        Object.fromEntries(
          findings.filter(({ outcome }) => bad.includes(outcome)).map(({ rule, outcome }) => [rule, outcome]),
        ),
      ]),
    ),
    parts: Object.fromEntries(
      estate.registries.map(({ name, score }) => [
        name,
        [Math.max(0, score.passed - lost), score.applicable],
      ]),
    ),
  };
}

const week = 7 * day;
/** Twelve weeks that became better, with one bad one. */
export const history = Array.from({ length: 12 }, (_, i) =>
  kept(i < 4 ? mixed : clean, asked - (12 - i) * week, (11 - i) * 2 + (i === 7 ? 30 : 0)),
);
export const now = kept(mixed, asked);
export const names = new Set(mixed.registries.map(({ name }) => name));

const GiB = 2 ** 30;
const digest = (more: Partial<DigestInput>) =>
  composeDigest({
    name: 'weekly-platform',
    organisation: 'contoso',
    periodStart: asked - week,
    periodEnd: asked,
    registries: names,
    now,
    history: [],
    requests: [],
    watched: [],
    storage: [],
    waivers: [],
    gaps: [],
    auditHead: { seq: 4711, hash: '6b1f9a0c'.repeat(8) },
    ...more,
  });
const { promoted, pending } = sampleRequests;
const several = (request: typeof promoted, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    ...request,
    id: `P-${String(i + 1).padStart(5, '0')}`,
    createdAt: request.createdAt - (i + 2) * 3_600_000,
    ...(request.endedAt !== undefined && { endedAt: asked - (i + 1) * 3_600_000 }),
  }));

export const digests = {
  'the first': digest({}),
  'a quiet week': digest({ history: history.map(({ asOf }) => kept(mixed, asOf)) }),
  'a good week': digest({ now: kept(clean, asked), history: [kept(mixed, asked - week, 20)] }),
  'a bad week': digest({
    history,
    requests: [...several(promoted, 2), ...several(pending, 1)],
    watched: [
      {
        registry: 'contosoprod',
        rule: 'TEN-03',
        reason: '2 of 41 tags in use are not locked: shop/web:v1.3.9, pay/api:v2.0.7.',
      },
      { registry: 'contosoprod', rule: 'TEN-09', reason: '3 images have no scan of the last 7 days.' },
    ],
    storage: [
      { registry: 'contosoprod', used: 431 * GiB, included: 500 * GiB, growthPerDay: 2.1 * GiB },
      { registry: 'contosouat', used: 120 * GiB, included: 500 * GiB },
    ],
    waivers: [{ rule: 'CR-8', scope: 'prod', until: asked + 9 * day }],
  }),
  'partial sight': digest({
    history,
    requests: [...several(promoted, 8), ...several(pending, 7)],
    gaps: Array.from(
      { length: 7 },
      (_, i) => `the registry 'team${i + 1}' of the policy was not seen: is the bot's identity Reader there?`,
    ),
    auditProblem: 'Row 4702 was changed after it was written.',
  }),
};
