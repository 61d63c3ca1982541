// What a push sets going by itself: the lock of what the CI built, and the requests of edges with `auto`.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventsWorld, createEventsWorld } from '../events/events-world.ts';
import { inspect } from '../world.ts';

describe('a push by the CI, where nobody else can write', () => {
  let world: EventsWorld;
  beforeAll(async () => {
    world = await createEventsWorld({
      policy: (text) =>
        text
          .replace('to: staging,', 'to: staging, auto: true,')
          .replace('    to: uat\n', '    to: uat\n    auto: true\n'),
    });
  });
  afterAll(() => world.close());

  it('is locked by the product, and is no alarm', async () => {
    const digest = world.azure.pushSample('contosoprod', 'base/node', 'v22.0.1');
    const held = () => inspect(world.azure, 'contosoprod', 'base/node');
    await expect
      .poll(() => held().tags.find((each) => each.name === 'v22.0.1')?.attributes, { timeout: 15_000 })
      .toMatchObject({ deleteEnabled: false, writeEnabled: false });
    await world.quiet();

    expect(held().manifests.find((each) => each.digest === digest)?.attributes).toMatchObject({
      deleteEnabled: false,
      writeEnabled: false,
    });
    expect(world.alarms()).toEqual([]);
  });

  it('to where an edge asks by itself is promoted at once, and on the next edge waits for its approvals', async () => {
    const { ledger } = world.product.doors;
    const digest = world.azure.pushSample('devshop', 'shop/web', 'v7.7.7');
    const requests = async () =>
      (await ledger.requests({ requester: 'acr-warden' })).map(
        ({ subject, state, trouble }) =>
          `${subject.kind === 'promotion' ? subject.edge : ''} ${state}${trouble ?? ''}`,
      );
    await expect.poll(requests, { timeout: 20_000 }).toEqual(['to-uat pending', 'to-staging promoted']);

    expect(inspect(world.azure, 'contosostaging', 'shop/web').tags).toContainEqual(
      expect.objectContaining({ name: 'v7.7.7', digest }),
    );
    const [pending] = await ledger.requests({ states: ['pending'] });
    await world.click(world.as('release-approver', 'teams'), 'approve', pending!);
    await world.until(pending!.id, 'promoted');
  });

  it('of the same tag again gives the older request up for the newer image; a repeat asks for nothing', async () => {
    const { ledger } = world.product.doors;
    world.azure.pushSample('contosostaging', 'shop/web', 'v7.7.8');
    const open = async () =>
      (await ledger.requests({ states: ['pending'] })).map((each) => each.evidence?.digest);
    await expect.poll(async () => (await open()).length, { timeout: 10_000 }).toBe(1);
    const second = world.azure.pushSample('contosostaging', 'shop/web', 'v7.7.8');
    await expect.poll(open, { timeout: 10_000 }).toEqual([second]);
    await world.quiet();

    const all = await ledger.requests({ repository: 'shop/web' });
    expect(all.map((each) => each.state).filter((state) => state === 'superseded')).toHaveLength(1);
  });

  it('of a tag that is not for promotion, or a repository nobody may ask for, asks for nothing', async () => {
    const { ledger } = world.product.doors;
    const before = (await ledger.requests()).length;
    world.azure.pushSample('devshop', 'shop/web', 'latest');
    world.azure.pushSample('devshop', 'private/thing', 'v1.0.0');
    await world.quiet();

    expect(await ledger.requests()).toHaveLength(before);
  });
});
