// The part of the contract about what a store keeps, for how long, and what it lets go of.
import { beforeEach, expect, it } from 'vitest';
import type { Ledger, ReferenceStore } from '../../src/ports.ts';
import { writing } from './contract-samples.ts';
import type { TestDatabase } from './databases.ts';

const day = 24 * 3_600_000;
const asking = { requester: 'dana' };

export function kept(database: () => TestDatabase): void {
  let ledger: Ledger & ReferenceStore;
  beforeEach(async () => {
    ledger = await database().open();
  });

  it('a delivery is taken once in 24 hours, and one that was not answered is remembered', async () => {
    expect(await ledger.accept('a', { x: 1 })).toBe(true);
    await database().advance(day + 1);
    expect(await ledger.accept('a', { x: 2 })).toBe(false);
    expect(await ledger.unanswered()).toEqual([{ key: 'a', payload: { x: 1 } }]);
    await ledger.answered('a');
    expect(await ledger.unanswered()).toEqual([]);
    expect(await ledger.accept('a', { x: 3 })).toBe(true);
    expect(await ledger.unanswered()).toEqual([{ key: 'a', payload: { x: 3 } }]);
    await ledger.answered('a');
    expect(await ledger.accept('a', {})).toBe(false);
  });

  it('of deliveries that come at once, each is taken once, and one that cannot be stored costs only itself', async () => {
    const loop: Record<string, unknown> = {};
    loop['itself'] = loop;

    const taken = await Promise.allSettled([
      ...['a', 'b', 'a', 'c', 'b'].map((key, i) => ledger.accept(key, { i })),
      ledger.accept('never', loop),
    ]);
    await Promise.all(['a', 'c'].map((key) => ledger.answered(key)));

    const values = taken.map((each) => (each.status === 'fulfilled' ? each.value : 'failed'));
    const takenOf = (...places: readonly number[]) => places.filter((i) => values[i] === true).length;
    // Which of two equal ones is first is the store's affair.
    expect([takenOf(0, 2), takenOf(1, 4), takenOf(3)]).toEqual([1, 1, 1]);
    expect(values[5]).toBe('failed');
    expect((await ledger.unanswered()).map(({ key }) => key)).toEqual(['b']);
  });

  it('a digest slot is claimed once, of 20 at once', async () => {
    const slot = { name: 'weekly', to: 'slack:T/C', periodEnd: 1_800_000_000_000 };
    const claims = await Promise.all(Array.from({ length: 20 }, () => ledger.claimDigest(slot)));

    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await ledger.unsentDigests()).toEqual([slot]);
    await ledger.digestSent(slot, { channel: 'slack', place: 'slack:T/C', message: '1' }, 8);
    expect(await ledger.unsentDigests()).toEqual([]);
    expect(await ledger.lastDigest('weekly', 'slack:T/C')).toBe(1_800_000_000_000);
    expect(await ledger.lastDigest('weekly', 'slack:T/D')).toBeUndefined();
  });

  it('messages are remembered once each, requests and conversations by their keys', async () => {
    const ref = { channel: 'slack', place: 'slack:T/C', message: '1' } as const;
    for (const each of [ref, ref, { ...ref, message: '2' }]) await ledger.remember('P-1', each);
    for (const body of ['one', 'two']) await ledger.put('teams:x', body);
    for (const id of ['P-1', 'P-2'])
      await ledger.change(id, writing({ id, createdAt: id === 'P-1' ? 1 : 2 }), asking);

    expect(await ledger.messages('P-1')).toEqual([ref, { ...ref, message: '2' }]);
    expect(await ledger.get('teams:x')).toBe('two');
    await ledger.remove('teams:x');
    expect(await ledger.get('teams:x')).toBeUndefined();
    expect((await ledger.requests()).map(({ id }) => id)).toEqual(['P-2', 'P-1']);
    expect((await ledger.requests({ limit: 1, requester: 'dana' })).map(({ id }) => id)).toEqual(['P-2']);
    expect(await ledger.requests({ states: ['pending'] })).toEqual([]);
  });

  it('is thinned: old jobs, deliveries, scores and messages go, and nothing that is still needed', async () => {
    const midnight = Math.floor(Date.now() / day) * day;
    const score = (daysAgo: number, hour: number) =>
      ledger.saveScore({ asOf: midnight - daysAgo * day + hour * 3_600_000, score: hour, findings: {} });
    for (const daysAgo of [450, 30, 20, 2]) for (const hour of [3, 9]) await score(daysAgo, hour);
    for (const key of ['done', 'open'])
      await ledger.enqueue({ key, kind: 'notify', payload: {}, runAt: key === 'done' ? 0 : 1 });
    await ledger.finish((await ledger.claim('w', 10))!);
    for (const key of ['answered', 'left']) await ledger.accept(key, {});
    await ledger.answered('answered');
    const now = await ledger.change('-', (basis) => ({ result: basis.now }));
    const ended = { 'P-1': now - 201 * day, 'P-2': now - 190 * day, 'P-3': undefined };
    for (const [id, endedAt] of Object.entries(ended)) {
      await ledger.change(id, writing({ id, ...(endedAt && { endedAt }) }), asking);
      await ledger.remember(id, { channel: 'slack', place: 'p', message: '1' });
    }
    await database().advance(2 * day);
    await ledger.accept('new', {});
    await ledger.answered('new');

    await ledger.thin();
    await ledger.thin();

    expect(
      (await ledger.scores(0)).map((row) => [Math.round((midnight - row.asOf) / day), row.score]),
    ).toEqual([
      [30, 9],
      [20, 9],
      [2, 3],
      [2, 9],
    ]);
    expect(await ledger.enqueue({ key: 'done', kind: 'notify', payload: {}, runAt: 0 })).toBe(true);
    expect(await ledger.enqueue({ key: 'open', kind: 'notify', payload: {}, runAt: 0 })).toBe(false);
    expect((await ledger.unanswered()).map(({ key }) => key)).toEqual(['left']);
    expect([await ledger.accept('answered', {}), await ledger.accept('new', {})]).toEqual([true, false]);
    expect((await ledger.messages('P-1')).length).toBe(0);
    expect((await ledger.messages('P-2')).length + (await ledger.messages('P-3')).length).toBe(2);
    expect(await ledger.request('P-1')).toBeDefined();
  });
}
