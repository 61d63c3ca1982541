import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remindDeciders } from '../../src/commands/reminders.ts';
import { raiseAlarm } from '../../src/commands/tell.ts';
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

  it('hears an alarm once in each place, however often its job runs', async () => {
    const [request] = await world.product.doors.ledger.requests();
    const id = request?.id ?? '';
    const alarm = {
      key: `alarm:${id}`,
      kind: 'alarm',
      payload: { id },
      runAt: 0,
      attempts: 1,
      fence: 1,
    } as const;
    const places = () =>
      [...world.posted]
        .filter(([, card]) => card.title === `Alarm: ${id}`)
        .map(([place]) => place.split(' ')[0]);

    await raiseAlarm(alarm, world.product.doors);
    const once = places();
    await raiseAlarm(alarm, world.product.doors);

    expect(once.length).toBeGreaterThan(1);
    expect(new Set(once).size).toBe(once.length);
    expect(places()).toEqual(once);
  });
});
