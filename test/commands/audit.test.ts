import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordPolicy } from '../../src/commands/policy-history.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await recordPolicy(world.product.doors);
});
afterAll(() => world.close());

const say = async (role: 'developer' | 'platform-admin', text: string) => {
  const answer = await world.say(world.as(role, 'slack'), text);
  return answer.kind === 'form' ? '' : `${answer.kind} ${JSON.stringify(answer.card)}`;
};

describe('the audit in chat', () => {
  it('tells of an image by all of its requests, and of one request by its id', async () => {
    const request = await world.ask();
    await say('developer', `cancel ${request.id} because "a slip"`);
    const [ofImage, ofTag, ofId, ofOther] = await Promise.all(
      ['shop/web', 'shop/web:v1.4.2', request.id.toLowerCase(), 'shop/web:v9.9.9'].map((about) =>
        say('developer', `audit ${about}`),
      ),
    );

    for (const text of [ofImage, ofTag, ofId]) {
      expect(text).toContain(request.id);
      expect(text).toContain('cancelled: a slip');
    }
    expect(ofOther).toContain('has no rows');
  });

  it('tells of the policy and of a freeze as they are called', async () => {
    expect(await say('developer', 'audit policy')).toContain('policy-in-force');
    expect(await say('developer', 'audit stage:prod')).toContain('has no rows');
  });

  it('lets admins check the chain, and nobody else', async () => {
    expect(await say('developer', 'audit verify')).toContain('Only admins');
    expect(await say('platform-admin', 'audit verify')).toMatch(
      /All \d+ rows hold\. The head is \d+:[0-9a-f]{32}/,
    );
  });
});
