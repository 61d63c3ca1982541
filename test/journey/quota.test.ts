import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Role, type World } from '../world.ts';

const roles: readonly Role[] = ['developer', 'release-approver', 'security-approver', 'platform-admin'];

describe('Resource Graph at a quota of 5 requests in 5 seconds', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ azure: { quota: 5 }, work: false });
  });
  afterAll(() => world.close());

  it('answers 30 people who ask for the status at once with one scan', { timeout: 40_000 }, async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        world.say(world.as(roles[i % roles.length]!, i % 2 === 0 ? 'slack' : 'teams'), 'status'),
      ),
    );

    const counts = world.azure.counters();
    expect(answers.map((answer) => (answer.kind === 'card' ? answer.card.name : answer.kind))).toEqual(
      Array(30).fill('status'),
    );
    expect(new Set(answers.map((answer) => (answer.kind === 'card' ? answer.card.summary : ''))).size).toBe(
      1,
    );
    // One scan is nine questions, each answered once.
    expect((counts['resourceGraph.requests'] ?? 0) - (counts['resourceGraph.throttled'] ?? 0)).toBe(9);
  });

  it('answers somebody who wants it fresh each time, by waiting as long as the headers say', {
    timeout: 60_000,
  }, async () => {
    const started = Date.now();
    for (let i = 0; i < 2; i++) {
      const answer = await world.say(world.as('platform-admin', 'slack'), 'refresh');
      expect(answer.kind).toBe('card');
    }

    expect(Date.now() - started).toBeGreaterThan(5000);
    expect((await world.product.doors.reader.scan()).gaps).toEqual([]);
  });
});
