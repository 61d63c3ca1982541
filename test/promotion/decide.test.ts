import { describe, expect, it } from 'vitest';
import { decide } from '../../src/promotion/decide.ts';
import { evolveAll } from '../../src/promotion/evolve.ts';
import type { Command } from '../../src/promotion/machine.ts';
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
  promotion,
  refusal,
  scanned,
  vote,
} from './machine-world.ts';

describe('the approval machine', () => {
  const pending = after(asking);

  it('needs the groups and the number of people that the edge asks for', () => {
    expect(after([...asking, vote('rui', ['release', 'security'])]).state).toBe('pending');
    expect(after(approving).state).toBe('approved');
  });

  it('refuses the requester, and whom the request bars, whatever groups they are in', () => {
    const barred = after([{ ...ask, barred: ['olga'] }, judge()]);

    expect(refusal(pending, vote('dana', ['release', 'security']))).toBe('self-approval');
    expect(refusal(barred, vote('olga', ['release', 'security']))).toBe('self-approval');
  });

  it('refuses people outside the groups, a second vote of one person and a card that is old', () => {
    const once = after([...asking, vote('rui', ['release'])]);

    expect(refusal(pending, vote('olga', ['shop-team']))).toBe('not-eligible');
    expect(refusal(once, vote('rui', ['release']))).toBe('already-voted');
    expect(refusal(pending, vote('rui', ['release'], { nonce: 'n0' }))).toBe('stale-card');
  });

  it('does not count a vote that comes in the millisecond of the expiry', () => {
    const late = decide(pending, vote('rui', ['release']), 72 * hour, hash);

    expect(late.refusal?.code).toBe('expired');
    expect(evolveAll(pending, late.events, 72 * hour)?.state).toBe('expired');
    expect(refusal(pending, vote('rui', ['release']), 72 * hour - 1)).toBeUndefined();
  });

  it('supersedes the request when the source tag moved, whichever command finds it', () => {
    const moved = judgement({ facts: { ...facts, digest: other } });
    const approved = after(approving);
    const held = after([{ kind: 'hold', person: 'dana', may: false }], 1, pending);
    const glass = {
      kind: 'break-glass',
      person: 'ines',
      may: true,
      reason: 'outage',
      ticket: 'INC-1',
      reviewWithin: hour,
    } as const;

    expect(refusal(pending, vote('rui', ['release'], { judgement: moved }))).toBe('source-moved');
    for (const [request, command] of [
      [pending, vote('rui', ['release'], { judgement: moved })],
      [pending, { kind: 'moved', sourceDigest: other }],
      [pending, { kind: 'moved' }],
      [approved, begin({ judgement: moved })],
      [held, { kind: 'resume', person: 'dana', may: false, judgement: moved }],
      [pending, { ...glass, judgement: moved }],
    ] as const)
      expect(after([command], 1, request).state).toBe('superseded');
  });

  it('takes a reject of an eligible person as final, with a reason only, also where nothing can be read', () => {
    const { judgement: _, ...unread } = vote('sofia', ['security'], { decision: 'reject' }) as Extract<
      Command,
      { kind: 'vote' }
    >;
    const rejected = after([...asking, { ...unread, reason: 'CVE' }]);

    expect(refusal(pending, unread)).toBe('reason-needed');
    expect(rejected).toMatchObject({ state: 'rejected', end: { text: 'CVE' } });
    expect(refusal(rejected, vote('rui', ['release']))).toBe('wrong-state');
  });

  it('counts no approval whose evidence could not be read again', () => {
    const { judgement: _, ...unread } = vote('rui', ['release']) as Extract<Command, { kind: 'vote' }>;

    expect(refusal(pending, unread)).toBe('wrong-state');
    expect(after([unread], 1, pending).votes).toEqual([]);
  });

  it('lets requester and admins cancel until the import begins', () => {
    const cancel: Command = { kind: 'cancel', person: 'dana', admin: false };

    expect(after([...asking, cancel]).state).toBe('cancelled');
    expect(after([...asking, { kind: 'cancel', person: 'paul', admin: true }]).state).toBe('cancelled');
    expect(refusal(pending, { kind: 'cancel', person: 'olga', admin: false })).toBe('not-yours');
    expect(refusal(after([...approving, begin()]), cancel)).toBe('import-began');
  });

  it('ends what can never be: refused before anybody saw it, superseded after', () => {
    const gone: Command = { kind: 'refuse', code: 'edge-gone', text: 'No such way.' };

    expect(after([ask, gone]).state).toBe('refused');
    expect(after([...asking, gone]).state).toBe('superseded');
    expect(after([...approving, gone]).state).toBe('superseded');
    expect(after([...approving, begin(), gone]).state).toBe('importing');
  });

  it('never changes once it has ended', () => {
    const ended = after([...asking, { kind: 'cancel', person: 'dana', admin: false }]);
    const everything: Command[] = [
      judge(),
      vote('rui', ['release']),
      begin(),
      { kind: 'moved' },
      { kind: 'tick' },
      { kind: 'hold', person: 'dana', may: true },
      { kind: 'resume', person: 'dana', may: true, judgement: judgement() },
      {
        kind: 'let-pass',
        waiver: { gate: 'scan', value: 'v', by: 'b', grant: 'P-2' },
        judgement: judgement(),
      },
      { kind: 'refuse', code: 'c', text: 't' },
      { kind: 'step-done', step: 'lock' },
      { kind: 'mismatch', digest: other },
    ];

    for (const command of everything) expect(decide(ended, command, 1e15, hash).events).toEqual([]);
  });
});

describe('the import and the lock', () => {
  it('walks the steps in order and repeats the lock when it does not read back', () => {
    const steps: Command[] = (['preflight', 'import', 'referrers', 'verify', 'lock'] as const).map(
      (step) => ({ kind: 'step-done', step }),
    );
    const locked = after([...approving, begin(), ...steps]);
    const again = after(
      [{ kind: 'step-failed', step: 'read-back', retry: true, code: 'x', text: 'open' }],
      1,
      locked,
    );

    expect(nextEffect(locked)).toEqual({ kind: 'step', step: 'read-back' });
    expect(nextEffect(again)).toEqual({ kind: 'step', step: 'lock' });
    expect(after([{ kind: 'step-done', step: 'read-back' }], 1, locked).state).toBe('promoted');
  });

  it('copies what hangs on the image again when it is found missing', () => {
    const steps = (['preflight', 'import', 'referrers'] as const).map(
      (step): Command => ({ kind: 'step-done', step }),
    );
    const missing: Command = { kind: 'step-failed', step: 'verify', retry: true, code: 'x', text: 'missing' };
    const again = after([missing], 1, after([...approving, begin(), ...steps]));

    expect(nextEffect(again)).toEqual({ kind: 'step', step: 'referrers' });
    expect(again.done.map((progress) => progress.step)).toEqual(['preflight', 'import']);
  });

  it('imports nothing for a rollback: it verifies, and locks again', () => {
    const back = { ...ask, subject: { ...promotion, rollback: true } } as const;
    const began = after([back, judge(), vote('rui', ['release']), vote('sofia', ['security']), begin()]);
    const steps = (['preflight', 'verify', 'lock', 'read-back'] as const).map(
      (step): Command => ({ kind: 'step-done', step }),
    );

    expect(after(steps, 1, began)).toMatchObject({
      state: 'promoted',
      done: [{ step: 'preflight' }, { step: 'verify' }, { step: 'lock' }, { step: 'read-back' }],
    });
  });

  it('quarantines a target that holds another digest, and fails after six tries', () => {
    const importing = after([...approving, begin(), { kind: 'step-done', step: 'preflight' }]);
    const failure: Command = {
      kind: 'step-failed',
      step: 'import',
      retry: true,
      code: 'azure',
      text: 'down',
    };

    expect(after([{ kind: 'mismatch', digest: other }], 1, after(asking)).state).toBe('quarantined');
    expect(after([{ kind: 'mismatch', digest: other }], 1, importing)).toMatchObject({
      state: 'quarantined',
      alarm: expect.stringContaining(other),
    });
    expect(after(Array(5).fill(failure), 1, importing).state).toBe('importing');
    expect(after(Array(6).fill(failure), 1, importing).state).toBe('failed');
  });

  it('raises one alarm for a lock that does not hold for five minutes, and goes on trying', () => {
    const verified = after([
      ...approving,
      begin(),
      ...(['preflight', 'import', 'referrers', 'verify'] as const).map(
        (step): Command => ({ kind: 'step-done', step }),
      ),
    ]);
    const failure: Command = { kind: 'step-failed', step: 'lock', retry: true, code: 'x', text: 'no' };
    const early = after([failure], 4 * 60_000, verified);
    const late = decide(early, failure, 6 * 60_000, hash).events;

    expect(early.alarm).toBeUndefined();
    expect(late.map((event) => event.kind)).toEqual(['trouble', 'alarmed']);
    expect(
      decide(evolveAll(early, late, 6 * 60_000)!, failure, 7 * 60_000, hash).events.map(
        (event) => event.kind,
      ),
    ).toEqual(['trouble']);
  });
});

describe('what the evidence says', () => {
  const blocked = after([ask, judge({ facts: scanned(1, 0) })]);

  it('blocks a request whose enforced gate did not pass, also when it is only unknown', () => {
    const { scan: _, ...unscanned } = facts;

    expect(blocked.state).toBe('blocked');
    expect(after([ask, judge({ facts: unscanned })]).state).toBe('blocked');
    expect(refusal(blocked, vote('rui', ['release']))).toBe('wrong-state');
  });

  it('opens a blocked request when the gate passes, and expires it when none ever does', () => {
    expect(after([judge()], 2, blocked).state).toBe('pending');
    expect(nextEffect(blocked)).toEqual({ kind: 'judge', at: 5 * 60_000 + 1 });
    expect(after([{ kind: 'tick' }], 72 * hour, blocked).state).toBe('expired');
  });

  it('voids the votes when the evidence is worse, says why, and refuses the vote that found it', () => {
    const voted = after([...asking, vote('rui', ['release'])]);
    const worse = vote('sofia', ['security'], {
      judgement: judgement({ facts: scanned(0, 3), nonce: 'n2' }),
    });
    const decided = decide(voted, worse, 2, hash);

    expect(decided.refusal?.code).toBe('evidence-changed');
    expect(evolveAll(voted, decided.events, 2)).toMatchObject({
      state: 'pending',
      votes: [],
      nonce: 'n2',
      voided: { people: ['rui'], why: expect.stringContaining('3 high') },
    });
  });

  it('takes a vote on better evidence, and leaves the votes that were given', () => {
    const voted = after([...asking, vote('rui', ['release'])]);
    const better = vote('sofia', ['security'], { judgement: judgement({ facts: scanned(0, 0) }) });

    expect(after([better], 2, voted)).toMatchObject({ state: 'approved', votes: [{}, {}] });
  });

  it('goes back from approved when the evidence gets worse before the import', () => {
    const approved = after(approving);
    const high = begin({ judgement: judgement({ facts: scanned(0, 4), nonce: 'n2' }) });
    const critical = begin({ judgement: judgement({ facts: scanned(1, 0), nonce: 'n2' }) });

    expect(after([high], 2, approved)).toMatchObject({ state: 'pending', votes: [] });
    expect(after([critical], 2, approved)).toMatchObject({ state: 'blocked', votes: [] });
    expect(after([high], 2, approved).approvedAt).toBeUndefined();
  });
});

describe('the terms', () => {
  const { quorum, gates } = judgement().terms;
  const tighter = { quorum: quorum!, gates: { ...gates, scan: { ...gates.scan!, maxHigh: 1 } } };
  const three = { quorum: { ...quorum!, total: 3 }, gates };
  const looser = { quorum: { ...quorum!, rules: [{ group: 'release', min: 1 }], total: 1 }, gates: {} };

  it('voids the votes when the policy gets tighter, and blocks what it forbids now', () => {
    const voted = after([...asking, vote('rui', ['release'])]);

    expect(after([judge({ terms: three, nonce: 'n2' })], 2, voted)).toMatchObject({
      state: 'pending',
      votes: [],
      quorum: { total: 3 },
    });
    expect(after([judge({ terms: tighter })], 2, voted)).toMatchObject({ state: 'blocked', votes: [] });
    expect(after([begin({ judgement: judgement({ terms: three }) })], 2, after(approving)).state).toBe(
      'pending',
    );
  });

  it('is not helped by a policy that gets looser while it waits', () => {
    const blocked = after([ask, judge({ facts: scanned(1, 0) })]);
    const one = after([
      ...asking,
      vote('rui', ['release'], { terms: looser, judgement: judgement({ terms: looser }) }),
    ]);

    expect(one).toMatchObject({ state: 'pending', quorum: { total: 2 }, votes: [{}] });
    expect(after([judge({ facts: scanned(1, 0), terms: looser })], 2, blocked).state).toBe('blocked');
  });

  it('keeps the votes when only the order of the policy changed', () => {
    const turned = { quorum: { ...quorum!, rules: [...quorum!.rules].reverse() }, gates };
    const voted = after([...asking, vote('rui', ['release'])]);

    expect(after([judge({ terms: turned, nonce: 'n2' })], 2, voted)).toBe(voted);
  });
});
