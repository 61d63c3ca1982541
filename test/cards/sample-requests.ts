// Requests in every state there is, each brought there by the approval machine itself: what is shown of them is what a
// person would see.
import { decide } from '../../src/promotion/decide.ts';
import { evolveAll } from '../../src/promotion/evolve.ts';
import type { Command, Judgement } from '../../src/promotion/machine.ts';
import type { Request, SagaStep, Subject } from '../../src/promotion/request.ts';
import { facts, liveFacts, rolledBack, weakFacts } from './sample-evidence.ts';

const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** A Monday afternoon. */
export const asked = Date.UTC(2026, 10, 23, 13, 5);

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;
type Moment = readonly [minutes: number, command: Command];

const promotion = {
  kind: 'promotion',
  edge: 'to-prod',
  repository: 'shop/web',
  tag: 'v1.4.2',
  source: 'contosouat',
  target: 'contosoprod',
  fromStage: 'uat',
  toStage: 'prod',
  lock: true,
} as const satisfies Subject;
const rollback = { ...promotion, tag: 'v1.4.1', rollback: true } as const satisfies Subject;

const terms: Of<'ask'>['terms'] = {
  quorum: {
    rules: [
      { group: 'release', min: 1 },
      { group: 'security', min: 1 },
    ],
    total: 2,
    validFor: day,
  },
  gates: {
    scan: { mode: 'enforce', maxCritical: 0, maxHigh: 5, maxAge: 7 * day },
    signature: { mode: 'enforce', accept: [], certificates: ['prod-signing'] },
    sbom: { mode: 'warn' },
    labels: { mode: 'enforce', require: ['org.opencontainers.image.revision'] },
    soak: { mode: 'enforce', stage: 'uat', min: day },
    posture: { mode: 'enforce', registry: 'target', require: ['CR-1', 'CR-8', 'TEN-01'] },
  },
};
const byOne = (group: string): Of<'ask'>['terms'] => ({
  quorum: { rules: [{ group, min: 1 }], total: 1, validFor: day },
  gates: {},
});

const ask = (more: Partial<Of<'ask'>> = {}): Moment => [
  0,
  {
    kind: 'ask',
    id: 'P-7K3QX',
    subject: promotion,
    requester: 'developer',
    reason: 'The cart loses items when a session is renewed; tested in uat since Friday.',
    policy: 'p1',
    terms,
    expiresAt: asked + 3 * day,
    nonce: 'n0',
    ...more,
  },
];
const judged = (of: Judgement['facts'] = facts): Judgement => ({
  facts: of,
  terms,
  policy: 'p1',
  nonce: 'n1',
});
const judge = (of?: Judgement['facts']): Moment => [0.5, { kind: 'judge', judgement: judged(of) }];
const vote = (at: number, person: string, group: string, more: Partial<Of<'vote'>> = {}): Moment => [
  at,
  {
    kind: 'vote',
    person,
    groups: [group],
    decision: 'approve',
    channel: 'slack',
    terms,
    judgement: judged(),
    ...more,
  },
];
const rui = vote(12, 'release-approver', 'release');
const sofia = vote(20, 'security-approver', 'security', { channel: 'teams' });
const approving = [ask(), judge(), rui, sofia];
const begin = (more: Partial<Of<'begin'>> = {}): Moment => [
  21,
  { kind: 'begin', judgement: judged(), ...more },
];
const done = (...steps: readonly SagaStep[]): readonly Moment[] =>
  steps.map((step, at) => [22 + at, { kind: 'step-done', step }]);
const failed = (at: number, step: SagaStep, text: string, retry: boolean): Moment => [
  at,
  { kind: 'step-failed', step, retry, code: 'import-failed', text },
];
const glass: Moment = [
  15,
  {
    kind: 'break-glass',
    person: 'platform-admin',
    may: true,
    reason: 'The cart is down for everybody.',
    ticket: 'INC-4711',
    reviewWithin: day,
    judgement: judged(),
  },
];
const hold = (reason?: string): Moment => [
  14,
  { kind: 'hold', person: 'security-approver', may: true, ...(reason && { reason }) },
];
const cancel = (person: string): Moment => [30, { kind: 'cancel', person, admin: true }];
const tick = (at: number): Moment => [at, { kind: 'tick' }];
const reject = (group: string, reason: string): Moment =>
  vote(25, 'security-approver', group, { decision: 'reject', reason });

/** What the moments make of it, in order. A moment that the machine refuses is a mistake of the sample. */
function life(...moments: readonly Moment[]): Request {
  const last = moments.reduce<Request | undefined>((request, [at, command]) => {
    const now = asked + at * minute;
    const { events, refusal } = decide(request, command, now, (text) => `#${text.length}`);
    if (refusal && events.length === 0) throw new Error(`${command.kind}: ${refusal.text}`);
    return evolveAll(request, events, now);
  }, undefined);
  if (!last) throw new Error('nothing was asked');
  return last;
}

const importing = (...steps: readonly SagaStep[]): Request => life(...approving, begin(), ...done(...steps));
const imported = ['preflight', 'import', 'referrers', 'verify'] as const;
const window = { why: 'The window of prod is closed.', until: asked + 19 * hour } as const;
const freeze = { why: 'release-approver froze prod: the year ends.', until: asked + 42 * day } as const;
const other = `sha256:${'9d41'.repeat(16)}`;

const mismatch: Moment = [30, { kind: 'mismatch', digest: other }];
const promotions = {
  resolving: life(ask()),
  blocked: life(ask(), judge(weakFacts)),
  pending: life(ask(), judge()),
  'pending, nothing is live yet': life(ask(), judge(liveFacts(undefined))),
  'pending, one approved': life(ask(), judge(), rui),
  'pending, a gate waived': life(ask(), judge({ ...facts, inSourceSince: asked - 20 * hour }), [
    5,
    {
      kind: 'let-pass',
      waiver: { gate: 'soak', value: 'fail', by: 'security-approver', grant: 'P-4GATE' },
      judgement: judged({ ...facts, inSourceSince: asked - 20 * hour }),
    },
  ]),
  'pending, approvals void': life(
    ask(),
    judge(),
    rui,
    vote(20, 'security-approver', 'security', {
      judgement: judged({ ...facts, scan: { ...facts.scan, critical: 0, high: 4 } }),
    }),
  ),
  'pending, escalated': life(
    ask({ escalation: { after: day, to: 'release-leads' } }),
    judge(),
    tick(25 * 60),
  ),
  held: life(ask(), judge(), hold('The database migration of today comes first.')),
  'held without a reason': life(ask(), judge(), rui, hold()),
  approved: life(...approving),
  'approved by nobody, none is needed': life(
    ask({ terms: { gates: terms.gates }, requester: 'acr-warden', reason: 'Pushed to dev.' }),
    [0.5, { kind: 'judge', judgement: { ...judged(), terms: { gates: terms.gates } } }],
  ),
  waiting: life(...approving, begin({ closed: window })),
  'waiting, frozen': life(...approving, begin({ closed: freeze })),
  'waiting, no window opens': life(
    ...approving,
    begin({ closed: { why: 'No window of prod opens within 90 days.' } }),
  ),
  'importing: preflight': importing(),
  'importing: import': importing('preflight'),
  'importing: referrers': importing('preflight', 'import'),
  'importing: verify': importing('preflight', 'import', 'referrers'),
  'importing again after a failure': life(
    ...approving,
    begin(),
    ...done('preflight'),
    failed(24, 'import', 'Azure answered 429: too many requests.', true),
  ),
  'locking: lock': importing(...imported),
  'locking: read-back': importing(...imported, 'lock'),
  'locking, alarmed': life(
    ...approving,
    begin(),
    ...done(...imported),
    failed(36, 'lock', 'AuthorizationFailed: the identity may not write metadata of contosoprod.', true),
  ),
  promoted: importing(...imported, 'lock', 'read-back'),
  'promoted without a lock': life(
    ask({
      subject: {
        ...promotion,
        edge: 'to-staging',
        toStage: 'staging',
        target: 'contosostaging',
        lock: false,
      },
    }),
    judge(),
    rui,
    sofia,
    begin(),
    ...done(...imported),
  ),
  refused: life(ask(), [
    0.5,
    {
      kind: 'refuse',
      code: 'not-found',
      text: 'contosouat has no shop/web:v1.4.2. See its tags with: /acr image shop/web',
    },
  ]),
  rejected: life(ask(), judge(), reject('security', 'CVE-2026-31415 is exploited in the wild; take v1.4.3.')),
  cancelled: life(ask(), judge(), cancel('developer')),
  expired: life(ask(), judge(), rui, tick(3 * 24 * 60)),
  'expired, the approval lapsed': life(...approving, begin({ closed: freeze }), tick(26 * 60)),
  superseded: life(ask(), judge(), rui, [18, { kind: 'moved', sourceDigest: other }]),
  failed: life(
    ...approving,
    begin(),
    ...done('preflight'),
    failed(24, 'import', 'Azure answered 403: the identity may not import into contosoprod.', false),
  ),
  quarantined: life(...approving, begin(), ...done('preflight', 'import', 'referrers'), mismatch),
  'break-glass, approved': life(ask(), judge(), glass),
  'break-glass, importing': life(ask(), judge(), glass, begin(), ...done('preflight')),
  'break-glass, promoted': life(ask(), judge(), glass, begin(), ...done(...imported, 'lock', 'read-back')),
} satisfies Readonly<Record<string, Request>>;

const back = [
  ask({ id: 'P-BACK7', subject: rollback, reason: 'v1.4.2 loses carts.' }),
  judge(rolledBack),
] as const;
const rollbacks = {
  'rollback, pending': life(...back),
  'rollback, verifying': life(...back, rui, sofia, begin(), ...done('preflight')),
  'rollback, promoted': life(
    ...back,
    rui,
    sofia,
    begin(),
    ...done('preflight', 'verify', 'lock', 'read-back'),
  ),
};

const waiver = ask({
  id: 'P-WAIVE',
  subject: {
    kind: 'waiver',
    rule: 'CR-8',
    scope: 'prod',
    until: asked + 60 * day,
    values: { '/registries/contosoprod': 'a', '/registries/contosodr': 'b' },
  },
  reason: 'A partner pulls without signing in until its contract ends in January.',
  terms: byOne('waive'),
});
const gate = ask({
  id: 'P-4GATE',
  subject: { kind: 'gate', request: 'P-7K3QX', edge: 'to-prod', gate: 'scan', value: '2 critical, 7 high' },
  reason: 'Both criticals are in a tool that is not started.',
  terms: byOne('gate waivers'),
});
const review = ask({
  id: 'P-REVUE',
  subject: { kind: 'review', request: 'P-7K3QX', edge: 'to-prod' },
  requester: 'platform-admin',
  reason: 'The cart is down for everybody.',
  terms: byOne('reviewers'),
  expiresAt: asked + day,
});
const only = (at: number, group: string, reason?: string): Moment =>
  vote(at, 'security-approver', group, { terms: byOne(group), ...(reason && { reason }) });
const others = {
  'waiver, pending': life(waiver),
  'waiver, granted': life(waiver, only(9, 'waive')),
  'waiver, rejected': life(waiver, reject('waive', 'Prod does not wait until January.')),
  'waiver, cancelled': life(waiver, cancel('developer')),
  'waiver, expired': life(waiver, tick(4 * 24 * 60)),
  'gate waiver, pending': life(gate),
  'gate waiver, granted': life(gate, only(9, 'gate waivers')),
  'review, pending': life(review),
  'review, overdue': life(review, tick(25 * 60)),
  'review, granted': life(review, only(90, 'reviewers', 'The fix was right; the alert came too late.')),
  'review, rejected': life(review, reject('reviewers', 'The glass was broken without need.')),
};

export const sampleRequests = { ...promotions, ...rollbacks, ...others };
