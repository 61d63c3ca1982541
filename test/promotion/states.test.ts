// Every state: whether it is an end, and what is done next in it.
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/promotion/decide.ts';
import { evolve } from '../../src/promotion/evolve.ts';
import type { Command } from '../../src/promotion/machine.ts';
import { isTerminal, type StateName } from '../../src/promotion/request.ts';
import { nextEffect, stepsOf } from '../../src/promotion/saga.ts';
import { nextMoment } from '../../src/promotion/timing.ts';
import {
  after,
  approving,
  ask,
  asking,
  begin,
  hash,
  hour,
  judge,
  judgement,
  promotion,
  scanned,
} from './machine-world.ts';

const pending = after(asking);
const as = (state: StateName) => ({ ...pending, state });
const done = (step: 'preflight' | 'import' | 'referrers' | 'verify' | 'lock'): Command => ({
  kind: 'step-done',
  step,
});
const toVerify = (['preflight', 'import', 'referrers', 'verify'] as const).map(done);
const locking = after([...approving, begin(), ...toVerify]);
const glass: Command = {
  kind: 'break-glass',
  person: 'ines',
  may: true,
  reason: 'outage',
  ticket: 'INC-1',
  reviewWithin: hour,
  judgement: judgement(),
};
const hold: Command = { kind: 'hold', person: 'dana', may: false };

describe('an end', () => {
  it.each([
    'promoted',
    'granted',
    'refused',
    'rejected',
    'cancelled',
    'expired',
    'superseded',
    'failed',
    'quarantined',
  ] as const)('is %s: nothing is done any more, and nothing takes it back', (state) => {
    expect(isTerminal(as(state))).toBe(true);
    expect(nextEffect(as(state))).toBeUndefined();
    expect(after([judge(), { kind: 'mismatch', digest: 'd' }], 2, as(state))).toEqual(as(state));
    expect(decide(as(state), { kind: 'cancel', person: 'dana', admin: true }, 2, hash).refusal?.code).toBe(
      'wrong-state',
    );
  });

  it.each([
    'resolving',
    'blocked',
    'pending',
    'held',
    'approved',
    'waiting',
    'importing',
    'locking',
  ] as const)('is not %s', (state) => {
    expect(isTerminal(as(state))).toBe(false);
    expect(nextEffect(as(state))).toBeDefined();
  });
});

describe('what is done next', () => {
  it('is to collect the evidence at once, and every five minutes while it stops the request', () => {
    const asked = after([ask], 7);
    const blocked = after([judge({ facts: scanned(1, 0) })], 9, asked);

    expect(nextEffect(asked)).toEqual({ kind: 'judge', at: 7 });
    expect(nextEffect(blocked)).toEqual({ kind: 'judge', at: 9 + 5 * 60_000 });
  });

  it('is to wait for somebody while it is open or held', () => {
    const held = after([hold], 1, pending);

    expect(nextEffect(pending)).toEqual({ kind: 'await', until: nextMoment(pending) });
    expect(nextEffect(held)).toEqual({ kind: 'await', until: 72 * hour });
  });

  it('is to begin once it is approved, or its window may have opened', () => {
    expect(nextEffect(as('approved'))).toEqual({ kind: 'begin' });
    expect(nextEffect(as('waiting'))).toEqual({ kind: 'begin' });
  });

  it('is a lock only on a way that locks', () => {
    const { lock: _, ...open } = promotion;

    expect(stepsOf({ ...pending, subject: { ...open, lock: false } })).toEqual([
      'preflight',
      'import',
      'referrers',
      'verify',
    ]);
    expect(stepsOf(pending).slice(-2)).toEqual(['lock', 'read-back']);
  });
});

describe('a request that was just asked for', () => {
  it('is version 1, has tried nothing, and carries where it was asked and what it needs', () => {
    expect(evolve(undefined, { kind: 'asked', command: ask }, 1).version).toBe(1);
    expect(after([{ ...ask, askedIn: 'slack:C1' }])).toMatchObject({
      state: 'resolving',
      askedIn: 'slack:C1',
      attempt: 0,
      quorum: ask.terms.quorum,
      gates: ask.terms.gates,
    });
  });

  it('is the first thing that happens', () => {
    expect(() => evolve(undefined, { kind: 'blocked' }, 1)).toThrow('the event blocked needs a request');
  });

  it('knows no approved digest, so that nothing can differ from it', () => {
    expect(decide(after([ask]), { kind: 'mismatch', digest: 'd' }, 1, hash).events).toEqual([]);
  });
});

describe('while it is locked', () => {
  it('is too late to hold it, to break out or to refuse it', () => {
    expect(locking.state).toBe('locking');
    for (const command of [hold, glass])
      expect(decide(locking, command, 1, hash).refusal?.code).toBe('import-began');
    expect(after([judge(), { kind: 'refuse', code: 'x', text: 'x' }], 2, locking)).toEqual(locking);
  });
});

describe('while it waits for a window', () => {
  const frozen = (why: string): Command => begin({ closed: { why } });
  const waiting = after([frozen('a freeze')], 1, after(approving));

  it('can be held', () => {
    expect(after([hold], 2, waiting).state).toBe('held');
  });

  it('says what it waits for now', () => {
    expect(decide(waiting, frozen('a freeze'), 2, hash).events).toEqual([]);
    expect(after([frozen('the window')], 2, waiting).waits).toEqual({ why: 'the window' });
  });
});

describe('when its time is over', () => {
  const lapsed = after(approving);
  const late = 200 * hour;

  it('whoever acts on it is told so, and what comes by itself only ends it', () => {
    const resume: Command = { kind: 'resume', person: 'dana', may: false, judgement: judgement() };

    for (const command of [hold, glass, resume])
      expect(decide(pending, command, late, hash)).toMatchObject({
        events: [{ kind: 'ended', state: 'expired' }],
        refusal: { code: 'expired' },
      });
    for (const command of [judge(), { kind: 'tick' } as const, begin()])
      expect(decide(pending, command, late, hash)).not.toHaveProperty('refusal');
  });

  it('says whether it was never approved or never used', () => {
    expect(after([{ kind: 'tick' }], late, pending).end?.code).toBe('not-approved-in-time');
    expect(after([{ kind: 'tick' }], late, lapsed).end?.code).toBe('approval-lapsed');
  });

  it('is escalated so long after it was asked for, whenever that was', () => {
    const asked = after(
      [{ ...ask, escalation: { after: 4 * hour, to: 'leads' }, expiresAt: 100 * hour }, judge()],
      10 * hour,
    );
    const escalatedAt = (now: number) => after([{ kind: 'tick' }], now, asked).escalatedAt;

    expect(escalatedAt(14 * hour - 1)).toBeUndefined();
    expect(escalatedAt(14 * hour)).toBe(14 * hour);
  });
});
