import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import { plantedBugs } from './machine.ts';

const worlds = {
  'one replica, until every vote and approval has lapsed': { adversity: 0, hours: 4, replicas: 1 },
  'one replica, and one thing turns against it': { adversity: 1, hours: 1, replicas: 1 },
  'two replicas at once': { adversity: 0, hours: 1, replicas: 2 },
} as const;

describe('whatever happens, every invariant of the approval machine holds', () => {
  it.each(Object.entries(worlds))('in the world of %s', async (name, size) => {
    const found = await explore({ ...size, slow: false });

    const { states, transitions, depth, violations, seconds } = found;
    console.log(
      `${name}: ${states} states, ${transitions} transitions, depth ${depth}, ${violations.length} violations, ${seconds.toFixed(1)} s`,
    );
    expect(violations[0]?.trace.join('\n') ?? 'nothing is broken').toBe('nothing is broken');
    expect(found.whole).toBe(true);
    expect(states).toBeGreaterThan(5000);
  });
});

describe('a machine with a bug planted is found out', () => {
  it.each([
    ['no four eyes', 'I1: the requester approved', 3],
    ['expiry not in the transaction', 'I1: a vote was counted after the expiry', 6],
    ['vote not bound to the digest', 'I2: a vote was counted while the tag had another digest', 4],
    ['two imports', 'I3: the target was imported into twice', 14],
    ['lock skipped', 'I7: promoted, and not everything is locked', 23],
  ] as const)('%s', async (bug, broken, steps) => {
    const size =
      bug === 'expiry not in the transaction' ? { adversity: 0, hours: 4 } : { adversity: 1, hours: 0 };

    const { violations } = await explore({ ...size, replicas: 1, slow: false, machine: plantedBugs[bug] });

    const [first] = violations;
    console.log(`${bug}: ${first?.broken}\n  ${first?.trace.join('\n  ')}`);
    expect(first?.broken).toBe(broken);
    expect(first?.trace.length).toBeLessThanOrEqual(steps);
  });
});
