// The null rules measured on the Kusto emulator, and the three-valued logic that follows from them.
import { describe, expect, test } from 'vitest';
import { rowsOf, valueOf } from './estate.ts';

const absent = 'properties.absent';

describe('comparing a null with a value', () => {
  test.each([
    `${absent} == 'x'`,
    `${absent} =~ 'x'`,
    `${absent} in ('x')`,
    `${absent} in~ ('x')`,
    `${absent} has 'x'`,
    `${absent} contains 'x'`,
  ])('%s is false', async (expression) => {
    expect(await valueOf(expression)).toBe(false);
  });

  test.each([
    `${absent} != 'x'`,
    `${absent} !~ 'x'`,
    `${absent} !in ('x')`,
    `${absent} !in~ ('x')`,
    `${absent} !contains 'x'`,
    `${absent} !has 'x'`,
  ])('%s is true', async (expression) => {
    expect(await valueOf(expression)).toBe(true);
  });

  test.each([
    `${absent} < 1`,
    `${absent} <= 1`,
    `${absent} > 1`,
    `${absent} >= 1`,
    `${absent} between (1 .. 2)`,
    `${absent} + 1`,
  ])('%s is null', async (expression) => {
    expect(await valueOf(expression)).toBeNull();
  });

  test('a comparison that is null keeps no row, and neither does its negation', async () => {
    const kept = await rowsOf(`resources | where ${absent} < 1 or not(${absent} < 1) | project name`);

    expect(kept).toEqual([]);
  });
});

describe('three-valued logic', () => {
  test.each([
    [`1 == 1 or ${absent} < 1`, true],
    [`1 == 2 or ${absent} < 1`, null],
    [`1 == 1 and ${absent} < 1`, null],
    [`1 == 2 and ${absent} < 1`, false],
    [`not(${absent} < 1)`, null],
  ])('%s is %s', async (expression, expected) => {
    expect(await valueOf(expression)).toBe(expected);
  });
});

describe('what is missing', () => {
  test('a missing property is null at any depth, a missing text column is empty text', async () => {
    expect(
      await valueOf(
        `pack_array(${absent}.deeper[3].still, managedBy, isnull(managedBy), isempty(managedBy))`,
      ),
    ).toEqual([null, '', false, true]);
  });

  test('property names have their case', async () => {
    expect(await valueOf('properties.AdminUserEnabled')).toBeNull();
    expect(await valueOf("properties['adminUserEnabled']")).toBe(false);
  });

  test('nulls come first in ascending order, last in descending order, unless the query says otherwise', async () => {
    const stages = async (order: string): Promise<unknown> =>
      (
        await rowsOf(
          `resources | where type endswith '/registries' | extend d = toint(properties.policies.retentionPolicy.days) | order by d ${order}, name asc | project d`,
        )
      ).map((row) => row['d']);

    expect(await stages('asc')).toEqual([null, null, 7]);
    expect(await stages('desc')).toEqual([7, null, null]);
    expect(await stages('asc nulls last')).toEqual([7, null, null]);
    expect(await stages('desc nulls first')).toEqual([null, null, 7]);
  });

  test('aggregates leave nulls out', async () => {
    const [row] = await rowsOf(
      "resources | where type endswith '/registries' | extend d = toint(properties.policies.retentionPolicy.days) | summarize dcount(d), sum(d), avg(d), min(d), make_list(d), n = count()",
    );

    expect(row).toEqual({ dcount_d: 1, sum_d: 7, avg_d: 7, min_d: 7, list_d: [7], n: 3 });
  });

  test('a null joins nothing', async () => {
    const rows = await rowsOf(
      'resources | extend k = toint(properties.absent) | project name, k | join kind=inner (resources | extend k = toint(properties.absent) | project k) on k',
    );

    expect(rows).toEqual([]);
  });
});
