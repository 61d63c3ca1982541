// The copies of a request's card in a chat that knows a key for good, as Teams does: what people deleted stands again.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChannelName, DeliveryError, type MessageRef, type Messenger } from '../../src/ports.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
const refs = new Map<string, MessageRef>();
const standing = new Set<string>();

const chat: Messenger = {
  channel: 'teams',
  post: async (place, _card, key) => {
    const known = refs.get(key);
    if (known) return known;
    const ref = { channel: 'teams', place, message: String(refs.size) } as const;
    refs.set(key, ref);
    standing.add(ref.message);
    return ref;
  },
  update: async ({ message }) => {
    if (!standing.has(message)) throw new DeliveryError('gone', 'the message was deleted');
  },
  reply: async () => undefined,
  direct: async () => undefined,
};

beforeAll(async () => {
  world = await createWorld();
  (world.product.doors.messengers as Map<ChannelName, Messenger>).set('teams', chat);
});
afterAll(() => world.close());

it('A card that people deleted stands again with the next change, each time, and once', async () => {
  const request = await world.ask();
  const admin = world.as('platform-admin', 'slack');
  await expect.poll(() => standing.size).toBe(1);
  const first = [...standing];

  const after: string[][] = [];
  for (const deed of ['hold', 'resume']) {
    standing.clear();
    await world.say(admin, `${deed} ${request.id}`);
    await expect.poll(() => standing.size).toBe(1);
    after.push([...standing]);
  }

  expect(new Set([first, ...after].flat()).size).toBe(3);
});
