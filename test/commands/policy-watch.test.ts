import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordPolicy } from '../../src/commands/policy-history.ts';
import { policyChanged } from '../../src/commands/policy-watch.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
let good: string;
const file = () => world.environment['ACR_WARDEN_POLICY'] ?? '';
beforeAll(async () => {
  world = await createWorld({ work: false });
  good = readFileSync(file(), 'utf8');
  await recordPolicy(world.product.doors);
});
afterAll(() => world.close());

const rows = () => world.product.doors.ledger.auditRows({ subject: 'policy' });
const reload = async (text: string) => {
  writeFileSync(file(), text);
  const problems = world.product.policy.reload();
  await policyChanged(world.product.doors, problems);
  return problems;
};

describe('a policy file that changes', () => {
  it('is written into the audit whole when it is first seen, and once', async () => {
    await recordPolicy(world.product.doors);

    expect(await rows()).toMatchObject([
      { action: 'policy-in-force', facts: { changed: 0, policy: { organisation: 'contoso' } } },
    ]);
  });

  it('comes into force without a restart, with its difference in the audit', async () => {
    const changed = good.replace('openPerPerson: 5', 'openPerPerson: 7').replace(/maxHigh: 5/, 'maxHigh: 1');

    expect(await reload(changed)).toEqual([]);
    expect(world.product.doors.policy().limits.openPerPerson).toBe(7);
    expect((await rows()).at(-1)?.facts['changes']).toEqual(
      expect.arrayContaining([
        '~ limits.openPerPerson: 5 → 7',
        expect.stringMatching(/^~ edges\[\S+\]\.gates\.scan\.maxHigh: 5 → 1$/),
      ]),
    );
  });

  it('is refused whole when it is not valid: the one of before stays in force, and the audit says why', async () => {
    const before = world.product.doors.policy();
    const problems = await reload(good.replace('openPerPerson: 5', 'openPerPersn: 7'));

    expect(problems[0]).toContain('openPerPerson');
    expect(world.product.doors.policy()).toBe(before);
    expect((await rows()).at(-1)).toMatchObject({ action: 'policy-refused' });
  });
});
