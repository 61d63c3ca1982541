// where and summarize against a plain TypeScript reference over random rows; broken queries against the rule that every
// one of them ends in 200 or 400; and how long a large table takes (printed, not asserted).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../src/sandbox/azure/resource-graph/server.ts';
import { graphOver, rowsOf } from './estate.ts';
import type { Body } from './estate.ts';

const skus = ['Basic', 'standard', 'Premium', ''];
const rowArbitrary = fc.record({
  name: fc.string({ unit: 'grapheme-ascii', maxLength: 6 }),
  location: fc.constantFrom('westeurope', 'northeurope', 'uksouth'),
  properties: fc.record(
    {
      size: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(null)),
      on: fc.boolean(),
      sku: fc.constantFrom(...skus),
    },
    { requiredKeys: [] },
  ),
});
type Sample = Row & {
  name: string;
  location: string;
  properties: { size?: number | null; on?: boolean; sku?: string };
};

const tableOf = (rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> => new Map([['resources', rows]]);

describe('where', () => {
  const isSize = (size: number | null | undefined): size is number => typeof size === 'number';
  const predicates: readonly (readonly [string, (row: Sample, text: string, number: number) => boolean])[] = [
    ['properties.size > $n', (row, _, number) => isSize(row.properties.size) && row.properties.size > number],
    ['properties.size != $n', (row, _, number) => row.properties.size !== number],
    [
      'not(properties.size <= $n)',
      (row, _, number) => isSize(row.properties.size) && row.properties.size > number,
    ],
    ['properties.sku =~ $s', (row, text) => row.properties.sku?.toLowerCase() === text.toLowerCase()],
    ['properties.sku !in~ ($s)', (row, text) => row.properties.sku?.toLowerCase() !== text.toLowerCase()],
    [
      'properties.on == true or properties.size == $n',
      (row, _, number) => row.properties.on === true || row.properties.size === number,
    ],
    ['name contains_cs $s', (row, text) => row.name.includes(text)],
    [
      'location startswith $s and properties.on',
      (row, text) => row.location.startsWith(text.toLowerCase()) && row.properties.on === true,
    ],
  ];

  test.each(predicates)('%s keeps what the reference keeps', async (template, keeps) => {
    const property = fc.asyncProperty(
      fc.array(rowArbitrary, { maxLength: 30 }),
      fc.constantFrom(...skus, 'west', 'a', '1'),
      fc.integer({ min: -50, max: 50 }),
      async (rows, text, number) => {
        const predicate = template.replaceAll('$n', String(number)).replaceAll('$s', `'${text}'`);

        const found = await rowsOf(`resources | where ${predicate} | project name`, tableOf(rows));

        const expected = rows
          .filter((row) => keeps(row as Sample, text, number))
          .map(({ name }) => ({ name }));
        expect(found).toEqual(expected);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});

describe('summarize', () => {
  test('groups, counts and sums as the reference does', async () => {
    const property = fc.asyncProperty(fc.array(rowArbitrary, { maxLength: 40 }), async (rows) => {
      const found = await rowsOf(
        'resources | extend size = tolong(properties.size) | summarize n = count(), total = sum(size), big = countif(size > 0), most = max(size), skus = dcount(tostring(properties.sku)) by location',
        tableOf(rows),
      );

      expect(found).toEqual(
        [...Map.groupBy(rows as readonly Sample[], (row) => row.location)].map(([location, group]) =>
          reference(location, group),
        ),
      );
    });
    await fc.assert(property, { numRuns: 100 });
  });

  function reference(location: string, group: readonly Sample[]): object {
    const sizes = group.map((row) => row.properties.size).filter((size) => typeof size === 'number');
    return {
      location,
      n: group.length,
      total: sizes.reduce((sum, size) => sum + size, 0),
      big: sizes.filter((size) => size > 0).length,
      most: sizes.length > 0 ? Math.max(...sizes) : null,
      skus: new Set(group.map((row) => row.properties.sku ?? '')).size,
    };
  }
});

test('whatever is asked ends in 200 or 400', async () => {
  const graph = graphOver();
  const words =
    'resources | where project extend summarize by count() name properties.x == =~ ( ) [ ] 1 1.5 "a" \'b\' , ; let x = join kind=inner on union mv-expand to typeof(string) in has ago(1d) dynamic({}) $left. order top take not(null) parse with * distinct - + between (1 .. 2)'.split(
      ' ',
    );
  const query = fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 14 })
    .map((parts) => parts.join(' '));
  const seen = new Set<number>();

  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        query,
        query.map((text) => `resources | ${text}`),
        fc.string({ minLength: 1 }),
      ),
      async (text) => {
        const answer = await graph.handle({ query: text }, 'fuzz');
        seen.add(answer.status);
        expect([200, 400]).toContain(answer.status);
      },
    ),
    { numRuns: 1500, examples: [['resources | count'], ['resources |']] },
  );

  expect(seen).toEqual(new Set([200, 400]));
});

test('a table of 100,000 rows is judged', async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => ({
    id: `/subscriptions/s/registries/r${index}`,
    name: `r${index}`,
    sku: { name: index % 3 ? 'Premium' : 'Basic' },
    properties: { adminUserEnabled: index % 2 === 0, policies: { retentionPolicy: { days: index % 30 } } },
  }));
  const graph = graphOver(tableOf(rows));
  const query =
    "resources | where sku.name =~ 'premium' and properties.adminUserEnabled == true | project id, name, d = toint(properties.policies.retentionPolicy.days)";

  const started = performance.now();
  const answer = await graph.handle({ query }, 'tester');
  console.log(`where and project over 100,000 rows: ${Math.round(performance.now() - started)} ms`);

  expect((answer.body as Body).totalRecords).toBe(33_333);
});
