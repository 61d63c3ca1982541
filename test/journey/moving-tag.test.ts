// The tag moves between any two calls of a promotion, from the click that approves it to its end.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isTerminal, type Request } from '../../src/promotion/request.ts';
import type { World } from '../world.ts';
import {
  askFor,
  clickThrough,
  createDrivenWorld,
  drive,
  inProduction,
  interrupted,
  pushAnew,
} from './driven-world.ts';

const repository = 'shop/moving';
let world: World;
let born = 0;
beforeAll(async () => {
  world = await createDrivenWorld();
});
afterAll(() => world.close());

interface Life {
  readonly approved: string;
  readonly end: Request;
  readonly calls: number;
  readonly held: ReturnType<typeof inProduction>;
}

/** Asked, approved and driven to its end, with the tag of a registry pushed to anew before call number `at`. */
async function oneLife(registry: string, at: number): Promise<Life> {
  const tag = `v7.0.${born++}`;
  const asked = await askFor(world, repository, tag);
  const { doors, calls } = interrupted(world.product.doors, at, () => {
    pushAnew(world, registry, repository, tag);
  });
  await clickThrough(doors, world.as('release-approver', 'teams'), 'approve', asked);
  const end = await drive(world, doors, asked.id, isTerminal);
  return {
    approved: asked.evidence!.digest,
    end,
    calls: calls(),
    held: inProduction(world, repository, tag),
  };
}

/** A life for every call there is, so many at once. */
async function everyLife(registry: string): Promise<readonly Life[]> {
  const lives: Life[] = [];
  for (let at = 1; at <= Math.max(1, ...lives.map(({ calls }) => calls)); at += 10)
    lives.push(...(await Promise.all(Array.from({ length: 10 }, (_, i) => oneLife(registry, at + i)))));
  return lives;
}

const count = (lives: readonly Life[], state: string): number =>
  lives.filter(({ end }) => end.state === state).length;
const locks = { deleteEnabled: false, writeEnabled: false };

describe('a tag that moves at every step', () => {
  it('of the source: what is promoted is what was approved, or the request is superseded', async () => {
    const lives = await everyLife('contosouat');

    for (const { end, held, approved } of lives)
      if (end.state !== 'superseded') {
        expect(end.state).toBe('promoted');
        expect(held).toMatchObject({ digest: approved, attributes: locks });
      } else expect(held).toBeUndefined();
    console.log(`source: ${count(lives, 'superseded')} superseded, ${count(lives, 'promoted')} promoted`);
    expect(count(lives, 'superseded')).toBeGreaterThan(3);
    expect(count(lives, 'promoted')).toBeGreaterThan(10);
  });

  it('of the target: another digest there is quarantined, until the lock forbids it', async () => {
    const lives = await everyLife('contosoprod');

    for (const { end, held, approved } of lives)
      if (end.state === 'promoted') expect(held).toMatchObject({ digest: approved, attributes: locks });
      else {
        expect(end.state).toBe('quarantined');
        expect(held?.digest).not.toBe(approved);
      }
    console.log(`target: ${count(lives, 'quarantined')} quarantined, ${count(lives, 'promoted')} promoted`);
    expect(count(lives, 'quarantined')).toBeGreaterThan(10);
    expect(count(lives, 'promoted')).toBeGreaterThan(3);
  });
});
