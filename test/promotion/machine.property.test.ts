import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/promotion/decide.ts';
import { evolveAll } from '../../src/promotion/evolve.ts';
import { stoppedBy } from '../../src/promotion/judgement.ts';
import type { Command, Judgement } from '../../src/promotion/machine.ts';
import { standing } from '../../src/promotion/quorum.ts';
import { importSteps, isTerminal, lockSteps, type Request } from '../../src/promotion/request.ts';
import type { Quorum, Terms } from '../../src/promotion/terms.ts';
import { ask, digest, facts, hash, other, promotion } from './machine-world.ts';

const people = ['dana', 'rui', 'sofia', 'paul'] as const;
const groupsOf: Record<string, string[]> = {
  dana: ['release'],
  rui: ['release', 'security'],
  sofia: ['security'],
  paul: ['platform'],
};
const steps = [...importSteps, ...lockSteps] as const;

const quorum: fc.Arbitrary<Quorum> = fc.record({
  rules: fc.constantFrom(
    [{ group: 'release', min: 1 }],
    [
      { group: 'release', min: 1 },
      { group: 'security', min: 1 },
    ],
    [{ group: 'security', min: 2 }],
  ),
  total: fc.integer({ min: 1, max: 3 }),
  validFor: fc.constantFrom(500, 100_000),
});
const open: Terms['gates'] = { scan: { mode: 'enforce', maxCritical: 0, maxHigh: 5, maxAge: 1e12 } };
const termsWith = (wanted: Quorum | undefined): Terms => ({ ...(wanted && { quorum: wanted }), gates: open });

/** Mostly what was known before; now and then worse, unknown, moved, or under another policy. */
const judgement: fc.Arbitrary<Judgement> = fc
  .record({
    found: fc.constantFrom<[number, number]>([0, 0], [0, 0], [0, 0], [0, 2], [1, 0]),
    unscanned: fc.constantFrom(false, false, false, false, true),
    moved: fc.constantFrom(false, false, false, false, false, true),
    asks: fc.option(quorum, { nil: undefined, freq: 2 }),
  })
  .map(({ found: [critical, high], unscanned, moved, asks }) => {
    const { scan: _, ...bare } = facts;
    const scan = { critical, high, medium: 0, low: 0, scanner: 's', scannedAt: 0 };
    return {
      facts: { ...bare, ...(!unscanned && { scan }), digest: moved ? other : digest },
      terms: termsWith(asks),
      policy: 'p',
      nonce: 'n',
    };
  });

const person = fc.constantFrom(...people);
const command: fc.Arbitrary<Command> = fc.oneof(
  judgement.map((seen): Command => ({ kind: 'judge', judgement: seen })),
  fc
    .record({
      person,
      decision: fc.constantFrom<'approve' | 'reject'>('approve', 'approve', 'approve', 'reject'),
      seen: judgement,
    })
    .map(
      (ballot): Command => ({
        kind: 'vote',
        person: ballot.person,
        decision: ballot.decision,
        channel: 'slack',
        groups: groupsOf[ballot.person] ?? [],
        reason: 'because',
        terms: ballot.seen.terms,
        judgement: ballot.seen,
      }),
    ),
  fc.record({ seen: judgement, isClosed: fc.boolean() }).map(
    ({ seen, isClosed }): Command => ({
      kind: 'begin',
      judgement: seen,
      ...(isClosed && { closed: { why: 'frozen' } }),
    }),
  ),
  fc.record({ person, may: fc.boolean() }).map((by): Command => ({ kind: 'hold', ...by })),
  fc.record({ person, may: fc.boolean(), judgement }).map((by): Command => ({ kind: 'resume', ...by })),
  fc
    .record({ person, may: fc.boolean(), judgement })
    .map((by): Command => ({ kind: 'break-glass', ...by, reason: 'r', ticket: 't', reviewWithin: 1000 })),
  fc.constantFrom<Command>(
    { kind: 'tick' },
    { kind: 'moved', sourceDigest: digest },
    { kind: 'moved', sourceDigest: other },
    { kind: 'mismatch', digest: other },
    { kind: 'refuse', code: 'x', text: 'x' },
    { kind: 'cancel', person: 'dana', admin: false },
    { kind: 'cancel', person: 'sofia', admin: false },
  ),
  fc.constantFrom(...steps).map((step): Command => ({ kind: 'step-done', step })),
  fc
    .tuple(fc.constantFrom(...steps), fc.boolean())
    .map(([step, retry]): Command => ({ kind: 'step-failed', step, retry, code: 'c', text: 't' })),
);

const known: Judgement = { facts, terms: { gates: {} }, policy: 'p', nonce: 'n' };
/** The way to the end, with anything in between: random commands alone hardly ever get that far. */
const way: readonly Command[] = [
  { kind: 'judge', judgement: known },
  ...['rui', 'sofia', 'dana', 'paul'].map(
    (voter): Command => ({
      kind: 'vote',
      person: voter,
      decision: 'approve',
      channel: 'teams',
      groups: groupsOf[voter] ?? [],
      terms: { gates: {} },
      judgement: known,
    }),
  ),
  { kind: 'begin', judgement: known },
  ...steps.map((step): Command => ({ kind: 'step-done', step })),
];
const noise = fc.array(fc.tuple(command, fc.integer({ min: 0, max: 60 })), { maxLength: 2 });
const history = fc.oneof(
  { weight: 1, arbitrary: fc.array(fc.tuple(command, fc.integer({ min: 0, max: 4000 })), { maxLength: 30 }) },
  {
    weight: 2,
    arbitrary: fc
      .array(noise, { minLength: way.length, maxLength: way.length })
      .map((between) => way.flatMap((next, i) => [...(between[i] ?? []), [next, 1] as [Command, number]])),
  },
);
const asked = fc.record({ quorum: fc.option(quorum, { nil: undefined }), lock: fc.boolean() });

/** Every version of one request under a history of commands. */
function versions(
  options: { quorum: Quorum | undefined; lock: boolean },
  commands: readonly (readonly [Command, number])[],
): readonly Request[] {
  let now = 1000;
  const asking = {
    ...ask,
    subject: { ...promotion, lock: options.lock },
    terms: termsWith(options.quorum),
    expiresAt: 50_000,
  };
  const all = [evolveAll(undefined, decide(undefined, asking, now, hash).events, now)!];
  for (const [next, later] of commands) {
    now += later;
    const request = all.at(-1)!;
    const { events } = decide(request, next, now, hash);
    if (events.length > 0) all.push(evolveAll(request, events, now)!);
  }
  return all;
}

const underWay = ['approved', 'waiting', 'importing', 'locking', 'promoted'];

describe('the approval machine under any history', () => {
  const runs = { numRuns: 3000 };

  it('never changes a request that has ended', () => {
    fc.assert(
      fc.property(asked, history, (options, commands) => {
        const ended = versions(options, commands).findIndex(isTerminal);
        if (ended >= 0) expect(versions(options, commands)).toHaveLength(ended + 1);
      }),
      runs,
    );
  });

  it('raises the version by one with every change', () => {
    fc.assert(
      fc.property(asked, history, (options, commands) => {
        expect(versions(options, commands).map((request) => request.version)).toEqual(
          versions(options, commands).map((_, i) => i + 1),
        );
      }),
      runs,
    );
  });

  it('goes on only with a quorum of distinct eligible people, none the requester, or a break-glass of somebody else', () => {
    let histories = 0;
    let promoted = 0;
    let broken = 0;
    fc.assert(
      fc.property(asked, history, (options, commands) => {
        histories += 1;
        for (const request of versions(options, commands)) {
          if (!underWay.includes(request.state)) continue;
          if (request.state === 'promoted') promoted += 1;
          if (request.glass) broken += 1;
          expect(request.glass?.by).not.toBe('dana');
          const { quorum: needed } = request;
          if (request.glass || !needed) continue;
          const voters = [...new Set(request.votes.map((vote) => vote.person))];
          expect(voters).not.toContain('dana');
          expect(voters.length).toBeGreaterThanOrEqual(needed.total);
          for (const rule of needed.rules)
            expect(
              voters.filter((voter) => groupsOf[voter]?.includes(rule.group)).length,
            ).toBeGreaterThanOrEqual(rule.min);
        }
      }),
      runs,
    );
    expect(promoted).toBeGreaterThan(histories / 60);
    expect(broken).toBeGreaterThan(histories / 60);
  });

  it('holds every approval to the evidence that stands on the card', () => {
    fc.assert(
      fc.property(asked, history, (options, commands) => {
        const all = versions(options, commands);
        const pinned = all.find((request) => request.evidence)?.evidence?.digest;
        for (const request of all) {
          if (underWay.includes(request.state)) expect(stoppedBy(request)).toEqual([]);
          if (request.evidence) expect(request.evidence.digest).toBe(pinned);
        }
      }),
      runs,
    );
  });

  it('never lets the terms of a request get looser', () => {
    fc.assert(
      fc.property(asked, history, (options, commands) => {
        const all = versions(options, commands);
        all.slice(1).forEach((request, i) => {
          const before = all[i]!.quorum;
          if (!before) return;
          const vote = (voter: string) => ({
            person: voter,
            decision: 'approve' as const,
            at: 0,
            groups: groupsOf[voter] ?? [],
            evidence: '',
            channel: 'slack',
          });
          const votes = ['rui', 'sofia', 'paul'].map(vote);
          expect(request.quorum?.total).toBeGreaterThanOrEqual(before.total);
          for (const some of [votes.slice(0, 1), votes.slice(0, 2), votes])
            if (standing(request.quorum!, some, []).met) expect(standing(before, some, []).met).toBe(true);
        });
      }),
      runs,
    );
  });

  it('promotes only what passed every enforced gate and every step, and locks where that is asked', () => {
    fc.assert(
      fc.property(asked, history, (options, commands) => {
        const last = versions(options, commands).at(-1);
        if (last?.state !== 'promoted') return;
        const needed = options.lock ? steps : importSteps;
        expect(last.evidence?.gates.every((gate) => gate.outcome === 'pass')).toBe(true);
        expect(new Set(last.done.map((progress) => progress.step))).toEqual(new Set(needed));
      }),
      runs,
    );
  });
});
