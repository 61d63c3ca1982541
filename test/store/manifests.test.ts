import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditKey } from '../../src/store/audit.ts';
import { openLedger, type Store } from '../../src/store/ledger.ts';
import { thinManifests } from '../../src/store/manifests.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { isPostgresThere, postgresDatabase, sqliteDatabase, type TestDatabase } from './databases.ts';

const day = 24 * 3_600_000;
const isThere = await isPostgresThere('test/store/manifests.test.ts');
const bodies = (from: number, count: number): ReadonlyMap<string, string> =>
  new Map(Array.from({ length: count }, (_, i) => [`sha256:${from + i}`, `body ${from + i}`]));

describe.each([
  ['SQLite', sqliteDatabase],
  ...(isThere ? [['PostgreSQL', postgresDatabase] as const] : []),
] as const)('manifests on %s', (_, create) => {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await create();
    store = (await database.open()) as Store;
  });
  afterEach(() => database.close());

  it('are given by digest, however many, once they are kept', async () => {
    const kept = bodies(0, 500);
    await store.keepManifests(kept);
    await store.keepManifests(bodies(499, 2));

    expect(await store.manifests([...kept.keys(), 'sha256:none'])).toEqual(kept);
    expect(await store.manifests(['sha256:500'])).toEqual(bodies(500, 1));
    expect(await store.manifests([])).toEqual(new Map());
  });

  it('are thinned with the messages of answers that filled, once their delivery is let go', async () => {
    const ref = { channel: 'slack', place: 'slack:T/C', message: '1' } as const;
    for (const key of ['old', 'open']) {
      await store.accept(key, {});
      await store.remember(`delivery:${key}`, ref);
    }
    await store.answered('old');
    await database.advance(2 * day);
    await store.thin();

    expect(await store.messages('delivery:old')).toEqual([]);
    expect(await store.messages('delivery:open')).toEqual([ref]);
  });
});

describe('too many manifests', () => {
  it('are dropped down to those that were read last', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
    let now = 1_800_000_000_000;
    const engine = openSqlite(join(folder, 'warden.sqlite'), () => now);
    const store = await openLedger(engine, auditKey(folder));
    await store.keepManifests(bodies(0, 10));
    now += 2 * day;
    await store.manifests(['sha256:3']);
    await store.keepManifests(bodies(10, 2));
    await thinManifests(engine, 3);
    const left = await store.manifests([...bodies(0, 12).keys()]);
    await store.close();
    rmSync(folder, { recursive: true, force: true });

    expect(new Set(left.keys())).toEqual(new Set(['sha256:3', 'sha256:10', 'sha256:11']));
  });
});
