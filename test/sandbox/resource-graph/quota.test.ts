// The quota per user and what its headers say.
import { expect, test } from 'vitest';
import { createResourceGraph } from '../../../src/sandbox/azure/resource-graph/server.ts';
import type { GraphAnswer, ResourceGraphOptions } from '../../../src/sandbox/azure/resource-graph/server.ts';
import { estate } from './estate.ts';
import type { ErrorBody } from './estate.ts';

function ticking(quota?: ResourceGraphOptions['quota']): {
  ask: (user?: string) => Promise<GraphAnswer>;
  pass: (ms: number) => void;
  counters: () => object;
} {
  let at = 1_000_000;
  const graph = createResourceGraph({ tables: () => estate, now: () => at, ...(quota ? { quota } : {}) });
  return {
    ask: (user = 'dana') => graph.handle({ query: 'resources | count' }, user),
    pass: (ms) => void (at += ms),
    counters: () => graph.counters(),
  };
}

test('the sixteenth query in 5 s is throttled, and the next window is open again', async () => {
  const { ask, pass } = ticking();
  const answers = await Promise.all(Array.from({ length: 16 }, () => ask()));

  pass(5000);
  const later = await ask();

  expect(answers.map((one) => one.status)).toEqual([...Array.from({ length: 15 }, () => 200), 429]);
  expect(later.status).toBe(200);
});

test('the headers count down and say when the window ends', async () => {
  const { ask, pass } = ticking({ limit: 3, windowMs: 65_000 });

  const first = await ask();
  pass(4000);
  const second = await ask();

  expect(first.headers).toEqual({
    'x-ms-user-quota-remaining': '2',
    'x-ms-user-quota-resets-after': '00:01:05',
  });
  expect(second.headers).toEqual({
    'x-ms-user-quota-remaining': '1',
    'x-ms-user-quota-resets-after': '00:01:01',
  });
});

test('a throttled answer is RateLimiting without Retry-After, as the real one', async () => {
  const { ask } = ticking({ limit: 1, windowMs: 5000 });
  await ask();

  const { headers, body } = await ask();

  expect(headers).toEqual({ 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:05' });
  expect((body as ErrorBody).error.code).toBe('RateLimiting');
});

test('a throttled answer carries Retry-After where it is asked for', async () => {
  const { ask, pass } = ticking({ limit: 1, windowMs: 5000, retryAfter: true });
  await ask();
  pass(2500);

  expect((await ask()).headers['Retry-After']).toBe('3');
});

test('users have quotas of their own', async () => {
  const { ask } = ticking({ limit: 1, windowMs: 5000 });
  await ask('dana');

  expect((await ask('rui')).status).toBe(200);
  expect((await ask('dana')).status).toBe(429);
});

test('the counters tell requests, throttled ones and rows', async () => {
  const { ask, counters } = ticking({ limit: 2, windowMs: 5000 });

  await ask();
  await ask();
  await ask();

  expect(counters()).toEqual({ requests: 3, throttled: 1, rows: 2 });
});
