// A target that is not what the import left behind: an attachment that never came, a digest that moved after the lock.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Doors } from '../../src/commands/doors.ts';
import { isTerminal, type Request } from '../../src/promotion/request.ts';
import { inspect, type World } from '../world.ts';
import { askFor, clickThrough, createDrivenWorld, drive } from './driven-world.ts';

let world: World;
beforeAll(async () => {
  world = await createDrivenWorld();
});
afterAll(() => world.close());

const approve = (request: Request) =>
  clickThrough(world.product.doors, world.as('release-approver', 'teams'), 'approve', request);
const manifests = () => inspect(world.azure, 'contosoprod', 'shop/web').manifests.map(({ digest }) => digest);

describe('a referrer that is missing in the target', () => {
  it('is never called promoted, whatever Azure said of its import', async () => {
    const { writer, ...rest } = world.product.doors;
    const asked = await askFor(world, 'shop/web', 'v1.4.2', false);
    await approve(asked);
    const signature = asked.evidence!.referrers[0]!.digest;
    const importImage: Doors['writer']['importImage'] = async (order) =>
      order.digest === signature ? 'accepted' : writer.importImage(order);
    const doors = { ...rest, writer: { ...writer, importImage } };

    const end = await drive(world, doors, asked.id, isTerminal);

    expect(end).toMatchObject({
      state: 'failed',
      end: { text: expect.stringContaining('1 referrers are missing') },
    });
    expect(manifests()).toContain(asked.evidence!.digest);
    expect(manifests()).not.toContain(signature);
  });
});

describe('a referrer whose import Azure calls done, once, though it is not', () => {
  it('is copied again when it is found missing, and the request ends promoted', async () => {
    const { writer, ...rest } = world.product.doors;
    const asked = await askFor(world, 'shop/web', 'v1.4.2', false);
    await approve(asked);
    const signature = asked.evidence!.referrers[0]!.digest;
    let lies = 1;
    const importImage: Doors['writer']['importImage'] = async (order) =>
      order.digest === signature && lies-- > 0 ? 'accepted' : writer.importImage(order);

    const end = await drive(world, { ...rest, writer: { ...writer, importImage } }, asked.id, isTerminal);

    expect(end.state).toBe('promoted');
    expect(manifests()).toContain(signature);
  });
});

describe('a digest that moves after the lock', () => {
  it('is quarantined by the look that reads the locks back', async () => {
    const asked = await askFor(world, 'shop/late', 'v1.0.0');
    await approve(asked);
    const locked = await drive(world, world.product.doors, asked.id, ({ done }) =>
      done.some(({ step }) => step === 'lock'),
    );
    const { reader, ...rest } = world.product.doors;
    const moved = `sha256:${'f'.repeat(64)}`;
    const tag: Doors['reader']['tag'] = async (...what) => {
      const state = await reader.tag(...what);
      return state && { ...state, digest: moved };
    };
    const looking = { ...rest, reader: Object.assign(Object.create(reader) as typeof reader, { tag }) };

    const end = await drive(world, looking, asked.id, isTerminal);

    expect(locked.state).toBe('locking');
    expect(end).toMatchObject({ state: 'quarantined', alarm: expect.stringContaining(moved) });
    expect([...world.posted.values()].some((card) => card.summary.includes('Promoted'))).toBe(false);
  });
});
