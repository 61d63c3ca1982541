// A short run of every target with a fixed seed, and proof that the harness sees what it looks for. `npm run fuzz` goes on.
import { expect, test } from 'vitest';
import { fuzz, type Target } from './harness.ts';
import { mutateText } from './mutate.ts';
import { targets } from './targets.ts';

test.each(targets)('$name stands 60 hostile inputs', async (target) => {
  const outcome = await fuzz(target, { seed: 2027, seconds: 1, executions: 60 });

  expect(outcome.crashes).toEqual([]);
  expect(outcome.executions).toBeGreaterThan(0);
});

const broken = (run: (input: string) => void | Promise<void>): Target => ({
  name: 'broken',
  open: () => ({ seeds: ['a quiet seed'], mutate: mutateText(['BOOM']), run }),
});

test('What breaks is found, told apart, made small, and can be had again by its number', async () => {
  const target = broken((input) => {
    if (input.includes('BOOM')) throw new TypeError('it broke');
    if (input.includes('__proto__')) throw new RangeError('otherwise');
  });

  const { crashes } = await fuzz(target, { seed: 1, seconds: 5, executions: 2000 });
  const [first] = crashes;
  const again = await fuzz(target, { seed: 1, seconds: 5, at: first!.execution });

  expect(crashes.map(({ input }) => input).sort()).toEqual(['BOOM', '__proto__']);
  expect(again.crashes).toMatchObject([{ execution: first!.execution, input: first!.input }]);
  expect(again.executions).toBe(1);
});

test('A rejection that nobody waits for is a crash', async () => {
  const target = broken(async () => {
    void Promise.reject(new Error('stray'));
    await new Promise((resolve) => setImmediate(resolve));
  });

  const { crashes } = await fuzz(target, { seed: 1, seconds: 5, executions: 3 });

  expect(crashes).toMatchObject([{ problem: expect.stringContaining('nobody caught: Error: stray') }]);
});
