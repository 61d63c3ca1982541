import { describe, expect, it } from 'vitest';
import { decide } from '../../src/promotion/decide.ts';
import { evolveAll } from '../../src/promotion/evolve.ts';
import type { Command } from '../../src/promotion/machine.ts';
import type { Evidence, Request } from '../../src/promotion/request.ts';
import { nextEffect } from '../../src/promotion/saga.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const hour = 3_600_000;

const ask: Command = {
  kind: 'ask',
  id: 'P-1',
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
  reason: 'release',
  policy: 'p1',
  quorum: {
    rules: [
      { group: 'release', min: 1 },
      { group: 'security', min: 1 },
    ],
    total: 2,
    validFor: 24 * hour,
  },
  expiresAt: 72 * hour,
  nonce: 'n0',
};
const evidence: Evidence = {
  digest,
  mediaType: 'index',
  size: 1,
  layers: 1,
  platforms: [],
  children: [],
  labels: {},
  referrers: [],
  gates: [],
};
const resolved: Command = { kind: 'resolved', evidence, evidenceHash: 'e1', nonce: 'n1' };

function after(commands: readonly Command[], now = 1): Request {
  return commands.reduce<Request | undefined>(
    (request, command) => evolveAll(request, decide(request, command, now).events, now),
    undefined,
  )!;
}
const vote = (
  person: string,
  groups: string[],
  extra: Partial<Extract<Command, { kind: 'vote' }>> = {},
): Command => ({
  kind: 'vote',
  person,
  groups,
  decision: 'approve',
  channel: 'slack',
  sourceDigest: digest,
  ...extra,
});
const refusal = (request: Request, command: Command, now = 1) => decide(request, command, now).refusal?.code;

describe('the approval machine', () => {
  const pending = after([ask, resolved]);

  it('needs the groups and the number of people that the edge asks for', () => {
    const one = after([ask, resolved, vote('rui', ['release', 'security'])]);
    const two = after([ask, resolved, vote('rui', ['release']), vote('sofia', ['security'])]);

    expect(one.state).toBe('pending');
    expect(two.state).toBe('approved');
  });

  it('refuses the requester, whatever groups they are in', () => {
    expect(refusal(pending, vote('dana', ['release', 'security']))).toBe('self-approval');
  });

  it('refuses people outside the groups, a second vote of one person and a card that is old', () => {
    const once = after([ask, resolved, vote('rui', ['release'])]);

    expect(refusal(pending, vote('olga', ['shop-team']))).toBe('not-eligible');
    expect(refusal(once, vote('rui', ['release']))).toBe('already-voted');
    expect(refusal(pending, vote('rui', ['release'], { nonce: 'n0' }))).toBe('stale-card');
  });

  it('does not count a vote that comes in the millisecond of the expiry', () => {
    const late = decide(pending, vote('rui', ['release']), 72 * hour);

    expect(late.refusal?.code).toBe('expired');
    expect(evolveAll(pending, late.events, 72 * hour)?.state).toBe('expired');
    expect(refusal(pending, vote('rui', ['release']), 72 * hour - 1)).toBeUndefined();
  });

  it('supersedes the request when the source tag moved, and refuses the vote', () => {
    const voted = decide(pending, vote('rui', ['release'], { sourceDigest: other }), 1);

    expect(voted.refusal?.code).toBe('source-moved');
    expect(evolveAll(pending, voted.events, 1)?.state).toBe('superseded');
  });

  it('takes a reject of an eligible person as final, with a reason only', () => {
    const withoutReason = vote('sofia', ['security'], { decision: 'reject' });
    const rejected = after([
      ask,
      resolved,
      vote('sofia', ['security'], { decision: 'reject', reason: 'CVE' }),
    ]);

    expect(refusal(pending, withoutReason)).toBe('reason-needed');
    expect(rejected).toMatchObject({ state: 'rejected', end: { text: 'CVE' } });
    expect(refusal(rejected, vote('rui', ['release']))).toBe('wrong-state');
  });

  it('asks for both the policy of the request and the policy of now', () => {
    const tighter = {
      rules: [
        { group: 'release', min: 1 },
        { group: 'security', min: 2 },
      ],
      total: 3,
      validFor: hour,
    };
    const looser = { rules: [{ group: 'release', min: 1 }], total: 1, validFor: hour };

    expect(
      after([ask, resolved, vote('rui', ['release']), vote('sofia', ['security'], { quorum: tighter })])
        .state,
    ).toBe('pending');
    expect(after([ask, resolved, vote('rui', ['release'], { quorum: looser })]).state).toBe('pending');
  });

  it('refuses a request whose enforced gate did not pass, also when it is only unknown', () => {
    const unknown = {
      ...evidence,
      gates: [{ gate: 'scan', mode: 'enforce', outcome: 'unknown', detail: 'No scan.' }],
    } as const;

    expect(after([ask, { ...resolved, evidence: unknown }])).toMatchObject({
      state: 'refused',
      end: { code: 'gate-failed' },
    });
  });

  it('lets requester and admins cancel until the import begins', () => {
    const importing = after([
      ask,
      resolved,
      vote('rui', ['release']),
      vote('sofia', ['security']),
      { kind: 'begin' },
    ]);
    const cancel: Command = { kind: 'cancel', person: 'dana', admin: false };

    expect(after([ask, resolved, cancel]).state).toBe('cancelled');
    expect(refusal(pending, { kind: 'cancel', person: 'olga', admin: false })).toBe('not-yours');
    expect(refusal(importing, cancel)).toBe('import-began');
  });

  it('walks the steps in order and repeats the lock when it does not read back', () => {
    const steps: Command[] = (['preflight', 'import', 'referrers', 'verify', 'lock'] as const).map(
      (step) => ({ kind: 'step-done', step }),
    );
    const approved = [
      ask,
      resolved,
      vote('rui', ['release']),
      vote('sofia', ['security']),
      { kind: 'begin' } as const,
    ];
    const locked = after([...approved, ...steps]);
    const again = after([
      ...approved,
      ...steps,
      { kind: 'step-failed', step: 'read-back', retry: true, code: 'x', text: 'open' },
    ]);

    expect(nextEffect(locked)).toEqual({ kind: 'step', step: 'read-back' });
    expect(nextEffect(again)).toEqual({ kind: 'step', step: 'lock' });
    expect(after([...approved, ...steps, { kind: 'step-done', step: 'read-back' }]).state).toBe('promoted');
  });

  it('quarantines a target that holds another digest, and fails after six tries', () => {
    const importing = [
      ask,
      resolved,
      vote('rui', ['release']),
      vote('sofia', ['security']),
      { kind: 'begin' } as const,
      { kind: 'step-done', step: 'preflight' } as const,
    ];
    const failure: Command = {
      kind: 'step-failed',
      step: 'import',
      retry: true,
      code: 'azure',
      text: 'down',
    };

    expect(after([...importing, { kind: 'mismatch', digest: other }]).state).toBe('quarantined');
    expect(after([...importing, ...Array.from({ length: 5 }, () => failure)]).state).toBe('importing');
    expect(after([...importing, ...Array.from({ length: 6 }, () => failure)]).state).toBe('failed');
  });

  it('never changes once it has ended', () => {
    const ended = after([ask, resolved, { kind: 'cancel', person: 'dana', admin: false }]);
    const everything: Command[] = [
      resolved,
      vote('rui', ['release']),
      { kind: 'begin' },
      { kind: 'moved' },
      { kind: 'tick' },
      { kind: 'step-done', step: 'lock' },
      { kind: 'mismatch', digest: other },
    ];

    for (const command of everything) expect(decide(ended, command, 1e15).events).toEqual([]);
  });
});
