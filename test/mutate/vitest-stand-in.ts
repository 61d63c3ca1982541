// What the suites take from vitest, collected instead of run: the same tests are run again and again in one process, with
// another mutant each time.
export { expect } from 'vitest';

interface Collected {
  readonly name: string;
  readonly run: () => unknown;
}

const tests: Collected[] = [];
const names: string[] = [];

/** The tests since the last time it was asked. */
export const collected = (): readonly Collected[] => tests.splice(0);

type Body = (...values: never[]) => unknown;
const valuesOf = (row: unknown): never[] => (Array.isArray(row) ? row : [row]) as never[];

function addTest(name: string, second: Body | object, third?: Body): void {
  const body = typeof second === 'function' ? (second as Body) : third;
  if (body) tests.push({ name: [...names, name].join(' '), run: () => body() });
}

export const it = Object.assign(addTest, {
  each:
    (rows: readonly unknown[]) =>
    (name: string, body: Body): void => {
      rows.forEach((row, i) => addTest(`${name} (${i})`, () => body(...valuesOf(row))));
    },
});

function addSuite(name: string, body: () => void): void {
  names.push(name);
  // A mutant may make the body throw; the next one starts anew.
  try {
    body();
  } finally {
    names.pop();
  }
}

export const describe = Object.assign(addSuite, {
  each:
    (rows: readonly unknown[]) =>
    (name: string, body: Body): void => {
      rows.forEach((row, i) => addSuite(`${name} (${i})`, () => void body(...valuesOf(row))));
    },
});
