import { describe, expect, it } from 'vitest';
import { decide } from '../../src/promotion/decide.ts';
import type { Command } from '../../src/promotion/machine.ts';
import type { Subject } from '../../src/promotion/request.ts';
import { nextEffect } from '../../src/promotion/saga.ts';
import {
  after,
  approving,
  ask,
  asking,
  begin,
  facts,
  hash,
  hour,
  judge,
  judgement,
  other,
  refusal,
  scanned,
  vote,
} from './machine-world.ts';

const pending = after(asking);
const hold: Command = { kind: 'hold', person: 'dana', may: false };
const resume = (change = {}): Command => ({
  kind: 'resume',
  person: 'dana',
  may: false,
  judgement: judgement(change),
});
const glass = (change: Partial<Extract<Command, { kind: 'break-glass' }>> = {}): Command => ({
  kind: 'break-glass',
  person: 'ines',
  may: true,
  reason: 'the shop is down',
  ticket: 'INC-1',
  reviewWithin: 24 * hour,
  judgement: judgement(),
  ...change,
});

describe('a hold', () => {
  it('is for the requester and whom the policy lets, before the import begins', () => {
    expect(after([hold], 1, pending)).toMatchObject({ state: 'held', held: { by: 'dana' } });
    expect(refusal(pending, { ...hold, person: 'olga' })).toBe('not-yours');
    expect(after([{ ...hold, person: 'olga', may: true }], 1, pending).state).toBe('held');
    expect(refusal(after([...approving, begin()]), hold)).toBe('import-began');
    expect(refusal(after([ask]), hold)).toBe('wrong-state');
  });

  it('lets nobody vote, and nothing import', () => {
    const held = after([hold], 1, after(approving));

    expect(refusal(held, vote('rui', ['release']))).toBe('wrong-state');
    expect(after([begin(), judge()], 2, held)).toBe(held);
  });

  it('goes back to where votes and evidence put it', () => {
    const approved = after([hold], 1, after(approving));
    const open = after([hold], 1, pending);

    expect(after([resume()], 2, approved)).toMatchObject({ state: 'approved', approvedAt: 1 });
    expect(after([resume()], 2, open).state).toBe('pending');
    expect(after([resume({ facts: scanned(0, 3) })], 2, approved)).toMatchObject({
      state: 'pending',
      votes: [],
    });
    expect(after([resume({ facts: scanned(1, 0) })], 2, approved).state).toBe('blocked');
    expect(after([resume()], 2, approved).held).toBeUndefined();
    expect(refusal(pending, resume())).toBe('wrong-state');
  });

  it('does not stop the clock', () => {
    const approved = after([hold], 1, after(approving));

    expect(after([{ kind: 'tick' }], 72 * hour, after([hold], 1, pending)).state).toBe('expired');
    expect(refusal(approved, resume(), 24 * hour + 1)).toBe('expired');
  });
});

describe('a closed window or a freeze', () => {
  const closed = { why: 'The stage prod is frozen.', until: 5 * hour };

  it('keeps an approved request waiting, once', () => {
    const waiting = after([begin({ closed })], 1, after(approving));

    expect(waiting).toMatchObject({ state: 'waiting', waits: closed });
    expect(after([begin({ closed })], 2, waiting)).toBe(waiting);
    expect(after([begin()], 3, waiting).state).toBe('importing');
  });

  it('does not lengthen the approval', () => {
    const waiting = after([begin({ closed })], 1, after(approving));

    expect(after([begin()], 24 * hour + 1, waiting)).toMatchObject({
      state: 'expired',
      end: { code: 'approval-lapsed' },
    });
  });
});

describe('break-glass', () => {
  const soaking = { ...facts, inSourceSince: 1 };
  const long = {
    ...judgement().terms,
    gates: { ...judgement().terms.gates, soak: { mode: 'enforce', stage: 'uat', min: hour } },
  } as const;

  it('passes quorum, soak, windows and freezes', () => {
    const broken = after([glass()], 1, pending);
    const soak = judgement({ facts: soaking, terms: long });
    const blocked = after([
      { ...ask, terms: long },
      { kind: 'judge', judgement: soak },
    ]);

    expect(broken).toMatchObject({ state: 'approved', glass: { by: 'ines', ticket: 'INC-1' }, votes: [] });
    expect(after([begin({ closed: { why: 'frozen' } })], 2, broken).state).toBe('importing');
    expect(blocked.state).toBe('blocked');
    expect(after([glass({ judgement: soak })], 1, blocked).state).toBe('approved');
  });

  it('passes no other gate, now or when the import begins', () => {
    const bad = judgement({ facts: scanned(1, 0) });
    const broken = after([glass()], 1, pending);

    expect(refusal(pending, glass({ judgement: bad }))).toBe('gate-failed');
    expect(after([glass({ judgement: bad })], 1, pending)).toBe(pending);
    expect(after([begin({ judgement: bad })], 2, broken).state).toBe('blocked');
  });

  it('is for one person of the group, never for whoever asked, with reason and ticket', () => {
    expect(refusal(pending, glass({ may: false }))).toBe('not-eligible');
    expect(refusal(pending, glass({ person: 'dana' }))).toBe('self-approval');
    expect(refusal(pending, glass({ ticket: ' ' }))).toBe('reason-needed');
    expect(refusal(pending, glass({ reason: '' }))).toBe('reason-needed');
    expect(refusal(pending, glass({ reason: ' ' }))).toBe('reason-needed');
    expect(refusal(after([hold], 1, pending), glass())).toBe('held');
    expect(refusal(after([glass()], 1, pending), glass())).toBe('wrong-state');
  });
});

describe('a broken glass', () => {
  it('says who, why and by when it has to be reviewed', () => {
    const broken = after([glass({ reason: ' the shop is down ', ticket: ' INC-1 ' })], 5, pending);

    expect(broken.glass).toEqual({
      by: 'ines',
      reason: 'the shop is down',
      ticket: 'INC-1',
      at: 5,
      reviewBy: 24 * hour + 5,
    });
  });

  it('is refused in words: who holds it, which gate stops it, what the tag points at', () => {
    const said = (request: typeof pending, command: Command) => decide(request, command, 1, hash).refusal;
    const moved = judgement({ facts: { ...facts, digest: other } });
    const bad = judgement({ facts: scanned(1, 0) });

    expect(said(after([hold], 1, pending), glass())?.text).toContain('is held by dana. Resume it first');
    expect(said(pending, glass({ judgement: bad }))?.text).toContain('does not pass this: scan: 1 critical');
    expect(said(pending, glass({ judgement: moved }))).toEqual({
      code: 'source-moved',
      text: expect.stringContaining(`to ${other}`),
    });
  });
});

describe('a gate that is let pass', () => {
  const blocked = after([ask, judge({ facts: scanned(1, 0) })]);
  const bad = judgement({ facts: scanned(1, 0) });
  const value = blocked.evidence!.gates.find((gate) => gate.gate === 'scan')!.value;
  const pass: Command = {
    kind: 'let-pass',
    waiver: { gate: 'scan', value, by: 'sofia', grant: 'P-2' },
    judgement: bad,
  };
  const passed = after([pass], 2, blocked);

  it('opens the request, shows as waived, and is taken once', () => {
    expect(passed.state).toBe('pending');
    expect(passed.evidence?.gates[0]).toMatchObject({
      outcome: 'waived',
      detail: expect.stringContaining('sofia'),
    });
    expect(after([pass], 3, passed)).toBe(passed);
  });

  it('holds for the value it was given for and no other', () => {
    expect(after([judge({ facts: scanned(2, 0) })], 3, passed).state).toBe('blocked');
  });
});

describe('time', () => {
  it('reminds at a quarter, half and four fifths, each once', () => {
    const at = (share: number) => 1 + Math.round(share * (72 * hour - 1));
    const once = after([{ kind: 'tick' }], at(0.25), pending);

    expect(nextEffect(pending)).toEqual({ kind: 'await', until: at(0.25) });
    expect(once.reminded).toBe(1);
    expect(after([{ kind: 'tick' }], at(0.25) + 1, once)).toBe(once);
    expect(nextEffect(once)).toEqual({ kind: 'await', until: at(0.5) });
    expect(after([{ kind: 'tick' }], at(0.81), pending).reminded).toBe(3);
  });

  it('escalates once, when nobody has decided by then', () => {
    const asked = after([{ ...ask, escalation: { after: hour, to: 'leads' } }, judge()]);
    const escalated = after([{ kind: 'tick' }], hour + 1, asked);

    expect(nextEffect(asked)).toEqual({ kind: 'await', until: hour + 1 });
    expect(escalated.escalatedAt).toBe(hour + 1);
    expect(decide(escalated, { kind: 'tick' }, hour + 2, hash).events).toEqual([]);
  });

  it('alarms once for a review that nobody did in time, and leaves it open', () => {
    const subject: Subject = { kind: 'review', request: 'P-1', edge: 'to-prod' };
    const review = after([{ ...ask, id: 'P-2', subject, requester: 'ines' }]);
    const late = after([{ kind: 'tick' }], 72 * hour, review);

    expect(review.state).toBe('pending');
    expect(late).toMatchObject({ state: 'pending', alarm: expect.stringContaining('P-1') });
    expect(decide(late, { kind: 'tick' }, 80 * hour, hash).events).toEqual([]);
    expect(refusal(late, vote('ines', ['release', 'security']), 80 * hour)).toBe('self-approval');
    expect(after([vote('rui', ['release']), vote('sofia', ['security'])], 80 * hour, late).state).toBe(
      'granted',
    );
  });
});
