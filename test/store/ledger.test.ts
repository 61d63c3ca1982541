import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry, Ledger, ReferenceStore } from '../../src/ports.ts';
import type { Request } from '../../src/promotion/request.ts';
import { auditKey } from '../../src/store/audit.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { openSqlite } from '../../src/store/sqlite.ts';

const request: Request = {
  id: 'P-1',
  version: 1,
  state: 'resolving',
  subject: { kind: 'waiver', rule: 'CR-1', scope: 'prod', until: 1, values: {} },
  requester: 'dana',
  reason: 'r',
  policy: 'p',
  createdAt: 1,
  updatedAt: 1,
  expiresAt: 10,
  votes: [],
  done: [],
  attempt: 0,
  nonce: 'n',
};
const entry = (action: string): AuditEntry => ({
  at: 5,
  actor: { person: 'dana', channel: 'slack' },
  action,
  subject: 'P-1',
  facts: { b: 1, a: [2] },
});

describe('the ledger on SQLite', () => {
  let folder: string;
  let file: string;
  let ledger: Ledger & ReferenceStore;
  const open = () => openLedger(openSqlite(file), auditKey(folder));
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    file = join(folder, 'warden.sqlite');
    ledger = await open();
  });
  afterEach(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true });
  });

  it('writes a decision, its audit rows and its work together, and only on the version it was made on', async () => {
    const job = { key: 'step:P-1:1', kind: 'step', payload: { id: 'P-1' }, runAt: 0 } as const;

    const created = await ledger.commit({
      request,
      expectedVersion: 0,
      audit: [entry('asked')],
      jobs: [job],
    });
    const twice = await ledger.commit({ request, expectedVersion: 0, audit: [entry('asked')], jobs: [] });
    const next = await ledger.commit({
      request: { ...request, version: 2, state: 'pending' },
      expectedVersion: 1,
      audit: [entry('resolved')],
      jobs: [],
    });
    const late = await ledger.commit({
      request: { ...request, version: 2, state: 'cancelled' },
      expectedVersion: 1,
      audit: [entry('cancelled')],
      jobs: [],
    });

    expect([created, twice, next, late]).toEqual([true, false, true, false]);
    expect((await ledger.request('P-1'))?.state).toBe('pending');
    expect((await ledger.auditRows()).map((row) => row.action)).toEqual(['asked', 'resolved']);
    expect(await ledger.claim('w', 1, 10)).toMatchObject({ key: 'step:P-1:1', fence: 1, attempts: 1 });
  });

  it('lets exactly one of 200 parallel decisions through', async () => {
    await ledger.commit({ request, expectedVersion: 0, audit: [], jobs: [] });

    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        ledger.commit({
          request: { ...request, version: 2, reason: `${i}` },
          expectedVersion: 1,
          audit: [entry('x')],
          jobs: [],
        }),
      ),
    );

    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await ledger.auditRows()).toHaveLength(1);
  });

  it('does not let a worker whose lease ran out finish the job', async () => {
    await ledger.enqueue({ key: 'k', kind: 'publish', payload: {}, runAt: 0 });
    const slow = await ledger.claim('slow', 0, 100);
    const none = await ledger.claim('other', 50, 150);
    const fast = await ledger.claim('fast', 100, 200);

    expect(none).toBeUndefined();
    expect(await ledger.finish(slow!)).toBe(false);
    expect(await ledger.finish(fast!)).toBe(true);
    expect(await ledger.claim('other', 1000, 2000)).toBeUndefined();
  });

  it('takes a delivery once in 24 hours and remembers what was not answered', async () => {
    const day = 24 * 3_600_000;

    expect(await ledger.accept('a', { x: 1 }, 1000)).toBe(true);
    expect(await ledger.accept('a', { x: 1 }, 1000 + day)).toBe(false);
    expect(await ledger.unanswered()).toEqual([{ key: 'a', payload: { x: 1 } }]);
    await ledger.answered('a');
    expect(await ledger.unanswered()).toEqual([]);
    expect(await ledger.accept('a', {}, 1001 + day)).toBe(true);
  });

  it('claims a digest slot once', async () => {
    const slot = { name: 'weekly', to: 'slack:T/C', periodEnd: 7 };

    expect(await ledger.claimDigest(slot)).toBe(true);
    expect(await ledger.claimDigest(slot)).toBe(false);
    expect(await ledger.unsentDigests()).toEqual([slot]);
    await ledger.digestSent(slot, { channel: 'slack', place: 'slack:T/C', message: '1' }, 8);
    expect(await ledger.unsentDigests()).toEqual([]);
    expect(await ledger.lastDigest('weekly', 'slack:T/C')).toBe(7);
  });

  describe('the audit chain', () => {
    const tamper = (sql: string) => {
      const raw = new DatabaseSync(file);
      raw.exec(sql);
      raw.close();
    };
    beforeEach(async () => {
      for (const action of ['one', 'two', 'three', 'four']) await ledger.audit(entry(action));
    });

    it('verifies, and its head is an anchor', async () => {
      const verdict = await ledger.verifyAudit();

      expect(verdict).toMatchObject({ ok: true, rows: 4, head: { seq: 4 } });
      expect(await ledger.verifyAudit(verdict.head)).toMatchObject({ ok: true });
    });

    it('shows a changed, a removed and a reordered row', async () => {
      tamper(`update audit set body = replace(body, 'two', 'TWO') where seq = 2`);
      expect(await ledger.verifyAudit()).toMatchObject({ ok: false, problem: 'Row 2 was changed.' });
      tamper('delete from audit where seq = 2');
      expect(await ledger.verifyAudit()).toMatchObject({ ok: false, problem: 'Row 2 is missing.' });
      tamper('update audit set seq = 2 where seq = 3');
      expect(await ledger.verifyAudit()).toMatchObject({ ok: false });
    });

    it('shows a cut tail against an anchor only', async () => {
      const { head } = await ledger.verifyAudit();
      tamper('delete from audit where seq = 4');

      expect(await ledger.verifyAudit()).toMatchObject({ ok: true, rows: 3 });
      expect(await ledger.verifyAudit(head)).toMatchObject({
        ok: false,
        problem: expect.stringContaining('cut off'),
      });
    });
  });
});
