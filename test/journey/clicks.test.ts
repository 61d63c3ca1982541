import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/promotion/request.ts';
import { type Dialect, isPostgresThere } from '../store/databases.ts';
import { createWorld, type World } from '../world.ts';

const clicks = 1000;

/** Both of the release group and one of security must approve; the requester and the outsider click as well. */
const threeApprove = (policy: string): string =>
  policy
    .replace('commandsPerMinute: 20', 'commandsPerMinute: 1000000')
    .replace(
      'rules: [{ group: release, min: 1 }], total: 1,',
      'rules: [{ group: release, min: 2 }, { group: security, min: 1 }], total: 3,',
    );

async function startReplica(world: World, request: Request, count: number): Promise<ChildProcess> {
  const child = fork(new URL('./replica.ts', import.meta.url), {
    env: { ...process.env, ...world.environment, REQUEST: request.id, CLICKS: String(count) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

async function clickAll(child: ChildProcess): Promise<readonly string[]> {
  const said = once(child, 'message');
  child.send('go');
  const [{ answers }] = (await said) as [{ answers: readonly string[] }];
  return answers;
}

const isThere = await isPostgresThere('test/journey/clicks.test.ts');

describe('1,000 clicks at once by 5 people on one request', () => {
  it.skipIf(!isThere)('on two processes over one PostgreSQL: each eligible person once, one import', () =>
    everybodyClicks('PostgreSQL', 2),
  );
  it('on one process: each eligible person once, one import', () => everybodyClicks('SQLite', 1));
});

async function everybodyClicks(dialect: Dialect, replicas: number): Promise<void> {
  const world = await createWorld({ dialect, policy: threeApprove, work: false });
  try {
    await clickIn(world, replicas);
  } finally {
    await world.close();
  }
}

async function clickIn(world: World, replicas: number): Promise<void> {
  const { ledger } = world.product.doors;
  const asking = world.product.startWork();
  const request = await world.ask();
  await asking.close();
  const children = await Promise.all(
    Array.from({ length: replicas }, () => startReplica(world, request, clicks / replicas)),
  );

  const answers = (await Promise.all(children.map(clickAll))).flat();
  const end = await world.until(request.id, 'promoted', 'failed', 'quarantined');
  for (const child of children) child.disconnect();
  await Promise.all(children.map((child) => once(child, 'exit')));

  expect(answers).toHaveLength(clicks);
  expect(answers).not.toContain('unexpected');
  expect(answers.filter((answer) => answer === 'unmapped')).toHaveLength(clicks / 5);
  expect(end.state).toBe('promoted');
  expect(end.votes.map((vote) => vote.person).sort((a, b) => a.localeCompare(b))).toEqual([
    'platform-admin',
    'release-approver',
    'security-approver',
  ]);
  // The image, its signature and its SBOM, once each.
  expect(world.azure.counters()['import ended contosoprod']).toBe(3);
  expect(await ledger.verifyAudit()).toMatchObject({ ok: true });
}
