import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mirrorRuns } from '../../src/commands/mirrors.ts';
import { enqueueDue } from '../../src/schedule/recurring.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Nothing where the registry does not hold it. */
const digestIn = (registry: string, repository: string, tag: string) =>
  world.azure
    .inspect()
    .find((each) => each.name === registry)
    ?.repositories.find((each) => each.name === repository)
    ?.tags.find((each) => each.name === tag)?.digest;
const cardText = async (text: string, role: 'developer' | 'platform-admin' = 'developer') => {
  const answer = await world.say(world.as(role, 'slack'), text);
  return answer.kind === 'form' ? '' : `${answer.kind} ${JSON.stringify(answer.card)}`;
};
const mirrorRows = async (action: string) =>
  (await world.product.doors.ledger.auditRows({})).filter((row) => row.action === action);

describe('base images', () => {
  it('are shown with the registries that lack them', async () => {
    const text = await cardText('base-images');

    expect(digestIn('devshop', 'base/nginx', 'v2026.10')).toBeUndefined();
    expect(text).toContain('base/nginx:v2026.10');
    expect(text).toMatch(/missing in [^"]*dev-shop/);
    expect(text).toContain('never run');
  });

  it('are copied on demand by those who may, by digest, and never over another digest', async () => {
    const other = world.azure.pushSample('devshop', 'base/golang', 'v2026.11');
    const source = digestIn('contosoprod', 'base/nginx', 'v2026.10');

    expect(await cardText('base-images sync')).toContain('right to mirror');
    expect(await cardText('base-images sync', 'platform-admin')).toContain('copied now');
    for (let wait = 0; wait < 300 && (await mirrorRows('mirror-done')).length === 0; wait++)
      await new Promise((resolve) => setTimeout(resolve, 50));

    expect(digestIn('devshop', 'base/nginx', 'v2026.10')).toBe(source);
    expect(digestIn('devshop', 'base/golang', 'v2026.11')).toBe(other);
    expect((await mirrorRows('mirrored')).map((row) => row.facts['digest'])).toContain(source);
    expect(await cardText('base-images')).toMatch(/another digest in dev-shop/);
  });

  it('are copied on schedule, once a slot', async () => {
    const { doors } = world.product;
    const before = (await mirrorRows('mirror-done')).length;
    const since = doors.clock() - 48 * 3_600_000;
    const options = { ...doors, since, wake: () => undefined, work: () => mirrorRuns(doors.policy()) };
    for (const now of [0, 1, 60_000]) await enqueueDue({ ...options, clock: () => doors.clock() + now });
    for (let wait = 0; wait < 300 && (await mirrorRows('mirror-done')).length === before; wait++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 300));

    expect(await mirrorRows('mirror-done')).toHaveLength(before + 1);
  });

  it('are not copied for a slot from before the installation began', async () => {
    const { doors } = world.product;
    const enqueued: string[] = [];
    const ledger = { enqueue: async ({ key }: { key: string }) => enqueued.push(key) > 0 };
    const options = { ...doors, ledger, wake: () => undefined, work: () => mirrorRuns(doors.policy()) };
    const night = Date.parse('2026-11-22T02:00:00Z');
    for (const hours of [1, 23, 25])
      await enqueueDue({ ...options, since: night + 3_600_000, clock: () => night + hours * 3_600_000 });

    expect(enqueued).toEqual([`mirror:golden:${night + 24 * 3_600_000}`]);
  });
});
