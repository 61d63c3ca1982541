// Every card there is, built of texts that somebody unknown wrote to do harm.
import fc from 'fast-check';
import { auditCard } from '../../src/cards/audit-card.ts';
import type { Card } from '../../src/cards/card.ts';
import { checkCard } from '../../src/cards/check-card.ts';
import { digestCard } from '../../src/cards/digest-card.ts';
import { imageCard } from '../../src/cards/image-card.ts';
import { helpCard, whoamiCard } from '../../src/cards/person-cards.ts';
import { unpaged } from '../../src/cards/pages.ts';
import { noticeCard, refusalCard } from '../../src/cards/refusal-card.ts';
import { requestCard } from '../../src/cards/request-card.ts';
import { requestsCard } from '../../src/cards/requests-card.ts';
import { statusCard } from '../../src/cards/status-card.ts';
import { findRule } from '../../src/posture/catalogue.ts';
import type { Request, StateName } from '../../src/promotion/request.ts';
import { changes, nasty, signature } from './nasty.ts';

export const states: readonly StateName[] = [
  'resolving',
  'blocked',
  'pending',
  'held',
  'approved',
  'waiting',
  'importing',
  'locking',
  'promoted',
  'granted',
  'refused',
  'rejected',
  'cancelled',
  'expired',
  'superseded',
  'failed',
  'quarantined',
];
const time = fc.integer({ min: 0, max: 4e12 });
const scan = fc.record({
  critical: fc.nat(),
  high: fc.nat(),
  medium: fc.nat(),
  low: fc.nat(),
  scanner: nasty,
  scannedAt: time,
});
export const request: fc.Arbitrary<Request> = fc.record({
  id: nasty,
  version: fc.nat(),
  state: fc.constantFrom(...states),
  subject: fc.oneof(
    fc.record({
      kind: fc.constant('promotion' as const),
      edge: nasty,
      repository: nasty,
      tag: nasty,
      source: nasty,
      target: nasty,
      fromStage: nasty,
      toStage: nasty,
      lock: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('waiver' as const),
      rule: nasty,
      scope: nasty,
      until: time,
      values: fc.constant({}),
    }),
    fc.record({ kind: fc.constant('review' as const), request: nasty, edge: nasty }),
    fc.record({
      kind: fc.constant('gate' as const),
      request: nasty,
      edge: nasty,
      gate: nasty,
      value: nasty,
    }),
  ),
  requester: nasty,
  reason: nasty,
  policy: nasty,
  createdAt: time,
  updatedAt: time,
  expiresAt: time,
  votes: fc.array(
    fc.record({
      person: nasty,
      decision: fc.constantFrom('approve' as const, 'reject' as const),
      at: time,
      groups: fc.array(nasty),
      evidence: nasty,
      channel: nasty,
    }),
    { maxLength: 3 },
  ),
  done: fc.constant([]),
  attempt: fc.nat(),
  nonce: nasty,
  trouble: nasty,
  alarm: nasty,
  voided: fc.record({ at: time, why: nasty, people: fc.array(nasty) }),
  glass: fc.record({ by: nasty, reason: nasty, ticket: nasty, at: time, reviewBy: time }),
  held: fc.record({ by: nasty, at: time, why: nasty }),
  waits: fc.record({ why: nasty, until: time }),
  end: fc.record({ code: nasty, text: nasty }),
  evidence: fc.record({
    digest: nasty,
    mediaType: nasty,
    size: fc.nat(),
    layers: fc.nat(),
    platforms: fc.array(nasty),
    children: fc.array(nasty),
    labels: fc.dictionary(nasty, nasty),
    referrers: fc.array(fc.record({ digest: nasty, artifactType: nasty, size: fc.nat() })),
    scan,
    live: fc.record({ tag: nasty, digest: nasty, scan }),
    signatures: fc.array(signature),
    packages: fc.record({ proposed: fc.nat(), live: fc.nat(), changes, problem: nasty }),
    provenance: fc.array(nasty),
    gates: fc.array(
      fc.record({
        gate: nasty,
        mode: fc.constantFrom('enforce' as const, 'warn' as const),
        outcome: fc.constantFrom('pass' as const, 'fail' as const, 'unknown' as const, 'waived' as const),
        detail: nasty,
        value: nasty,
      }),
    ),
  }),
});
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
  outcome: fc.constantFrom('pass' as const, 'fail' as const, 'unknown' as const),
  reason: nasty,
  impact: fc.constantFrom('High' as const, 'Low' as const),
  evidence: fc.array(fc.record({ path: nasty, value: nasty, source: nasty, asOf: time })),
});
const change = fc.record({ registry: nasty, rule: nasty });

export const builders: Readonly<Record<string, fc.Arbitrary<Card>>> = {
  request: fc
    .record({
      request,
      now: time,
      auditHash: nasty,
      hasGlass: fc.boolean(),
      alarmClosed: fc.record({ by: nasty, why: nasty }),
      timezone: fc.constant('Asia/Kathmandu'),
    })
    .map(requestCard),
  requests: fc
    .tuple(fc.array(request, { maxLength: 8 }), nasty)
    .map(([list, filter]) => requestsCard(list, filter, unpaged)),
  status: fc
    .record({
      scope: nasty,
      asked: nasty,
      total: score,
      registries: fc.array(fc.record({ name: nasty, stage: nasty, score })),
      failing: fc.array(finding),
      gaps: fc.array(nasty),
      asOf: time,
      now: time,
      paging: fc.record({ page: fc.integer({ min: 1, max: 9 }), command: nasty }),
    })
    .map(statusCard),
  check: fc
    .tuple(fc.array(finding), nasty, time)
    .map(([findings, remedy, at]) => checkCard(findRule('CR-3')!, findings, remedy, at, unpaged)),
  image: fc
    .tuple(
      nasty,
      fc.array(
        fc.record({
          stage: nasty,
          registry: nasty,
          problem: nasty,
          found: fc.record({ tag: nasty, digest: nasty, locked: fc.boolean(), signed: fc.boolean(), scan }),
        }),
      ),
    )
    .map(([name, places]) => imageCard(name, places, { from: 'uat', to: 'prod' })),
  whoami: fc
    .record({
      person: fc.option(nasty, { nil: undefined }),
      account: nasty,
      groups: fc.array(nasty),
      rights: fc.array(nasty),
      mayAsk: fc.array(nasty),
      mayApprove: fc.array(nasty),
    })
    .map(whoamiCard),
  help: fc
    .tuple(fc.array(fc.record({ usage: nasty, summary: nasty, examples: fc.array(nasty) })), nasty)
    .map(([list, prefix]) => helpCard(list, prefix)),
  audit: fc
    .tuple(
      nasty,
      fc.array(
        fc.record({
          seq: fc.nat(),
          at: time,
          person: nasty,
          channel: nasty,
          action: nasty,
          detail: nasty,
          subject: nasty,
          hash: nasty,
        }),
      ),
    )
    .map(([about, lines]) => auditCard(about, lines)),
  digest: fc
    .record({
      name: nasty,
      organisation: nasty,
      periodStart: time,
      periodEnd: time,
      failing: fc.array(change),
      newFailures: fc.array(change),
      fixed: fc.array(change),
      unknown: fc.nat(),
      trend: fc.array(fc.record({ weekEnd: time, score: fc.nat(100) })),
      promoted: fc.array(request, { maxLength: 3 }),
      waiting: fc.array(request, { maxLength: 3 }),
      watched: fc.array(fc.record({ registry: nasty, rule: nasty, reason: nasty })),
      storage: fc.array(fc.record({ registry: nasty, used: fc.nat(), included: fc.nat() })),
      ending: fc.array(fc.record({ rule: nasty, scope: nasty, until: time })),
      gaps: fc.array(nasty),
      auditProblem: nasty,
    })
    .map(digestCard),
  refusal: nasty.map((text) => refusalCard(`There is no command '${text}'.`, [], [text])),
  notice: fc.tuple(nasty, nasty).map(([title, text]) => noticeCard(`Asked: ${title}`, `Asked ${text}.`)),
};
