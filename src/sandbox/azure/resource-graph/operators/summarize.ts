// summarize: groups by keys and runs aggregates; arg_max and arg_min keep a whole row of the group.
import { refuse } from '../errors.ts';
import { compileAssignments, derive, requireKey, scopeOf, split } from './definition.ts';
import type { Assignment, TabularOperator } from './definition.ts';
import { aggregates } from '../functions/aggregates.ts';
import type { Accumulator } from '../functions/aggregates.ts';
import { keyOf, order } from '../language/comparison.ts';
import { column, compileExpression } from '../language/expressions.ts';
import { argumentsOf, ownName, prefixedName } from '../language/naming.ts';
import { child, childAt, listOf, nameOf } from '../language/tree.ts';
import type { Node } from '../language/tree.ts';
import type { Expression, Row, Scope, Type, Value } from '../language/types.ts';

/** One aggregate of the query: it may answer several columns. */
interface Measure {
  readonly columns: readonly (readonly [string, Type])[];
  readonly start: () => { add(row: Row): void; write(target: Record<string, Value>): void };
}

interface Group {
  readonly row: Record<string, Value>;
  readonly running: readonly ReturnType<Measure['start']>[];
}

export const summarize: TabularOperator = (input, node, compilation) => {
  const scope = scopeOf(input, compilation);
  const by = child(node, 'SummarizeByClause');
  const keys = compileAssignments(by ? listOf(by) : [], scope);
  for (const key of keys)
    requireKey(key.expression, key.node, `Summarize group key '${key.name}' is of a 'dynamic' type.`);
  const measures = listOf(node, 1).map((one) => compileMeasure(one, scope, keys));
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
  // Without keys there is one group, of no rows if need be.
  if (keys.length === 0) groups.set('', { row: {}, running: measures.map((measure) => measure.start()) });
  for (const row of rows) {
    const values = keys.map((key) => key.expression.read(row));
    const key = values.map(keyOf).join('\u0000');
    let found = groups.get(key);
    if (!found) {
      const named = Object.fromEntries(keys.map(({ name }, index) => [name, values[index]]));
      groups.set(key, (found = { row: named, running: measures.map((measure) => measure.start()) }));
    }
    for (const one of found.running) one.add(row);
  }
  return [...groups.values()].map(({ row, running }) => {
    for (const one of running) one.write(row);
    return row;
  });
}

function compileMeasure(node: Node, scope: Scope, keys: readonly Assignment[]): Measure {
  const { name, value } = split(node);
  const called = value.kind === 'FunctionCallExpression' ? nameOf(childAt(value, 0)) : '';
  if (called === 'arg_max' || called === 'arg_min')
    return extremeRow(value, name, scope, keys, called === 'arg_max' ? 1 : -1);
  const aggregate = aggregates.get(called);
  if (!aggregate)
    throw refuse(
      `An aggregate is expected, '${value.text}' is none.`,
      'UnknownFunction',
      called || value.text,
    );
  const args = argumentsOf(value).map((one) => compileExpression(one, scope));
  if (args.length < aggregate.least || args.length > aggregate.most) {
    throw refuse(`${called}() does not take ${args.length} argument(s).`, undefined, called);
  }
  const column = name ?? defaultName(value, called, aggregate.prefix);
  const start = (): ReturnType<Measure['start']> => writing(aggregate.start(args), column);
  return { columns: [[column, aggregate.type(args)]], start };
}

function writing(accumulator: Accumulator, column: string): ReturnType<Measure['start']> {
  return {
    add: (row) => accumulator.add(row),
    write: (target) => {
      target[column] = accumulator.result();
    },
  };
}

function defaultName(call: Node, called: string, prefix: string): string {
  if (prefix === '') return ownName(call) ?? called;
  const name = prefixedName(prefix, call);
  return called === 'percentile' ? `${name}_${argumentsOf(call)[1]?.text ?? ''}` : name;
}

/** arg_max(key, columns or *): the values of the row with the greatest key; rows without a key lose. */
function extremeRow(
  call: Node,
  name: string | undefined,
  scope: Scope,
  keys: readonly Assignment[],
  direction: 1 | -1,
): Measure {
  const [keyNode, ...wanted] = argumentsOf(call);
  if (!keyNode || wanted.length === 0) throw refuse(`'${call.text}' needs a key and the columns to keep.`);
  const key = compileExpression(keyNode, scope);
  const keyName = name ?? ownName(keyNode) ?? (direction === 1 ? 'max_' : 'min_');
  const taken = new Set([keyName, ...keys.map((one) => one.name)]);
  const columns = wanted.flatMap((one) => keptColumns(one, scope, taken));
  return {
    columns: [
      [keyName, key.type],
      ...columns.map(({ name: kept, expression }) => [kept, expression.type] as const),
    ],
    start: () => {
      let [best, bestKey]: [Row | undefined, Value] = [undefined, null];
      return {
        add: (row) => {
          const value = key.read(row);
          const isBetter =
            best === undefined ||
            (bestKey === null ? value !== null : (order(value, bestKey) ?? 0) * direction > 0);
          if (isBetter) [best, bestKey] = [row, value];
        },
        write: (target) => {
          target[keyName] = bestKey;
          for (const { name: kept, expression } of columns)
            target[kept] = best ? expression.read(best) : null;
        },
      };
    },
  };
}

function keptColumns(
  node: Node,
  scope: Scope,
  taken: ReadonlySet<string>,
): readonly { name: string; expression: Expression }[] {
  if (node.kind !== 'StarExpression') return compileAssignments([node], scope);
  const others = [...scope.schema].filter(([name]) => !taken.has(name));
  return others.map(([name, type]) => ({ name, expression: column(name, type) }));
}
