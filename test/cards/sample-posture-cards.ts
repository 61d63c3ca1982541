// The cards about registries, of the estates of sample-posture.ts.
import type { Card } from '../../src/cards/card.ts';
import { checkCard, kqlCard, rulesCard } from '../../src/cards/check-card.ts';
import { digestCard, digestThread } from '../../src/cards/digest-card.ts';
import { digestListCard } from '../../src/cards/digest-list-card.ts';
import { driftCard } from '../../src/cards/drift-card.ts';
import { fillingCard } from '../../src/cards/filling-card.ts';
import { unpaged } from '../../src/cards/pages.ts';
import { registriesCard, registryCard } from '../../src/cards/registry-cards.ts';
import { statusCard, type StatusView } from '../../src/cards/status-card.ts';
import { driftBetween } from '../../src/digest/drift.ts';
import { weekly } from '../../src/digest/digest.ts';
import { rules } from '../../src/posture/catalogue.ts';
import { kqlOf } from '../../src/posture/kql.ts';
import { clean, digests, history, many, mixed, names, now, ruleOf } from './sample-posture.ts';
import { asked, day, hour } from './sample-requests.ts';

export type Samples = Readonly<Record<string, Card>>;

export function each<K extends string, T>(
  of: Readonly<Record<K, T>>,
  make: (one: T) => Card,
): Readonly<Record<K, Card>> {
  const made = Object.entries<T>(of).map(([name, one]) => [name, make(one)]);
  return Object.fromEntries(made) as Readonly<Record<K, Card>>;
}

export const page = (of: number, command: string) => ({ page: of, command }) as const;
const statusOf = (estate: typeof mixed, more: Partial<StatusView> = {}): StatusView => ({
  scope: 'contoso',
  asked: '',
  total: estate.total,
  registries: estate.registries,
  failing: estate.registries.flatMap(({ findings }) => findings.filter(({ outcome }) => outcome === 'fail')),
  gaps: [],
  asOf: asked,
  now: asked + 4 * 60_000,
  paging: unpaged,
  ...more,
});
const unseen = "the registry 'edge-store' of the policy was not seen: is the bot's identity Reader there?";
const statuses = {
  mixed: statusCard(statusOf(mixed, { before: 55 })),
  clean: statusCard(statusOf(clean, { scope: 'stage prod', asked: 'prod', before: 100 })),
  'with gaps': statusCard(statusOf(clean, { gaps: [unseen] })),
  'many, a page': statusCard(statusOf(many, { paging: page(2, 'status') })),
  'nothing seen': statusCard(
    statusOf({ ...clean, registries: [], total: { ...clean.total, score: undefined } }, { gaps: [unseen] }),
  ),
};

const settings = [
  {
    registry: 'contosoprod',
    at: asked - 26 * hour,
    by: 'platform-admin',
    path: 'properties.publicNetworkAccess',
    before: 'Disabled',
    after: 'Enabled',
  },
  {
    registry: 'contosoprod',
    at: asked - 30 * hour,
    by: 'ci-identity',
    path: 'properties.adminUserEnabled',
    before: 'false',
    after: 'true',
  },
];
const driftOf = (
  from: Parameters<typeof driftBetween>[0],
  to: Parameters<typeof driftBetween>[1],
  before: number,
  after: number,
): Card =>
  driftCard({
    since: asked - 7 * day,
    comparedWith: from.asOf,
    scoreBefore: before,
    scoreNow: after,
    drifted: driftBetween(from, to),
    settings,
    trend: weekly([...history, to], names, asked),
    paging: page(1, 'drift'),
  });
const [lately = now] = history.slice(-1);

const [worst = mixed.registries[0]!] = mixed.registries.filter(({ name }) => name === 'legacyimages');
const [best = clean.registries[0]!] = clean.registries;
const registryOf = ({ facts: of, score, findings }: typeof best, paging = unpaged): Card =>
  registryCard(of, score, findings, 12, paging);

const openPort = ruleOf('CR-8');
/** Of the registries: status, rules, drift and digests. */
export const postureCards = {
  statusCard: statuses,
  fillingCard: {
    'registries read': fillingCard(statuses.mixed, { settled: false, done: 0, total: 0 }),
    'repositories read': fillingCard(statuses.mixed, {
      settled: true,
      done: 120,
      total: 300,
      registry: 'contosoprod',
    }),
  },
  registriesCard: {
    few: registriesCard(mixed.registries, unpaged),
    'a page': registriesCard(many.registries, page(3, 'registries')),
  },
  registryCard: { neglected: registryOf(worst, page(1, 'show legacyimages')), 'in order': registryOf(best) },
  checkCard: {
    failing: checkCard(openPort, mixed.check('CR-8'), openPort.remedy(worst.facts), asked, unpaged),
    'failing nowhere': checkCard(openPort, clean.check('CR-8'), undefined, asked, unpaged),
    'a page': checkCard(
      openPort,
      many.check('CR-8'),
      openPort.remedy(worst.facts),
      asked,
      page(2, 'check CR-8'),
    ),
  },
  rulesCard: { first: rulesCard(rules, page(1, 'check --list')) },
  kqlCard: { 'a query': kqlCard(openPort, kqlText('CR-8')) },
  driftCard: {
    worse: driftOf(lately, now, 97, 74),
    better: driftOf({ ...now, asOf: lately.asOf }, { ...lately, asOf: now.asOf }, 74, 97),
    'the first look': driftCard({
      since: asked - 7 * day,
      drifted: [],
      settings: [],
      gap: 'The changes of settings could not be read; they are unknown, not none.',
      trend: [],
      paging: unpaged,
    }),
  },
  digestCard: each(digests, digestCard),
  digestThread: { 'what is left': digestThread(digests['partial sight'])! },
  digestListCard: {
    some: digestListCard([
      {
        name: 'weekly-platform',
        where: '#platform',
        about: 'stage prod',
        next: [asked + 7 * day, asked + 14 * day, asked + 21 * day],
        note: 'may have been sent twice',
      },
      {
        name: 'security',
        where: 'Security (Teams)',
        about: 'contoso',
        next: [],
        paused: 'by platform-admin',
      },
    ]),
    none: digestListCard([]),
  },
} satisfies Readonly<Record<string, Samples>>;

function kqlText(rule: string): string {
  const kql = kqlOf(rule, {
    stages: ['dev', 'uat', 'prod'],
    registries: [],
    patterns: [],
    allowedRegions: [],
    allowedSubscriptions: [],
    requiredTags: [],
  });
  if (!kql || !('query' in kql)) throw new Error(`${rule} has no query`);
  return kql.query;
}
