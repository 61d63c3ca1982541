import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rulesJson } from '../../src/commands/json.ts';
import { createWorld, type World } from '../world.ts';

describe('check --kql', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({
      work: false,
      policy: (text) => text.replace(/^  naming: .*$/m, '  naming: "^it\'s\\\\d$"'),
    });
  });
  afterAll(() => world.close());

  const say = async (text: string): Promise<string> =>
    JSON.stringify(await world.say(world.as('developer', 'slack'), text));

  it('prints a query with the policy’s values, quoted', async () => {
    expect(await say('check ACR-25 --kql')).toContain(JSON.stringify(String.raw`'^it\'s\\d$'`).slice(1, -1));
  });

  it('says why a rule has none', async () => {
    expect(await say('check ACR-05 --kql')).toContain(
      'ACR-05 has no query: it reads repository tokens, which Resource Graph does not have',
    );
  });

  it('says what a query does not see', async () => {
    expect(await say('check CR-9 --kql')).toContain('It sees the admin user, not tokens');
  });

  it('stands in the list as JSON, or the reason does', () => {
    const rules = rulesJson(world.product.doors.policy()) as readonly { kql?: string; noKql?: string }[];

    expect(rules.filter(({ kql, noKql }) => (kql === undefined) === (noKql === undefined))).toEqual([]);
  });
});
