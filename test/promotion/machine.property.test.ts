import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/promotion/decide.ts';
import { evolveAll } from '../../src/promotion/evolve.ts';
import type { Command } from '../../src/promotion/machine.ts';
import {
  importSteps,
  isTerminal,
  lockSteps,
  type Quorum,
  type Request,
} from '../../src/promotion/request.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const people = ['dana', 'rui', 'sofia', 'paul'] as const;
const groupsOf: Record<string, string[]> = {
  dana: ['release'],
  rui: ['release', 'security'],
  sofia: ['security'],
  paul: ['platform'],
};
const steps = [...importSteps, ...lockSteps] as const;

const quorum = fc.record({
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
const evidence = fc
  .constantFrom<'pass' | 'fail' | 'unknown'>('pass', 'pass', 'pass', 'fail', 'unknown')
  .map((outcome) => ({
    digest,
    mediaType: 'm',
    size: 1,
    layers: 1,
    platforms: [],
    children: [],
    labels: {},
    referrers: [],
    gates: [{ gate: 'scan', mode: 'enforce' as const, outcome, detail: 'd' }],
  }));
const command: fc.Arbitrary<Command> = fc.oneof(
  evidence.map((found): Command => ({ kind: 'resolved', evidence: found, evidenceHash: 'h', nonce: 'n1' })),
  fc
    .record({
      person: fc.constantFrom(...people),
      decision: fc.constantFrom('approve', 'approve', 'approve', 'reject'),
      moved: fc.constantFrom(false, false, false, true),
      now: fc.option(quorum, { nil: undefined }),
    })
    .map(
      ({ person, decision, moved, now }): Command => ({
        kind: 'vote',
        person,
        decision: decision as 'approve' | 'reject',
        channel: 'slack',
        groups: groupsOf[person] ?? [],
        reason: 'because',
        sourceDigest: moved ? other : digest,
        ...(now && { quorum: now }),
      }),
    ),
  fc.constantFrom<Command>(
    { kind: 'begin' },
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
/** The way to the end, with anything in between: random commands alone hardly ever get that far. */
const way: readonly Command[] = [
  {
    kind: 'resolved',
    evidence: {
      digest,
      mediaType: 'm',
      size: 1,
      layers: 1,
      platforms: [],
      children: [],
      labels: {},
      referrers: [],
      gates: [],
    },
    evidenceHash: 'h',
    nonce: 'n',
  },
  ...['rui', 'sofia', 'dana', 'paul'].map(
    (person): Command => ({
      kind: 'vote',
      person,
      decision: 'approve',
      channel: 'teams',
      groups: groupsOf[person] ?? [],
      sourceDigest: digest,
    }),
  ),
  { kind: 'begin' },
  ...steps.map((step): Command => ({ kind: 'step-done', step })),
];
const noise = fc.array(fc.tuple(command, fc.integer({ min: 0, max: 60 })), { maxLength: 3 });
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

function ask(options: { quorum: Quorum | undefined; lock: boolean }): Command {
  return {
    kind: 'ask',
    id: 'P-1',
    subject: {
      kind: 'promotion',
      edge: 'e',
      repository: 'shop/web',
      tag: 'v1',
      source: 'uat',
      target: 'prod',
      fromStage: 'uat',
      toStage: 'prod',
      lock: options.lock,
    },
    requester: 'dana',
    reason: 'r',
    policy: 'p',
    expiresAt: 50_000,
    nonce: 'n0',
    ...(options.quorum && { quorum: options.quorum }),
  };
}

/** Every version of one request under a history of commands. */
function versions(
  options: { quorum: Quorum | undefined; lock: boolean },
  commands: readonly (readonly [Command, number])[],
): readonly Request[] {
  let now = 1000;
  const first = evolveAll(undefined, decide(undefined, ask(options), now).events, now)!;
  const all = [first];
  let request = first;
  for (const [next, later] of commands) {
    now += later;
    const { events } = decide(request, next, now);
    const after = evolveAll(request, events, now)!;
    if (events.length > 0) all.push(after);
    request = after;
  }
  return all;
}

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

  it('imports and promotes only with a quorum of distinct eligible people, none of them the requester', () => {
    let promoted = 0;
    fc.assert(
      fc.property(asked, history, (options, commands) => {
        for (const request of versions(options, commands)) {
          if (!['approved', 'importing', 'locking', 'promoted'].includes(request.state) || !request.quorum)
            continue;
          if (request.state === 'promoted') promoted += 1;
          const voters = new Set(
            request.votes
              .filter((vote) => vote.decision === 'approve' && vote.person !== 'dana')
              .map((vote) => vote.person),
          );
          expect(voters.size).toBeGreaterThanOrEqual(request.quorum.total);
          for (const rule of request.quorum.rules)
            expect(
              [...voters].filter((person) => groupsOf[person]?.includes(rule.group)).length,
            ).toBeGreaterThanOrEqual(rule.min);
        }
      }),
      runs,
    );
    expect(promoted).toBeGreaterThan(50);
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

describe('an approval that waits', () => {
  const approved = versions({ quorum: undefined, lock: true }, [[way[0]!, 1]]).at(-1)!;

  it('ends when the policy of now asks for more than was given', () => {
    const tighter = { rules: [{ group: 'release', min: 1 }], total: 1, validFor: 1000 };
    const { events } = decide(approved, { kind: 'begin', quorum: tighter }, 2000);

    expect(approved.state).toBe('approved');
    expect(evolveAll(approved, events, 2000)).toMatchObject({
      state: 'superseded',
      end: { code: 'policy-tighter' },
    });
  });

  it('lapses also where no approval was needed', () => {
    const { events } = decide(approved, { kind: 'begin' }, 50_000);

    expect(evolveAll(approved, events, 50_000)).toMatchObject({ state: 'expired' });
  });
});
