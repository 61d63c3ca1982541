import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { openStore } from '../../src/data.ts';
import { createLog } from '../../src/server/log.ts';
import { startWorker } from '../../src/schedule/worker.ts';
import { storeContract } from './contract.ts';
import { createPostgres, isPostgresThere, onServer, postgresDatabase } from './databases.ts';

const isThere = await isPostgresThere('test/store/postgres.test.ts');

describe.skipIf(!isThere)('the store on PostgreSQL', () => {
  storeContract(postgresDatabase);
});

const password = 'h0rse%20battery';
const withPassword = (url: URL | string, user = 'postgres'): URL => {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed;
};

/** What a start with this URL says. */
async function startWith(url: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  try {
    const opened = await openStore(
      readEnvironment({ ACR_WARDEN_DATA: folder, DATABASE_URL: url }),
      Date.now,
      createLog('silent'),
    );
    await opened.close();
    return 'it started';
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!isThere)('a PostgreSQL that cannot be used', () => {
  it.each([
    ['another port', (url: URL) => void (url.port = '1'), /nothing answers there\. Start the server/],
    ['another database', (url: URL) => void (url.pathname = '/no_such'), /no such database\. Make it/],
    ['another role', (url: URL) => void (url.username = 'nobody_there'), /refuses the role/],
    ['another host', (url: URL) => void (url.hostname = 'nowhere.invalid'), /no address/],
    ['TLS', (url: URL) => void (url.search = 'sslmode=verify-full'), /no TLS\. Turn it on/],
  ])('%s: one sentence with the cure, without the password', async (_, change, cure) => {
    const { url, drop } = await createPostgres();
    const wrong = withPassword(url);
    change(wrong);
    const said = await startWith(wrong.href);
    await drop();

    expect(said).toMatch(/^ConfigurationError: Cannot use PostgreSQL at /);
    expect(said).toMatch(cure);
    expect(said).not.toMatch(/h0rse|battery/);
  });

  it.each(['mysql://a:h0rse@b/c', 'h0rse', 'postgres://a:h0r#se@:x/'])(
    'the URL %s is refused unseen',
    (url) => {
      expect(() => readEnvironment({ DATABASE_URL: url })).toThrow(
        /^Invalid value for DATABASE_URL\. Must be/,
      );
    },
  );

  it('too old, of another encoding, or without rights: says which', async () => {
    const { url, drop } = await createPostgres();
    const name = new URL(url).pathname.slice(1);
    const role = `${name}_role`;
    await onServer(async (client) => {
      await client.query(`create role ${role} login password 'x'`);
    }, url);
    const noRights = await startWith(withPassword(url, role).href);
    // The version as an old server would tell it.
    await onServer(async (client) => {
      await client.query(`
        create function public.current_setting(text) returns text language sql as
          $$ select case $1 when 'server_version_num' then '110022' else 'UTF8' end $$;
        alter database ${name} set search_path = public, pg_catalog`);
    }, url);
    const old = await startWith(url);
    await onServer(async (client) => {
      await client.query(`
        create or replace function public.current_setting(text) returns text language sql as
          $$ select case $1 when 'server_version_num' then '150000' else 'SQL_ASCII' end $$`);
    }, url);
    const encoding = await startWith(url);
    await onServer(async (client) => void (await client.query(`drop role ${role}`)));
    await drop();

    expect(noRights).toMatch(/the role may not make tables in the schema public\. Make the role the owner/);
    expect(old).toMatch(/it is PostgreSQL 11\. Use 14 or newer\.$/);
    expect(encoding).toMatch(/its encoding is SQL_ASCII/);
  });
});

/** A way to the server that a test can cut and mend. */
async function openWay(url: string): Promise<{ url: string; cut(): Promise<void>; mend(): Promise<void> }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((from) => {
      const to = connect(Number(target.port || 5432), target.hostname);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return {
    url: through.href,
    cut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    mend: async () => void (server = await listen(port)),
  };
}

describe.skipIf(!isThere)('a connection that is lost', () => {
  it('makes the product unready; the work goes on when it is back', async () => {
    const database = await postgresDatabase();
    const { environment } = database;
    const way = await openWay(environment['DATABASE_URL']!);
    const log = createLog('silent');
    const settings = readEnvironment({ ...environment, DATABASE_URL: way.url });
    const ledger = await openStore(settings, Date.now, log);
    const done: string[] = [];
    const handle = async ({ key }: { key: string }) => void done.push(key);
    const worker = startWorker({ ledger, clock: Date.now, log, owner: 'w', work: handle, lease: 500 });
    const there = await database.open();
    const work = async (key: string) => {
      // Whoever asks may be given a connection that the server ended just now. A key is enqueued once, however often.
      const enqueue = () => there.enqueue({ key, kind: 'step', payload: {}, runAt: 0 });
      await expect.poll(() => enqueue().then(() => 'stored', String)).toBe('stored');
      while (!done.includes(key)) await pause(20);
    };
    await work('before');

    await onServer(
      (client) =>
        client.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        ),
      environment['DATABASE_URL'],
    );
    await work('after the server ended every connection');
    await way.cut();
    expect(await ledger.answers()).toBe(false);
    await way.mend();
    await work('after the network was cut');

    expect(await ledger.answers()).toBe(true);
    await worker.close();
    await ledger.close();
    await way.cut();
    await database.close();
  });
});
