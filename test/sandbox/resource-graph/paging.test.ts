// Pages, skip tokens, and the ways in which rows are lost.
import { describe, expect, test } from 'vitest';
import { createResourceGraph } from '../../../src/sandbox/azure/resource-graph/server.ts';
import type { Row } from '../../../src/sandbox/azure/resource-graph/server.ts';
import { graphOver, moment, registry, subscriptionA, subscriptionB } from './estate.ts';
import type { Body, ErrorBody } from './estate.ts';

// In no order of name or id: pages must bring their own.
const many: readonly Row[] = Array.from({ length: 2500 }, (_, index) =>
  registry({
    name: `r${(index * 7919) % 2500}`,
    sku: 'Basic',
    location: 'westeurope',
    subscription: index % 2 ? subscriptionA : subscriptionB,
  }),
);
const tables = new Map([['resources', many]]);

async function ask(request: object, graph = graphOver(tables)): Promise<Body> {
  return (await graph.handle(request, 'tester')).body as Body;
}

async function allPages(query: string, graph = graphOver(tables), top = 1000): Promise<readonly Body[]> {
  const pages: Body[] = [];
  let token: string | undefined;
  do {
    const page = await ask({ query, options: { $top: top, ...(token ? { $skipToken: token } : {}) } }, graph);
    pages.push(page);
    token = page.$skipToken;
  } while (token !== undefined);
  return pages;
}

describe('pages over 2,500 rows', () => {
  test('hold every row once, 1,000 a page, and tell the total', async () => {
    const pages = await allPages('resources | project id, name');

    const ids = pages.flatMap((page) => page.data.map((row) => row['id']));
    expect(pages.map((page) => page.count)).toEqual([1000, 1000, 500]);
    expect(pages.map((page) => page.totalRecords)).toEqual([2500, 2500, 2500]);
    expect(new Set(ids).size).toBe(2500);
    expect(pages.every((page) => page.resultTruncated === 'false')).toBe(true);
  });

  test('come in the order of id where the query asks for none', async () => {
    const pages = await allPages('resources | project id');

    const ids = pages.flatMap((page) => page.data.map((row) => String(row['id'])));
    expect(ids).toEqual(ids.toSorted());
  });

  test('keep the order that the query asks for', async () => {
    const pages = await allPages('resources | order by name desc | project id, name', undefined, 700);

    const names = pages.flatMap((page) => page.data.map((row) => String(row['name'])));
    expect(names).toEqual(
      many
        .map((row) => String(row['name']))
        .toSorted()
        .toReversed(),
    );
  });

  test('do not shift when a row comes in between', async () => {
    const growing = [...many];
    const graph = createResourceGraph({
      tables: () => new Map([['resources', [...growing]]]),
      now: () => moment,
    });
    const query = 'resources | project id';

    const first = await ask({ query }, graph);
    growing.unshift(
      registry({ name: 'a-new-one', sku: 'Basic', location: 'x', subscription: subscriptionA }),
    );
    const second = await ask({ query, options: { $skipToken: first.$skipToken } }, graph);

    expect(second.totalRecords).toBe(2500);
    expect(new Set([...first.data, ...second.data].map((row) => row['id'])).size).toBe(2000);
  });

  test('go on after the stand-in forgot the result', async () => {
    const first = await ask({ query: 'resources | project id' });

    const second = await ask(
      { query: 'resources | project id', options: { $skipToken: first.$skipToken } },
      graphOver(tables),
    );

    expect(new Set([...first.data, ...second.data].map((row) => row['id'])).size).toBe(2000);
  });
});

describe('rows that are lost', () => {
  test.each([
    'resources | project name',
    'resources | take 2000 | project id',
    'resources | top 2000 by name | project id',
  ])('%s has no skip token and says that it is truncated', async (query) => {
    const page = await ask({ query });

    expect(page.count).toBe(1000);
    expect(page.resultTruncated).toBe('true');
    expect(page).not.toHaveProperty('$skipToken');
  });

  test('an aliased id does not count as id', async () => {
    const page = await ask({ query: 'resources | project registry = id' });

    expect(page.resultTruncated).toBe('true');
  });

  test('take within a page is not a truncated result', async () => {
    const page = await ask({ query: 'resources | project id | take 5' });

    expect([page.count, page.totalRecords, page.resultTruncated]).toEqual([5, 5, 'false']);
  });
});

describe('skip tokens', () => {
  test.each([
    ['another query', { query: 'resources | project id, name' }],
    ['another scope', { query: 'resources | project id', subscriptions: [subscriptionA] }],
  ])('are refused with %s', async (_, request) => {
    const graph = graphOver(tables);
    const { $skipToken } = await ask({ query: 'resources | project id' }, graph);

    const answer = await graph.handle({ ...request, options: { $skipToken } }, 'tester');

    expect(answer.status).toBe(400);
    expect((answer.body as ErrorBody).error.details[1]?.['code']).toBe('InvalidSkipToken');
  });

  test('that are invented are refused', async () => {
    const answer = await graphOver(tables).handle(
      { query: 'resources | project id', options: { $skipToken: 'eyJhIjoxfQ==' } },
      'tester',
    );

    expect(answer.status).toBe(400);
  });
});

test('$skip passes over rows', async () => {
  const page = await ask({
    query: 'resources | order by name asc | project id, name',
    options: { $top: 1, $skip: 2499 },
  });

  expect(page.data[0]?.['name']).toBe('r999');
  expect(page).not.toHaveProperty('$skipToken');
});
