// What every store must do, whatever it is made of: run for each dialect.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Asking, Ledger } from '../../src/ports.ts';
import { migrations } from '../../src/store/schema.ts';
import { entry, request, writing } from './contract-samples.ts';
import { kept } from './contract-kept.ts';
import { links } from './contract-links.ts';
import type { TestDatabase } from './databases.ts';

const day = 24 * 3_600_000;
const run = promisify(execFile);

export function storeContract(create: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await create();
  });
  afterEach(() => database.close());

  /** Processes of their own that do the same at once; gives what each of them printed. */
  const rivals = (deed: string, count: number, processes = 2): Promise<unknown[]> =>
    Promise.all(
      Array.from({ length: processes }, async (_, i) => {
        const file = new URL('./rival.ts', import.meta.url).pathname;
        const { stdout } = await run(process.execPath, [file, deed, String(count), `rival ${i}`], {
          env: { ...process.env, ...database.environment },
        });
        return JSON.parse(stdout) as unknown;
      }),
    );

  describe('a decision', () => decisions(() => database, rivals));
  describe('a job', () => jobs(() => database, rivals));
  describe('the audit chain', () => auditChain(() => database, rivals));
  describe('a linked account', () => links(() => database, rivals));
  describe('what is kept', () => kept(() => database));
}

type Database = () => TestDatabase;
export type Rivals = (deed: string, count: number, processes?: number) => Promise<unknown[]>;
const asking: Asking = { requester: 'dana' };

function decisions(database: Database, rivals: Rivals): void {
  it('is made on what is stored, and written with its audit rows and its work', async () => {
    const ledger = await database().open();
    const job = { key: 'step:P-1:1', kind: 'step', payload: { id: 'P-1' }, runAt: 0 } as const;

    const seen = await ledger.change(
      'P-1',
      ({ before }) => ({ result: before, decision: { request, audit: [entry('asked')], jobs: [job] } }),
      asking,
    );
    const next = await ledger.change('P-1', writing({ state: 'pending' }, 'resolved'));
    const refused = await ledger.change('P-1', ({ before }) => ({ result: before?.state }));

    expect([seen, next, refused]).toEqual([undefined, true, 'pending']);
    expect(await ledger.request('P-1')).toEqual({ ...request, version: 2, state: 'pending' });
    expect((await ledger.auditRows()).map((row) => row.action)).toEqual(['asked', 'resolved']);
    expect(await ledger.claim('w', 10)).toMatchObject({ key: 'step:P-1:1', fence: 1, attempts: 1 });
  });

  it('that throws writes nothing, and the next one goes on', async () => {
    const ledger = await database().open();
    await ledger.change('P-1', writing({}), asking);
    const broken = ledger.change('P-1', (basis) => ({
      ...writing({ state: 'pending' })(basis),
      get decision(): never {
        throw new Error('half a decision');
      },
    }));

    await expect(broken).rejects.toThrow('half a decision');
    expect(await ledger.request('P-1')).toMatchObject({ version: 1, state: 'resolving' });
    expect(await ledger.change('P-1', writing({ state: 'pending' }))).toBe(true);
  });

  it('that watches a subject of the audit is made on its last row, which nobody follows until it is written', async () => {
    const ledger = await database().open();
    await ledger.change('P-1', writing({}), asking);
    const rounds = Array.from({ length: 30 }, (_, i) => ({ began: `began ${i}`, subject: `stage:${i}` }));
    // Only where nothing is frozen; and a freeze comes at the same moment.
    const begin = ({ subject, began }: (typeof rounds)[number]) =>
      ledger.change(
        'P-1',
        (basis) => (basis.last?.action === 'frozen' ? { result: false } : writing({}, began)(basis)),
        { subject },
      );

    const begun = await Promise.all(
      rounds.map(async (round) => {
        const [first] = await Promise.all([
          begin(round),
          ledger.audit({ ...entry('frozen'), subject: round.subject }),
        ]);
        return [first, await begin(round)];
      }),
    );

    const rows = await ledger.auditRows();
    const seqOf = (action: string, subject: string) =>
      rows.find((row) => row.action === action && row.subject === subject)?.seq;
    for (const [i, { began, subject }] of rounds.entries()) {
      expect(begun[i]?.[1]).toBe(false);
      if (begun[i]?.[0]) expect(seqOf(began, 'P-1')).toBeLessThan(seqOf('frozen', subject)!);
      else expect(seqOf(began, 'P-1')).toBeUndefined();
    }
  });

  it('of 200 at once from two processes counts each person once', async () => {
    const ledger = await database().open();
    await ledger.change('P-1', writing({}), asking);

    const counted = (await rivals('vote', 100)).flat();

    const after = await ledger.request('P-1');
    expect(counted).toHaveLength(200);
    expect(counted.filter(Boolean)).toHaveLength(5);
    expect(new Set(after?.votes.map((vote) => vote.person)).size).toBe(5);
    expect(after).toMatchObject({ version: 6 });
    expect((await ledger.auditRows()).slice(1).map((row) => row.action.slice(0, 5))).toEqual(
      Array.from({ length: 5 }, () => 'voted'),
    );
  });

  it('is judged by the ledger’s own time, which goes on', async () => {
    const ledger = await database().open();
    const time = () => ledger.change('P-1', ({ now }) => ({ result: now }));
    const before = await time();
    await database().advance(day);

    expect(before).toBeGreaterThan(Date.parse('2026-01-01'));
    expect(Number.isInteger(before)).toBe(true);
    expect((await time()) - before).toBeGreaterThanOrEqual(day);
  });

  it('on asking sees what the person and the repository have open, and nobody asks past a limit', async () => {
    const ledger = await database().open();
    const subject = {
      kind: 'promotion',
      edge: 'e',
      repository: 'shop/web',
      tag: 'v1',
      source: 'a',
      target: 'b',
      fromStage: 'uat',
      toStage: 'prod',
      lock: true,
    } as const;
    const wants = { requester: 'dana', repository: 'shop/web' };
    await ledger.change('P-1', writing({ requester: 'rui', subject }), wants);
    await ledger.change('P-2', writing({ id: 'P-2' }), asking);
    await ledger.change('P-3', writing({ id: 'P-3', state: 'cancelled', endedAt: 2 }), asking);
    await ledger.change('P-4', writing({ id: 'P-4', requester: 'rui' }), asking);

    const open = await ledger.change('P-9', (basis) => ({ result: basis.open.map(({ id }) => id) }), wants);
    const limited = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ledger.change(
          `Q-${i}`,
          (basis) => (basis.open.length < 5 ? writing({ id: `Q-${i}` })(basis) : { result: false }),
          asking,
        ),
      ),
    );

    expect([...open].sort((a, b) => a.localeCompare(b))).toEqual(['P-1', 'P-2']);
    expect(limited.filter(Boolean)).toHaveLength(4);
    expect(await ledger.requests({ requester: 'dana', states: ['resolving'] })).toHaveLength(5);
  });

  it('of an earlier version’s data: what had ended is not open', async () => {
    const { db } = await database().engine();
    const first = Object.fromEntries(Object.entries(migrations).slice(0, 1));
    const { error } = await new Migrator({
      db,
      provider: { getMigrations: async () => first },
    }).migrateToLatest();
    expect(error).toBeUndefined();
    const old = [request, { ...request, id: 'P-2', state: 'promoted', endedAt: 7 }];
    for (const each of old)
      await sql`insert into request (id, version, state, requester, repository, body, created_at, updated_at)
        values (${each.id}, 1, ${each.state}, 'dana', '', ${JSON.stringify(each)}, 1, 1)`.execute(db);
    await sql`insert into job (key, kind, payload, state, attempts, run_at, lease_until, fence)
      values ('step:P-1:1', 'step', '{}', 'open', 3, 1, 0, 3)`.execute(db);

    const ledger = await database().open();

    const open = await ledger.change('P-9', (basis) => ({ result: basis.open.map(({ id }) => id) }), asking);
    expect(open).toEqual(['P-1']);
    expect(await ledger.claim('w', 10)).toMatchObject({ key: 'step:P-1:1', fence: 4, attempts: 4 });
  });
}

function jobs(database: Database, rivals: Rivals): void {
  const job = (key: string) => ({ key, kind: 'publish', payload: {}, runAt: 0 }) as const;

  it('is enqueued once', async () => {
    const ledger = await database().open();

    expect(await ledger.enqueue(job('k'))).toBe(true);
    expect(await ledger.enqueue(job('k'))).toBe(false);
    await ledger.finish((await ledger.claim('w', 10))!);
    expect(await ledger.enqueue(job('k'))).toBe(false);
  });

  it('of 50 is given once to 100 claims at once from two processes', async () => {
    const ledger = await database().open();
    for (let i = 0; i < 50; i++) await ledger.enqueue(job(`k${i}`));

    const keys = (await rivals('claim', 50)).flat();

    expect(keys).toHaveLength(50);
    expect(new Set(keys).size).toBe(50);
  });

  it('cannot be finished, kept or postponed by a worker whose lease ran out', async () => {
    const ledger = await database().open();
    await ledger.enqueue(job('k'));
    const slow = (await ledger.claim('slow', 1000))!;
    expect(await ledger.claim('other', 1000)).toBeUndefined();
    expect(await ledger.renew(slow, 2000)).toBe(true);
    await database().advance(1500);
    expect(await ledger.claim('other', 1000)).toBeUndefined();
    await database().advance(1500);
    const fast = (await ledger.claim('fast', 60_000))!;

    expect([slow.fence, fast.fence]).toEqual([1, 2]);
    expect(await ledger.finish(slow)).toBe(false);
    expect(await ledger.renew(slow, 1000)).toBe(false);
    expect(await ledger.postpone(slow, 0, '')).toBe(false);
    expect(await ledger.finish(fast)).toBe(true);
    await database().advance(day);
    expect(await ledger.claim('other', 1000)).toBeUndefined();
  });

  it('that is postponed comes back when it is time, whatever its error says', async () => {
    const ledger = await database().open();
    await ledger.enqueue(job('k'));
    await ledger.postpone((await ledger.claim('w', 10))!, 5000, 'a NUL \0 and half a \ud83d'.repeat(100));

    expect(await ledger.claim('w', 10)).toBeUndefined();
    await database().advance(5000);
    expect(await ledger.claim('w', 10)).toMatchObject({ key: 'k', attempts: 2 });
  });
}

function auditChain(database: Database, rivals: Rivals): void {
  let ledger: Ledger;
  const tamper = async (statement: string) => sql.raw(statement).execute((await database().engine()).db);
  const four = async () => {
    ledger = await database().open();
    for (const action of ['one', 'two', 'three', 'four']) await ledger.audit(entry(action));
  };

  it('stays whole when three processes make the database and append at once', async () => {
    await rivals('audit', 20, 3);
    ledger = await database().open();

    expect(await ledger.verifyAudit()).toMatchObject({ ok: true, rows: 60 });
  });

  it('verifies, and its head is an anchor', async () => {
    await four();
    const verdict = await ledger.verifyAudit();

    expect(verdict).toMatchObject({ ok: true, rows: 4, head: { seq: 4 } });
    expect(await ledger.verifyAudit(verdict.head)).toMatchObject({ ok: true });
    expect((await ledger.auditRows({ subject: 'P-1', limit: 2 })).map((row) => row.action)).toEqual([
      'three',
      'four',
    ]);
  });

  it('shows a changed, a removed and a reordered row', async () => {
    await four();
    await tamper(`update audit set body = replace(body, 'two', 'TWO') where seq = 2`);
    expect(await ledger.verifyAudit()).toMatchObject({ ok: false, problem: 'Row 2 was changed.' });
    await tamper('delete from audit where seq = 2');
    expect(await ledger.verifyAudit()).toMatchObject({ ok: false, problem: 'Row 2 is missing.' });
    await tamper('update audit set seq = 2 where seq = 3');
    expect(await ledger.verifyAudit()).toMatchObject({ ok: false });
  });

  it('shows a cut tail against an anchor only', async () => {
    await four();
    const { head } = await ledger.verifyAudit();
    await tamper('delete from audit where seq = 4');

    expect(await ledger.verifyAudit()).toMatchObject({ ok: true, rows: 3 });
    expect(await ledger.verifyAudit(head)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('cut off'),
    });
  });

  it('is signed by one key: whoever comes with another is told so', async () => {
    ledger = await database().open();
    await tamper(`update audit_key set public = 'another'`);

    await expect(database().open()).rejects.toThrow(/another key\. Set ACR_WARDEN_AUDIT_KEY/);
  });
}
