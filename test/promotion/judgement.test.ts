// What new evidence and a new policy do to a request that people have looked at already.
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/promotion/decide.ts';
import { stoppedBy } from '../../src/promotion/judgement.ts';
import type { Command } from '../../src/promotion/machine.ts';
import type { Facts, Request } from '../../src/promotion/request.ts';
import type { Terms } from '../../src/promotion/terms.ts';
import {
  after,
  approving,
  ask,
  asking,
  begin,
  facts,
  hash,
  judge,
  judgement,
  other,
  scanned,
  vote,
} from './machine-world.ts';

const { scan: _, ...unscanned } = facts;
const pending = after(asking);
const eventsOf = (request: Request, command: Command) => decide(request, command, 2, hash).events;

describe('evidence that is worse', () => {
  // A gate that only warns: whatever it says, the votes stay open.
  const terms: Terms = {
    quorum: { rules: [{ group: 'release', min: 1 }], total: 2, validFor: 1000 },
    gates: { scan: { mode: 'warn', maxCritical: 9, maxHigh: 5, maxAge: 1e12 } },
  };
  const seeing = (seen: Facts) => judge({ facts: seen, terms });
  const rui = (seen: Facts) =>
    vote('rui', ['release'], { terms, judgement: judgement({ facts: seen, terms }) });
  const waive = (value: string, seen: Facts): Command => ({
    kind: 'let-pass',
    waiver: { gate: 'scan', value, by: 'sofia', grant: 'P-2' },
    judgement: judgement({ facts: seen, terms }),
  });
  const pass = scanned(0, 5);
  const fail = scanned(0, 6);
  const votedOn = (seen: Facts) => after([{ ...ask, terms }, seeing(seen), rui(seen)]);
  const waivedFail = after(
    [rui(fail)],
    1,
    after([{ ...ask, terms }, seeing(fail), waive('0 critical, 6 high', fail)]),
  );

  it.each([
    ['a pass is now unknown', votedOn(pass), seeing(unscanned)],
    ['a pass now fails', votedOn(pass), seeing(fail)],
    ['what was unknown now fails', votedOn(unscanned), seeing(fail)],
    ['what was waived is now unknown', waivedFail, seeing(unscanned)],
  ])('takes the approvals back: %s', (_what, voted, command) => {
    expect(voted.votes).toHaveLength(1);
    expect(after([command], 2, voted)).toMatchObject({
      votes: [],
      voided: { at: 2, people: ['rui'], why: expect.stringContaining('The gate scan is worse than it was') },
    });
  });

  it.each([
    ['what failed is now unknown', votedOn(fail), seeing(unscanned)],
    ['what failed now passes', votedOn(fail), seeing(pass)],
    ['what was unknown now passes', votedOn(unscanned), seeing(pass)],
    ['a fail is waived', votedOn(fail), waive('0 critical, 6 high', fail)],
    ['what was waived now passes', waivedFail, seeing(pass)],
    ['nothing', votedOn(pass), seeing(pass)],
  ])('is not there, and the approvals stay: %s', (_what, voted, command) => {
    expect(after([command], 2, voted).votes).toHaveLength(1);
  });

  it('of one more high finding takes them back too, though every gate is as it was', () => {
    const voided = after([seeing(scanned(0, 5))], 2, votedOn(scanned(0, 4)));

    expect(voided.voided?.why).toBe('The scanner finds more by now: 0 critical and 5 high.');
  });

  it('says nothing of approvals that nobody has given', () => {
    expect(after([judge({ facts: scanned(0, 5) })], 2, pending)).not.toHaveProperty('voided');
  });
});

describe('the evidence that an approval is of', () => {
  const gates = {};
  const bare = after([ask, judge({ terms: { gates } })]);
  const hashOf = (change: Parameters<typeof judge>[0]) => after([ask, judge(change)]).evidenceHash;

  it('is told apart by the policy, by the outcome of gates and by the counts', () => {
    const hashes = [hashOf({}), hashOf({ policy: 'p2' }), hashOf({ facts: scanned(0, 3) })];

    expect(new Set(hashes).size).toBe(3);
    expect(hashOf({})).toBe(pending.evidenceHash);
  });

  it('is new when the counts are, though no gate looks at them', () => {
    const open = { ...ask, terms: { gates } };
    const before = after([open, judge({ terms: { gates } })]);
    const now = after([judge({ facts: scanned(0, 1), terms: { gates } })], 2, before);

    expect(bare.evidence?.gates).toHaveLength(2);
    expect(before.evidence?.gates).toEqual([]);
    expect(now.evidence?.scan?.high).toBe(1);
    expect(now.evidenceHash).not.toBe(before.evidenceHash);
  });
});

describe('judging again', () => {
  const blocked = after([ask, judge({ facts: scanned(1, 0) })]);
  const approved = after(approving);
  const waiting = after([begin({ closed: { why: 'frozen' } })], 1, approved);

  it.each([
    ['blocked', blocked, judge({ facts: scanned(1, 0) })],
    ['pending', pending, judge()],
    ['approved', approved, judge()],
    ['waiting', waiting, judge()],
  ] as const)('changes nothing of a request that is %s where nothing is new', (state, request, command) => {
    expect(request.state).toBe(state);
    expect(eventsOf(request, command)).toEqual([]);
  });

  it('stops nothing before there is any evidence', () => {
    expect(stoppedBy(after([ask]))).toEqual([]);
  });
});

describe('a source tag', () => {
  it('that moved ends it with both digests; one that is gone says so', () => {
    const end = (command: Command) => after([command], 2, pending).end;

    expect(end({ kind: 'moved', sourceDigest: other })).toEqual({
      code: 'source-moved',
      text: expect.stringContaining(`moved from ${facts.digest} to ${other}`),
    });
    expect(end({ kind: 'moved' })).toEqual({
      code: 'source-moved',
      text: 'The source tag is gone since it was asked for. Push it and ask again.',
    });
  });
});
