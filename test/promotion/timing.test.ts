import { describe, expect, it } from 'vitest';
import { decide } from '../../src/promotion/decide.ts';
import type { Command } from '../../src/promotion/machine.ts';
import type { Subject } from '../../src/promotion/request.ts';
import { backoff, nextEffect, stepsOf } from '../../src/promotion/saga.ts';
import { nextMoment } from '../../src/promotion/timing.ts';
import {
  after,
  approving,
  ask,
  asking,
  begin,
  hash,
  hour,
  judgement,
  promotion,
  refusal,
  vote,
} from './machine-world.ts';

const review: Subject = { kind: 'review', request: 'P-1', edge: 'to-prod' };
const end = (request: ReturnType<typeof after>) => [request.state, request.end?.code, request.end?.text];

describe('the next try', () => {
  it('comes after 1, 2, 4 ... seconds, and at most a minute', () => {
    expect([1, 2, 3, 6, 7, 8, 99].map(backoff)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000]);
  });
});

describe('what is due', () => {
  it('of a request that is being resolved ends after a minute, to the millisecond', () => {
    const asked = after([ask], 0);

    expect(after([{ kind: 'tick' }], 59_999, asked).state).toBe('resolving');
    expect(end(after([{ kind: 'tick' }], 60_000, asked)).slice(0, 2)).toEqual(['refused', 'resolve-timeout']);
  });

  it('of a review is its last reminder, then its alarm, then nothing', () => {
    const open = after([{ ...ask, subject: review, requester: 'ines' }], 0);
    const reminded = after([{ kind: 'tick' }], 60 * hour, open);
    const late = after([{ kind: 'tick' }], 72 * hour, reminded);

    expect(nextMoment(open)).toBe(18 * hour);
    expect(nextMoment(reminded)).toBe(72 * hour);
    expect(reminded.alarm).toBeUndefined();
    expect(nextMoment(late)).toBe(Number.POSITIVE_INFINITY);
    expect(stepsOf(open)).toEqual([]);
  });

  it('of an approved request is its lapse', () => {
    const approved = after(approving, 5);

    expect(nextMoment(approved)).toBe(24 * hour + 5);
    expect(nextEffect(approved)).toEqual({ kind: 'begin' });
  });
});

describe('who may, and in which words', () => {
  const pending = after(asking);

  it('cancels with a reason, which is trimmed, or with a name', () => {
    const cancel: Command = { kind: 'cancel', person: 'dana', admin: false };

    expect(end(after([{ ...cancel, reason: '  a mistake ' }], 1, pending))).toEqual([
      'cancelled',
      'cancelled',
      'a mistake',
    ]);
    expect(end(after([{ ...cancel, reason: ' ' }], 1, pending))[2]).toBe('Cancelled by dana.');
    expect(refusal(after([cancel], 1, pending), cancel)).toBe('wrong-state');
  });

  it('never takes back a review', () => {
    const open = after([{ ...ask, subject: review }]);

    expect(refusal(open, { kind: 'cancel', person: 'dana', admin: true })).toBe('wrong-state');
    expect(refusal(open, { kind: 'hold', person: 'dana', may: true })).toBe('wrong-state');
    expect(decide(open, { kind: 'mismatch', digest: 'd' }, 1, hash).events).toEqual([]);
  });

  it('holds with a reason, which is trimmed, and resumes by the same people', () => {
    const held = after([{ kind: 'hold', person: 'dana', may: false, reason: ' wait ' }], 1, pending);
    const silent = after([{ kind: 'hold', person: 'dana', may: false, reason: ' ' }], 1, pending);
    const resume = { kind: 'resume', judgement: judgement() } as const;

    expect(held.held).toEqual({ by: 'dana', at: 1, why: 'wait' });
    expect(silent.held).toEqual({ by: 'dana', at: 1 });
    expect(refusal(held, { ...resume, person: 'olga', may: false })).toBe('not-yours');
    expect(after([{ ...resume, person: 'olga', may: true }], 1, held).state).toBe('pending');
  });

  it('rejects with a reason that says something', () => {
    const reject = (reason: string) => vote('rui', ['release'], { decision: 'reject', reason });

    expect(refusal(pending, reject('  '))).toBe('reason-needed');
    expect(end(after([reject(' a CVE ')], 1, pending))).toEqual(['rejected', 'rejected', 'a CVE']);
  });

  it('refuses what is asked for twice, or was never', () => {
    expect(refusal(pending, ask)).toBe('wrong-state');
    expect(decide(undefined, { kind: 'tick' }, 1, hash).refusal?.code).toBe('not-found');
  });

  it('counts for the groups of the quorum alone, and writes down what was seen and said', () => {
    const voted = after([vote('rui', ['release', 'shop-team'], { reason: 'looks good' })], 2, pending);

    expect(voted.votes).toEqual([
      {
        person: 'rui',
        decision: 'approve',
        at: 2,
        groups: ['release'],
        evidence: pending.evidenceHash,
        channel: 'slack',
        reason: 'looks good',
      },
    ]);
    expect(after([vote('rui', ['release'])], 2, pending).votes[0]).not.toHaveProperty('reason');
  });

  it('grants a waiver by the vote alone, and shows no evidence for it', () => {
    const waiver: Subject = { kind: 'waiver', rule: 'CR-1', scope: 'prod', until: 1, values: {} };
    const { judgement: _, ...bare } = vote('rui', ['release']) as Extract<Command, { kind: 'vote' }>;
    const asked = after([{ ...ask, subject: waiver }]);
    const granted = after([bare, { ...bare, person: 'sofia', groups: ['security'] }], 3, asked);

    expect(granted).toMatchObject({ state: 'granted', approvedAt: 3, endedAt: 3 });
    expect(granted.votes.map(({ evidence }) => evidence)).toEqual(['', '']);
  });

  it('names the digest that the target should have', () => {
    const importing = after([...approving, begin()]);
    const [, code, text] = end(after([{ kind: 'mismatch', digest: 'sha256:other' }], 1, importing));

    expect(code).toBe('digest-mismatch');
    expect(text).toContain('sha256:other');
    expect(text).toContain(importing.evidence!.digest);
  });
});

describe('the steps', () => {
  const done = (step: 'preflight' | 'import' | 'referrers' | 'verify'): Command => ({
    kind: 'step-done',
    step,
  });
  const toVerify = (['preflight', 'import', 'referrers', 'verify'] as const).map(done);

  it('of a way without a lock end with the look at the target', () => {
    const open = { ...ask, subject: { ...promotion, lock: false } };
    const votes = approving.slice(1);

    expect(after([open, ...votes, begin(), ...toVerify]).state).toBe('promoted');
    expect(after([...approving, begin(), ...toVerify]).state).toBe('locking');
  });

  it('of a lock are an alarm five minutes after the image was there, to the millisecond', () => {
    const begun = after([begin(), done('preflight')], hour - 1, after(approving, hour - 1));
    const verified = after(toVerify.slice(1), hour, begun);
    const refused: Command = { kind: 'step-failed', step: 'lock', retry: true, code: 'x', text: 'no' };

    expect(after([refused], hour + 5 * 60_000 - 1, verified).alarm).toBeUndefined();
    expect(after([refused], hour + 5 * 60_000, verified).alarm).toContain('no');
  });
});
