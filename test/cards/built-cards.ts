// Every card there is, built of texts that somebody unknown wrote to do harm.
import fc from 'fast-check';
import { auditCard } from '../../src/cards/audit-card.ts';
import type { Card } from '../../src/cards/card.ts';
import { digestCard, digestThread } from '../../src/cards/digest-card.ts';
import { dryRunCard } from '../../src/cards/dry-run-card.ts';
import { imageCard } from '../../src/cards/image-card.ts';
import { codeCard, linkQuestionCard } from '../../src/cards/link-cards.ts';
import { helpCard, whoamiCard } from '../../src/cards/person-cards.ts';
import { unpaged } from '../../src/cards/pages.ts';
import { registryAlarmCard } from '../../src/cards/registry-alarm-card.ts';
import { alarmCard, noticeCard, refusalCard, threadCard } from '../../src/cards/refusal-card.ts';
import { requestCard } from '../../src/cards/request-card.ts';
import { requestsCard } from '../../src/cards/requests-card.ts';
import { waiversCard } from '../../src/cards/waivers-card.ts';
import { stateLabel } from '../../src/cards/wording.ts';
import type { Request, StateName } from '../../src/promotion/request.ts';
import { registryBuilders } from './built-registry-cards.ts';
import { changes, nasty, signature, time } from './nasty.ts';

export const states = Object.keys(stateLabel) as readonly StateName[];
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
const change = fc.record({ registry: nasty, rule: nasty });
const digest = fc.record({
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
});

/** By the name of the builder. */
export const builders: Readonly<Record<string, fc.Arbitrary<Card>>> = {
  ...registryBuilders,
  requestCard: fc
    .record({
      request,
      now: time,
      auditHash: nasty,
      hasGlass: fc.boolean(),
      alarmClosed: fc.record({ by: nasty, why: nasty }),
    })
    .map(requestCard),
  requestsCard: fc
    .tuple(fc.array(request, { maxLength: 8 }), nasty)
    .map(([list, filter]) => requestsCard(list, filter, unpaged)),
  imageCard: fc
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
  whoamiCard: fc
    .record({
      person: fc.option(nasty, { nil: undefined }),
      account: nasty,
      groups: fc.array(nasty),
      rights: fc.array(nasty),
      mayAsk: fc.array(nasty),
      mayApprove: fc.array(nasty),
    })
    .map(whoamiCard),
  codeCard: fc.tuple(nasty, time).map(([typed, until]) => codeCard(typed, until)),
  linkQuestionCard: fc
    .record({
      id: nasty,
      chat: fc.constantFrom('Slack' as const, 'Teams' as const),
      called: nasty,
      person: nasty,
      groups: fc.array(nasty),
      until: time,
      code: nasty,
    })
    .map(linkQuestionCard),
  helpCard: fc
    .tuple(fc.array(fc.record({ usage: nasty, summary: nasty, examples: fc.array(nasty) })), nasty)
    .map(([list, prefix]) => helpCard(list, prefix)),
  auditCard: fc
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
  refusalCard: nasty.map((text) => refusalCard(`There is no command '${text}'.`, [], [text])),
  noticeCard: fc.tuple(nasty, nasty).map(([title, text]) => noticeCard(`Asked: ${title}`, `Asked ${text}.`)),
  dryRunCard: fc
    .tuple(request, time)
    .map(([one, now]) => dryRunCard({ request: one, now }, one.evidence?.gates ?? [])),
  waiversCard: fc.array(request).map((list) => {
    const granted = list.flatMap((one) =>
      one.subject.kind === 'waiver' ? [{ request: one, subject: one.subject }] : [],
    );
    return waiversCard(granted, list, 0, unpaged);
  }),
  alarmCard: fc.tuple(nasty, nasty).map(([title, text]) => alarmCard(`Alarm: ${title}`, `Look: ${text}`)),
  registryAlarmCard: fc
    .record({
      title: nasty,
      why: nasty,
      registry: nasty,
      repository: nasty,
      tag: nasty,
      digest: nasty,
      at: time,
    })
    .map((alarm) => registryAlarmCard({ ...alarm, title: `Unexplained ${alarm.title}` })),
  threadCard: fc.array(nasty).map((lines) => threadCard(['Approved.', ...lines])),
  digestCard: digest.map(digestCard),
  digestThread: digest.map(
    (content) =>
      digestThread({ ...content, gaps: [...content.gaps, ...Array.from({ length: 6 }, () => 'unseen')] })!,
  ),
};
