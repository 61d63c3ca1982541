// What Resource Graph refuses: syntax, names, types, and more of an operator than it allows.
import { describe, expect, test } from 'vitest';
import { graphOver, refusalOf, rowsOf } from './estate.ts';
import type { ErrorBody } from './estate.ts';

describe('the shape of a refusal', () => {
  test('is BadRequest with InvalidQuery first and where the parser stumbled after it', async () => {
    const answer = await graphOver().handle({ query: "resources\n| wher type == 'x'" }, 'tester');

    const { error } = answer.body as ErrorBody;
    expect(answer.status).toBe(400);
    expect(error.code).toBe('BadRequest');
    expect(error.message).toMatch(
      /timestamp = 2026-11-22T12:00:00\.0000000Z, correlationId = [0-9a-f-]{36}\.$/,
    );
    expect(error.details[0]?.['code']).toBe('InvalidQuery');
    expect(error.details[1]).toMatchObject({
      code: 'ParserFailure',
      line: 2,
      characterPositionInLine: 2,
      token: 'wher',
    });
  });

  test('an unclosed text names the token that is expected', async () => {
    const [detail] = await refusalOf("resources | where name == 'x");

    expect(detail).toMatchObject({ code: 'ParserFailure', line: 1, expectedToken: "'" });
  });
});

describe('names that do not exist', () => {
  test.each([
    ['nosuchtable | take 1', 'DisallowedLogicalTableName', 'nosuchtable'],
    ['resources | where propertis.x == 1', 'UnresolvedName', 'propertis'],
    ['resources | project name | where location == 1', 'UnresolvedName', 'location'],
    ['resources | project-away nothing', 'UnresolvedName', 'nothing'],
    ['resources | extend x = geo_distance_2points(1, 2, 3, 4)', 'UnknownFunction', 'geo_distance_2points'],
    ['resources | summarize hll(name)', 'UnknownFunction', 'hll(name)'],
    [
      'resources | evaluate bag_unpack(properties)',
      'InvalidQueryLanguage',
      'evaluate bag_unpack(properties)',
    ],
    ['resources | serialize', 'InvalidQueryLanguage', 'serialize'],
    ['resources | search "x"', 'InvalidQueryLanguage', 'search "x"'],
    [
      'let f = (x: string) { x }; resources | where name == f(name)',
      'InvalidQueryLanguage',
      '(x: string) { x }',
    ],
  ])('%s is refused by name', async (query, code, token) => {
    const [detail] = await refusalOf(query);

    expect(detail).toMatchObject({ code, token });
    expect(detail?.['message']).toContain(token);
  });

  test('table names have no case', async () => {
    expect(await rowsOf('RESOURCES | count')).toEqual(await rowsOf('Resources | count'));
  });

  test('a table of Azure that the estate lacks is empty, not unknown', async () => {
    expect(await rowsOf('AlertsManagementResources | count')).toEqual([{ Count: 0 }]);
  });
});

describe('types', () => {
  test.each([
    'resources | summarize count() by sku.name',
    'resources | order by properties.limit',
    'resources | distinct tags',
    'resources | join kind=inner (resources) on properties',
  ])('%s needs a cast of its key', async (query) => {
    const [detail] = await refusalOf(query);

    expect(detail?.['code']).toBe('DynamicKey');
    expect(detail?.['message']).toContain('explicit cast');
  });

  test.each([
    'resources | where name == 5',
    'resources | where name',
    'resources | extend n = strlen(name) | where n == name',
  ])('%s mixes types', async (query) => {
    expect((await refusalOf(query))[0]?.['code']).toBe('TypeMismatch');
  });

  test('a path into text is refused with the cure', async () => {
    const [detail] = await refusalOf('resources | project name.first1');

    expect(detail?.['message']).toContain('parse_json()');
  });

  test('wrong counts of arguments and broken patterns are refused', async () => {
    expect((await refusalOf('resources | extend x = strlen()'))[0]?.['message']).toContain(
      'strlen() takes 1',
    );
    expect((await refusalOf("resources | where name matches regex '('"))[0]?.['code']).toBe('InvalidRegex');
  });
});

describe('how much of an operator is allowed', () => {
  const joins = (count: number): string =>
    `resources | project id${' | join kind=inner (resources | project id) on id'.repeat(count)} | count`;
  const expansions = (count: number): string =>
    `resources | where 1 == 2${' | mv-expand x = properties.limit'.repeat(count)}`;
  const legs = (count: number): string =>
    `union ${Array.from({ length: count }, () => 'resources').join(', ')} | count`;

  test.each([
    ['joins', joins],
    ['mv-expands', expansions],
    ['union legs', legs],
  ])('3 %s pass, 4 do not', async (_, query) => {
    const passed = await graphOver().handle({ query: query(3) }, 'tester');
    const [detail] = await refusalOf(query(4));

    expect(passed.status).toBe(200);
    expect(detail).toMatchObject({ code: 'DisallowedCount' });
  });

  test('joins inside of let and of other joins are counted too', async () => {
    const two =
      'resources | project id | join kind=inner (resources | project id) on id | join kind=inner (resources | project id) on id';

    const [detail] = await refusalOf(
      `let a = ${two}; a | project id | join kind=inner (${two} | project id) on id`,
    );

    expect(detail?.['message']).toContain('5 times');
  });

  const across = (table: string): string => ` | join kind=inner (${table} | project id) on id`;

  test.each([
    ['securityresources', 'securityresources', 400],
    ['securityresources', 'resourcecontainers', 400],
    ['securityresources', 'resources', 200],
    ['resourcecontainers', 'resourcecontainers', 200],
  ])('joins of resources with %s and then %s answer %d', async (first, second, status) => {
    const query = `resources | project id${across(first)}${across(second)}`;

    expect((await graphOver().handle({ query }, 'tester')).status).toBe(status);
  });

  test('a union takes one table, or resources and resourcecontainers', async () => {
    const passed = await graphOver().handle({ query: 'resources | union resourcecontainers' }, 'tester');
    const [detail] = await refusalOf('resources | union securityresources');

    expect(passed.status).toBe(200);
    expect(detail).toMatchObject({ token: 'securityresources' });
  });

  test.each(['fullouter', 'leftanti', 'rightouter', 'leftsemi'])('join kind %s is refused', async (kind) => {
    const [detail] = await refusalOf(`resources | join kind=${kind} (resources) on id`);

    expect(detail).toMatchObject({ token: kind });
  });

  test('mv-expand gives 128 rows unless told, and never more than 400', async () => {
    const tables = new Map([
      ['resources', [{ id: 'a', properties: { list: Array.from({ length: 500 }, (_, index) => index) } }]],
    ]);

    const byDefault = await rowsOf('resources | mv-expand x = properties.list | count', tables);
    const told = await rowsOf('resources | mv-expand x = properties.list limit 400 | count', tables);
    const [detail] = await refusalOf('resources | mv-expand x = properties.limit limit 401');

    expect([byDefault, told]).toEqual([[{ Count: 128 }], [{ Count: 400 }]]);
    expect(detail?.['code']).toBe('InvalidRowLimit');
  });
});

describe('requests that are no query', () => {
  test.each([
    undefined,
    {},
    { query: '' },
    { query: 'resources', options: { $top: 1001 } },
    { query: 'resources', options: { resultFormat: 'csv' } },
    { query: 'resources', subscriptions: 'all' },
  ])('%j is a bad request', async (body) => {
    const answer = await graphOver().handle(body, 'tester');

    expect(answer.status).toBe(400);
    expect((answer.body as ErrorBody).error.details[0]?.['code']).toBe('InvalidRequest');
  });

  test.each([
    ['nested brackets', `${'('.repeat(20_000)}1 == 1${')'.repeat(20_000)}`],
    ['a long chain', Array.from({ length: 20_000 }, () => '1 == 2').join(' or ')],
  ])('a query of %s beyond the stack is refused and the next one is answered', async (_, predicate) => {
    const graph = graphOver();

    const deep = await graph.handle({ query: `resources | where ${predicate}` }, 'tester');
    const next = await graph.handle({ query: 'resources | count' }, 'tester');

    expect([deep.status, next.status]).toEqual([400, 200]);
    expect((deep.body as ErrorBody).error.details[1]?.['message']).toContain('too complex');
  });

  test('brackets inside of text are no nesting', async () => {
    expect(await rowsOf(`resources | where name == '${'('.repeat(600)}' | count`)).toEqual([{ Count: 0 }]);
  });
});
