// The wire shape, against Microsoft's example answers and in both result formats.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { graphOver, registries, subscriptionA } from './estate.ts';
import type { Body } from './estate.ts';

interface Vector {
  readonly parameters: {
    readonly query: { readonly query: string; readonly subscriptions: readonly string[] };
  };
  readonly responses: { readonly '200': { readonly body: Body } };
}

const folder = new URL('../../../../shared/vectors/azure/resource-graph/', import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
if (files.length === 0) console.log('skipped: the example answers of Azure are not beside this project');

function read(file: string): Vector {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Vector;
}

describe.skipIf(files.length === 0)('the example answers of Azure', () => {
  test('are all four there', () => {
    expect(files).toHaveLength(4);
  });

  test.each(files.length > 0 ? files : ['none'])(
    '%s: its query over its own rows gives the same fields and types',
    async (file) => {
      const { parameters, responses } = read(file);
      const { query, subscriptions } = parameters.query;
      const expected = responses['200'].body;
      const rows = expected.data.map((row) => ({
        ...row,
        name: typeof row['name'] === 'string' ? `${row['name']}test` : 'test',
        subscriptionId: subscriptions[0],
      }));

      // The example's token belongs to Azure: it is left out.
      const answer = await graphOver(new Map([['resources', rows]])).handle(
        { query, subscriptions },
        'tester',
      );

      const { $skipToken: _, ...others } = expected;
      const body = answer.body as Body;
      expect(answer.status).toBe(200);
      expect(Object.keys(body).toSorted()).toEqual(Object.keys(others).toSorted());
      expect(body.count).toBe(expected.count);
      expect(body.facets).toEqual([]);
      expect(body.resultTruncated).toBe('false');
      expect(body.data.map(shape)).toEqual(expected.data.map(shape));
    },
  );
});

/** Names and types of a row's fields, without order. */
function shape(row: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value]));
}

describe('rows on the wire', () => {
  test('type and location are lower case, id and name keep theirs', async () => {
    const answer = await graphOver().handle({ query: "resources | where name == 'shopdev'" }, 'tester');

    const [row] = (answer.body as Body).data;
    expect(row).toMatchObject({ type: 'microsoft.containerregistry/registries', location: 'westeurope' });
    expect(row?.['id']).toBe(registries[0]?.['id']);
  });

  test('a row without project has every column of the table, text as empty text and the rest as null', async () => {
    const answer = await graphOver().handle({ query: "resources | where name == 'shopdev'" }, 'tester');

    const [row] = (answer.body as Body).data;
    expect(row).toMatchObject({ kind: '', managedBy: '', zones: null, identity: null, plan: null });
    expect(Object.keys(row ?? {})).toHaveLength(16);
  });

  test('the table format has typed columns and rows as lists', async () => {
    const query =
      'resources | where name == "shopdev" | project name, n = strlen(name), on = 1 == 1, tags, t = now()';

    const answer = await graphOver().handle(
      { query, subscriptions: [subscriptionA], options: { resultFormat: 'table' } },
      'tester',
    );

    expect((answer.body as { data: unknown }).data).toEqual({
      columns: [
        { name: 'name', type: 'string' },
        { name: 'n', type: 'integer' },
        { name: 'on', type: 'boolean' },
        { name: 'tags', type: 'object' },
        { name: 't', type: 'datetime' },
      ],
      rows: [['shopdev', 7, true, { stage: 'dev', team: 'shop' }, '2026-11-22T12:00:00.0000000Z']],
    });
  });

  test('a new column in the estate is seen by a query that was asked before', async () => {
    const tables = new Map([['resources', [{ id: 'a' } as Record<string, unknown>]]]);
    const graph = graphOver(tables);
    await graph.handle({ query: 'resources' }, 'tester');

    tables.set('resources', [{ id: 'a', added: 1 }]);
    const answer = await graph.handle({ query: 'resources' }, 'tester');

    expect((answer.body as Body).data[0]).toMatchObject({ added: 1 });
  });
});
