import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remindDeciders } from '../../src/commands/tell.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
const toPeople = () =>
  [...world.posted].filter(([place]) => place.startsWith('direct:') && place.includes('reminder:'));
const remind = (id: string, attempt: number) =>
  remindDeciders(
    { key: `remind:${id}:${attempt}`, kind: 'remind', payload: { id }, runAt: 0, attempts: 1, fence: 1 },
    world.product.doors,
  );

describe('whoever can decide', () => {
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  it('is reminded in one message a chat, which changes in place and at the end says that nothing waits', async () => {
    const request = await world.ask();
    await remind(request.id, 1);
    const first = toPeople();
    await remind(request.id, 2);

    // Two people of the group, in two chats each.
    expect(first).toHaveLength(4);
    expect(toPeople()).toHaveLength(4);
    for (const [, card] of toPeople()) expect(card.title).toBe(`${request.id} waits for you`);

    await world.click(world.as('release-approver', 'slack'), 'approve', request);
    await world.until(request.id, 'promoted');
    await expect
      .poll(() => toPeople().map(([, card]) => card.title), { timeout: 10_000 })
      .toEqual(Array(4).fill(`${request.id} waits no more`));
  });
});
