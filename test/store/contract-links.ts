// The part of the contract about accounts that people link to themselves.
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import type { Ledger, LinkAsked, LinkBasis, LinkConfirmed, LinkVerdict } from '../../src/ports.ts';
import type { Rivals } from './contract.ts';
import { entry } from './contract-samples.ts';
import type { TestDatabase } from './databases.ts';

const account = { channel: 'slack', tenant: 'T1', user: 'U1' } as const;
const asked: LinkAsked = {
  state: 'asked',
  id: 'slack:T1/U1',
  account,
  called: 'dana of contoso',
  code: 'hash',
  until: 9e15,
};

/** Whoever comes first with the code gets the account; it says whether that was this one. */
export const confirmingBy =
  (person: string) =>
  ({ before, now }: LinkBasis): LinkVerdict<boolean> => {
    if (before?.state !== 'asked') return { result: false };
    const link: LinkConfirmed = {
      state: 'confirmed',
      id: before.id,
      account: before.account,
      called: before.called,
      person,
      confirmedBy: { channel: 'teams', tenant: 'a', user: 'b' },
      since: now,
    };
    return { result: true, decision: { link, audit: [entry(`linked ${person}`)], jobs: [job] } };
  };

const job = { key: 'link:1', kind: 'link', payload: {}, runAt: 0 } as const;

export function links(database: () => TestDatabase, rivals: Rivals): void {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await database().open();
    await ask(asked);
  });
  const ask = (link: LinkAsked) =>
    ledger.changeLink({ id: link.id }, () => ({
      result: undefined,
      decision: { link, audit: [entry('asked')], jobs: [] },
    }));
  const spoil = async (statement: string) => sql.raw(statement).execute((await database().engine()).db);

  it('is found by its code until it is confirmed, with its audit row and its work, and then by its id', async () => {
    const seen = await ledger.changeLink({ code: 'hash' }, ({ before }) => ({ result: before }));
    const first = await ledger.changeLink({ code: 'hash' }, confirmingBy('dana'));
    const again = await ledger.changeLink({ code: 'hash' }, confirmingBy('rui'));

    expect([seen, first, again]).toEqual([asked, true, false]);
    expect(await ledger.link(asked.id)).toMatchObject({ state: 'confirmed', person: 'dana' });
    expect((await ledger.links()).map(({ id, person }) => [id, person])).toEqual([[asked.id, 'dana']]);
    expect((await ledger.auditRows()).map((row) => row.action)).toEqual(['asked', 'linked dana']);
    expect(await ledger.claim('w', 10)).toMatchObject({ key: 'link:1' });
  });

  it('has one code at a time, and none once it is deleted', async () => {
    await ask({ ...asked, code: 'another' });
    const old = await ledger.changeLink({ code: 'hash' }, confirmingBy('dana'));
    await ledger.changeLink({ id: asked.id }, () => ({
      result: undefined,
      decision: { audit: [], jobs: [] },
    }));

    expect(old).toBe(false);
    expect(await ledger.changeLink({ code: 'another' }, confirmingBy('dana'))).toBe(false);
    expect(await ledger.link(asked.id)).toBeUndefined();
  });

  it('is forgotten with its code when nobody confirmed it, and kept when somebody did', async () => {
    const other = (user: string, until: number): LinkAsked => ({
      ...asked,
      id: `slack:T1/${user}`,
      code: `hash ${user}`,
      until,
    });
    const now = await ledger.change('-', (basis) => ({ result: basis.now }));
    await ledger.changeLink({ code: 'hash' }, confirmingBy('dana'));
    await ask(other('U2', now - 1));
    await ask(other('U3', now + 3_600_000));

    await ledger.thin();
    await ledger.thin();

    const kept = await Promise.all(['U1', 'U2', 'U3'].map((user) => ledger.link(`slack:T1/${user}`)));
    expect(kept.map((link) => link?.state)).toEqual(['confirmed', undefined, 'asked']);
  });

  it('is given to one of 40 who confirm at once from two processes', async () => {
    const won = (await rivals('link', 20)).flat();

    const rows = (await ledger.auditRows()).filter((row) => row.action.startsWith('linked'));
    expect([won.length, won.filter(Boolean).length, rows.length]).toEqual([40, 1, 1]);
  });

  it.each([
    ['another person in its row', `update account_link set body = replace(body, 'dana"', 'rui"')`],
    ['a row of another account', `update account_link set id = 'slack:T1/U2'`],
    ['a code of its own', `update account_link set code = 'mine'`],
    ['no signature of ours', `update account_link set signature = ''`],
  ])('counts as none with %s, written past the product', async (_, statement) => {
    await ledger.changeLink({ code: 'hash' }, confirmingBy('dana'));
    const before = await ledger.links();
    await spoil(statement);

    expect(before).toHaveLength(1);
    expect(await ledger.links()).toEqual([]);
    expect([await ledger.link('slack:T1/U1'), await ledger.link('slack:T1/U2')]).toEqual([
      undefined,
      undefined,
    ]);
  });
}
