// The cards about registries, built of texts that somebody unknown wrote to do harm.
import fc from 'fast-check';
import { baseImagesCard } from '../../src/cards/base-images-card.ts';
import type { Card } from '../../src/cards/card.ts';
import { checkCard, kqlCard, rulesCard } from '../../src/cards/check-card.ts';
import { digestListCard } from '../../src/cards/digest-list-card.ts';
import { driftCard } from '../../src/cards/drift-card.ts';
import { fillingCard } from '../../src/cards/filling-card.ts';
import { unpaged } from '../../src/cards/pages.ts';
import { registriesCard, registryCard } from '../../src/cards/registry-cards.ts';
import { statusCard } from '../../src/cards/status-card.ts';
import { findRule } from '../../src/posture/catalogue.ts';
import { outcomes } from '../../src/posture/outcome.ts';
import { prod } from '../posture/sample-estate.ts';
import { nasty, time } from './nasty.ts';

const score = fc.record({
  score: fc.option(fc.nat(100), { nil: undefined }),
  failing: fc.record({ High: fc.nat(9), Medium: fc.nat(9), Low: fc.nat(9) }),
  unknown: fc.nat(9),
  passed: fc.nat(),
  applicable: fc.nat(),
});
const finding = fc.record({
  registry: nasty,
  rule: nasty,
  outcome: fc.constantFrom(...outcomes),
  reason: nasty,
  impact: fc.constantFrom('High' as const, 'Low' as const),
  evidence: fc.array(fc.record({ path: nasty, value: nasty, source: nasty, asOf: time })),
});
const facts = fc
  .record({
    name: nasty,
    location: nasty,
    loginServer: nasty,
    stage: nasty,
    team: nasty,
    sku: nasty,
    publicNetworkAccess: nasty,
    replications: fc.record({ read: fc.constant(false as const), reason: nasty }),
    privateEndpoints: fc.array(fc.record({ id: nasty, status: nasty })),
    asOf: time,
  })
  .map((some) => ({ ...prod, ...some }));
const findings = fc.array(finding, { maxLength: 6 });
const names = fc.array(nasty, { maxLength: 3 });
const rule = findRule('CR-3')!;
const words = fc.record({ id: nasty, title: nasty, guidance: nasty, references: names });
const status = fc.record({
  scope: nasty,
  asked: nasty,
  total: score,
  registries: fc.array(fc.record({ name: nasty, stage: nasty, score })),
  failing: fc.array(finding),
  gaps: fc.array(nasty),
  asOf: time,
  now: time,
  paging: fc.record({ page: fc.integer({ min: 1, max: 9 }), command: nasty }),
});
/** By the name of the builder. */
export const registryBuilders: Readonly<Record<string, fc.Arbitrary<Card>>> = {
  statusCard: status.map(statusCard),
  fillingCard: fc
    .tuple(status, fc.record({ settled: fc.boolean(), done: fc.nat(), total: fc.nat(), registry: nasty }))
    .map(([view, progress]) => fillingCard(statusCard(view), progress)),
  checkCard: fc
    .tuple(fc.array(finding), nasty, time)
    .map(([findings, remedy, at]) => checkCard(findRule('CR-3')!, findings, remedy, at, unpaged)),
  rulesCard: fc.array(words, { minLength: 1, maxLength: 6 }).map((own) =>
    rulesCard(
      own.map((each) => ({ ...rule, ...each })),
      unpaged,
    ),
  ),
  kqlCard: fc.tuple(words, nasty).map(([own, query]) => kqlCard({ ...rule, ...own }, `resources ${query}`)),
  registriesCard: fc
    .array(fc.record({ name: nasty, stage: nasty, score, facts }), { maxLength: 6 })
    .map((lines) => registriesCard(lines, unpaged)),
  registryCard: fc
    .tuple(facts, score, findings, fc.nat())
    .map(([of, its, found, repositories]) => registryCard(of, its, found, repositories, unpaged)),
  driftCard: fc
    .record({
      since: time,
      comparedWith: time,
      scoreBefore: fc.nat(100),
      scoreNow: fc.nat(100),
      drifted: fc.array(fc.record({ registry: nasty, rule: nasty, before: nasty, now: nasty })),
      settings: fc.array(
        fc.record({ registry: nasty, at: time, by: nasty, path: nasty, before: nasty, after: nasty }),
      ),
      gap: nasty,
      trend: fc.array(fc.record({ weekEnd: time, score: fc.nat(100) })),
      paging: fc.constant(unpaged),
    })
    .map(driftCard),
  baseImagesCard: fc
    .record({
      images: fc.array(
        fc.record({
          mirror: nasty,
          image: nasty,
          digest: nasty,
          same: names,
          missing: names,
          other: names,
          unread: names,
        }),
      ),
      mirrors: fc.array(
        fc.record({
          name: nasty,
          from: nasty,
          to: nasty,
          schedule: nasty,
          last: fc.record({ at: time, text: nasty }),
        }),
      ),
    })
    .map((view) => baseImagesCard(view, unpaged)),
  digestListCard: fc
    .array(fc.record({ name: nasty, where: nasty, about: nasty, next: fc.array(time), paused: nasty }))
    .map(digestListCard),
};
