// summarize: groups rows by keys and runs the measures of each group.
import { compileAssignments, derive, requireKey, scopeOf } from './definition.ts';
import type { Assignment, TabularOperator } from './definition.ts';
import { compileMeasure } from './measures.ts';
import type { Measure, Running } from './measures.ts';
import { keyOf } from '../language/comparison.ts';
import { child, listOf } from '../language/tree.ts';
import type { Row, Value } from '../language/types.ts';

interface Group {
  readonly row: Record<string, Value>;
  readonly running: readonly Running[];
}

export const summarize: TabularOperator = (input, node, compilation) => {
  const scope = scopeOf(input, compilation);
  const by = child(node, 'SummarizeByClause');
  const keys = compileAssignments(by ? listOf(by) : [], scope);
  for (const key of keys)
    requireKey(key.expression, key.node, `Summarize group key '${key.name}' is of a 'dynamic' type.`);
  const names = new Set(keys.map((key) => key.name));
  let numbered = keys.filter((key) => /^Column\d+$/.test(key.name)).length;
  const measures = listOf(node, 1).map((one) =>
    compileMeasure(one, scope, names, () => `Column${++numbered}`),
  );
  const schema = new Map([
    ...keys.map(({ name, expression }) => [name, expression.type] as const),
    ...measures.flatMap((measure) => measure.columns),
  ]);
  return { ...derive(input, schema, (rows) => group(rows, keys, measures)), sorted: false };
};

function group(
  rows: readonly Row[],
  keys: readonly Assignment[],
  measures: readonly Measure[],
): readonly Row[] {
  const groups = new Map<string, Group>();
  const begin = (row: Record<string, Value>): Group => ({
    row,
    running: measures.map((measure) => measure.start()),
  });
  // Without keys there is one group, of no rows if need be.
  if (keys.length === 0) groups.set('', begin({}));
  for (const row of rows) {
    const values = keys.map((key) => key.expression.read(row));
    const key = values.map(keyOf).join('\u0000');
    let found = groups.get(key);
    if (!found) {
      found = begin(Object.fromEntries(keys.map(({ name }, index) => [name, values[index]])));
      groups.set(key, found);
    }
    for (const one of found.running) one.add(row);
  }
  return [...groups.values()].map(finish);
}

function finish({ row, running }: Group): Row {
  for (const one of running) one.write(row);
  return row;
}
