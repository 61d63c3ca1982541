// Which rows a request may see.
import { describe, expect, test } from 'vitest';
import { graphOver, subscriptionA, subscriptionB } from './estate.ts';
import type { Body } from './estate.ts';

async function names(table: string, request: object = {}): Promise<readonly unknown[]> {
  const answer = await graphOver().handle(
    { query: `${table} | order by name asc | project name`, ...request },
    'tester',
  );
  return (answer.body as Body).data.map((row) => row['name']);
}

describe('subscriptions', () => {
  test('without any, the whole tenant is seen', async () => {
    expect(await names('resources')).toEqual([
      'francecentral',
      'paystaging',
      'shopdev',
      'shopprod',
      'westeurope',
    ]);
  });

  test('only rows of the named ones are seen, whatever the case of the id', async () => {
    expect(await names('resources', { subscriptions: [subscriptionA.toUpperCase()] })).toEqual([
      'paystaging',
      'shopdev',
    ]);
  });

  test('hold inside of joins', async () => {
    const query =
      'resources | project id | join kind=inner (resources | project id, name) on id | project name';

    const answer = await graphOver().handle({ query, subscriptions: [subscriptionB] }, 'tester');

    expect((answer.body as Body).totalRecords).toBe(3);
  });
});

describe('management groups', () => {
  test('stand for the subscriptions below them', async () => {
    expect(await names('resources', { managementGroups: ['DEV'] })).toEqual(['paystaging', 'shopdev']);
    expect(await names('resources', { managementGroups: ['root'] })).toHaveLength(5);
    expect(await names('resources', { managementGroups: ['nowhere'] })).toEqual([]);
  });
});

describe('authorizationScopeFilter', () => {
  test.each([
    [undefined, ['registry', 'subscription']],
    ['AtScopeAndBelow', ['registry', 'subscription']],
    ['AtScopeAboveAndBelow', ['group', 'registry', 'root', 'subscription']],
    ['AtScopeAndAbove', ['group', 'root', 'subscription']],
    ['AtScopeExact', ['subscription']],
  ])('%s shows %j', async (filter, expected) => {
    const options = filter === undefined ? {} : { authorizationScopeFilter: filter };

    const seen = await names('authorizationresources', { subscriptions: [subscriptionA], options });

    expect(seen).toEqual(expected);
  });
});
