// Joins, unions and arg_max where their kinds and names differ.
import { describe, expect, test } from 'vitest';
import { refusalOf, rowsOf, valueOf } from './estate.ts';

const doubled = new Map([
  [
    'resources',
    [
      { name: 'a', tenantId: 'first' },
      { name: 'a', tenantId: 'second' },
      { name: 'b', tenantId: 'third' },
    ],
  ],
  [
    'resourcecontainers',
    [
      { name: 'a', kind: 'x' },
      { name: 'a', kind: 'y' },
    ],
  ],
]);
const joined = (kind: string): string =>
  `resources | project name, tenantId | join ${kind} (resourcecontainers | project name, kind) on name | project tenantId, name1, kind`;

describe('join', () => {
  test('without a kind takes one row of the left for each key', async () => {
    expect(await rowsOf(joined(''), doubled)).toEqual([
      { tenantId: 'first', name1: 'a', kind: 'x' },
      { tenantId: 'first', name1: 'a', kind: 'y' },
    ]);
  });

  test('of kind inner takes all pairs', async () => {
    expect((await rowsOf(joined('kind=inner'), doubled)).map((row) => row['tenantId'])).toEqual([
      'first',
      'first',
      'second',
      'second',
    ]);
  });

  test('of kind leftouter keeps the left rows that have no partner', async () => {
    expect((await rowsOf(joined('kind=leftouter'), doubled)).at(-1)).toEqual({
      tenantId: 'third',
      name1: '',
      kind: '',
    });
  });

  test('takes several keys, by and, by comma and by $left and $right', async () => {
    const other = '(resourcecontainers | project name, other = kind, both = 1)';

    const rows = await rowsOf(
      `resources | extend k = 'y' | join kind=inner ${other} on name, $left.k == $right.other | project other`,
      doubled,
    );
    const same = await rowsOf(
      `resources | extend k = 'y' | join kind=inner ${other} on $left.name == $right.name and $right.other == $left.k | project other`,
      doubled,
    );

    expect(rows).toEqual([{ other: 'y' }, { other: 'y' }]);
    expect(same).toEqual(rows);
  });
});

describe('union', () => {
  test('counts the piped table as a leg', async () => {
    expect((await refusalOf('resources | union resources, resources, resources'))[0]?.['code']).toBe(
      'DisallowedCount',
    );
  });

  test('of kind inner keeps the columns that all legs have, withsource names the leg', async () => {
    const rows = await rowsOf(
      'union kind=inner withsource=leg (resources | project name, tenantId), (resourcecontainers | project name, kind) | take 4',
      doubled,
    );

    expect(rows.at(0)).toEqual({ leg: 'union_arg0', name: 'a' });
    expect(rows.at(-1)).toEqual({ leg: 'union_arg1', name: 'a' });
  });
});

test('arg_max of everything keeps the key and the group once', async () => {
  const rows = await rowsOf(
    'resources | project name, tenantId | summarize last1 = arg_max(tenantId, *) by name',
    doubled,
  );

  expect(rows).toEqual([
    { name: 'a', last1: 'second', tenantId: 'second' },
    { name: 'b', last1: 'third', tenantId: 'third' },
  ]);
});

test('two nulls are neither equal nor unequal, and a null holds not even empty text', async () => {
  expect(
    await valueOf('pack_array(properties.absent == properties.absent, properties.absent != dynamic(null))'),
  ).toEqual([null, null]);
  expect(await valueOf("pack_array(properties.absent contains '', properties.absent !contains '')")).toEqual([
    false,
    true,
  ]);
});

describe('parse', () => {
  const parsed = (kind: string, text: string): Promise<readonly unknown[]> =>
    rowsOf(
      `resources | take 1 | extend t = '${text}' | parse ${kind} t with 'who=' who ' when=' at:datetime | project who, at`,
    );

  test('simple is all or nothing, relaxed keeps what fits', async () => {
    expect(await parsed('', 'who=dana when=2026-11-22')).toEqual([
      { who: 'dana', at: '2026-11-22T00:00:00.0000000Z' },
    ]);
    expect(await parsed('', 'who=dana when=soon')).toEqual([{ who: '', at: null }]);
    expect(await parsed('kind=relaxed', 'who=dana when=soon')).toEqual([{ who: 'dana', at: null }]);
  });

  test('a text that does not match leaves the columns empty', async () => {
    expect(await parsed('', 'nobody')).toEqual([{ who: '', at: null }]);
  });
});
