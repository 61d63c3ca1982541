// Production is frozen between any two calls of a promotion: no import begins after the freeze.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freeze, freezesOf, unfreeze } from '../../src/commands/freezes.ts';
import type { Actor } from '../../src/ports.ts';
import { isTerminal } from '../../src/promotion/request.ts';
import type { World } from '../world.ts';
import { askFor, clickThrough, createDrivenWorld, drive, inProduction, interrupted } from './driven-world.ts';

const repository = 'shop/frozen';
/** The ones before it are the vote's: the sooner the freeze, the easier it is seen. */
const firstCall = 9;
const rui: Actor = { person: 'rui', channel: 'slack' };
let world: World;
beforeAll(async () => {
  world = await createDrivenWorld();
});
afterAll(() => world.close());

/** Approved, and taken as far as it goes with production frozen before call number `at`; whether its import began. */
async function oneLife(at: number): Promise<{ readonly id: string; readonly began: boolean }> {
  const { doors } = world.product;
  const tag = `v7.1.${at}`;
  const asked = await askFor(world, repository, tag);
  let frozen = Promise.resolve();
  const slowed = interrupted(doors, at, () => {
    frozen = freeze(doors, rui, 'prod', { until: Date.now() + 3_600_000, why: 'year end' });
  });
  await clickThrough(slowed.doors, world.as('release-approver', 'teams'), 'approve', asked);
  const stopped = await drive(
    world,
    slowed.doors,
    asked.id,
    ({ state }) => state === 'importing' || state === 'waiting',
  );
  await frozen;

  const rows = await doors.ledger.auditRows();
  const began = rows.find(({ subject, action }) => subject === asked.id && action === 'import-began');
  const closed = rows.findLast(({ subject }) => subject === freezesOf('prod'));
  if (began && closed?.action === 'frozen') expect(began.seq).toBeLessThan(closed.seq);
  if (!began) {
    expect(stopped.state).toBe('waiting');
    expect(inProduction(world, repository, tag)).toBeUndefined();
  }
  await unfreeze(doors, rui, 'prod', 'done');
  return { id: asked.id, began: began !== undefined };
}

describe('a freeze at every step', () => {
  it('stops each import that has not begun, and none that has', async () => {
    const lives: Awaited<ReturnType<typeof oneLife>>[] = [];
    while (lives.filter(({ began }) => began).length < 3) lives.push(await oneLife(firstCall + lives.length));

    const stopped = lives.filter(({ began }) => !began);
    console.log(
      `a freeze before each of ${lives.length} calls, from number ${firstCall}: ${stopped.length} waited, 3 had begun`,
    );
    expect(stopped.length).toBeGreaterThan(3);
    const end = await drive(world, world.product.doors, stopped[0]!.id, isTerminal);
    expect(end.state).toBe('promoted');
  });
});
