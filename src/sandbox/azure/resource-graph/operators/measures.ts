// The aggregates of a summarize: a plain call, arithmetic over calls, or arg_max / arg_min with their several columns.
import { refuse } from '../errors.ts';
import { compileAssignments, split } from './definition.ts';
import { aggregates } from '../functions/aggregates.ts';
import { order } from '../language/comparison.ts';
import { column, compileExpression } from '../language/expressions.ts';
import { argumentsOf, ownName, prefixedName } from '../language/naming.ts';
import { childAt, nameOf } from '../language/tree.ts';
import type { Node } from '../language/tree.ts';
import type { Expression, Row, Scope, Type, Value } from '../language/types.ts';

/** One group's state of one measure. */
export interface Running {
  add(row: Row): void;
  /** Puts the results into the group's row. */
  write(target: Record<string, Value>): void;
}

/** One aggregate expression of the query and the columns it answers. */
export interface Measure {
  readonly columns: readonly (readonly [string, Type])[];
  readonly start: () => Running;
}

/** Compiles one element of summarize; `unnamed` gives the next Column1, Column2 ... where Kusto numbers a column. */
export function compileMeasure(
  node: Node,
  scope: Scope,
  keys: ReadonlySet<string>,
  unnamed: () => string,
): Measure {
  const { name, value } = split(node);
  const called = calledName(value);
  if (called === 'arg_max') return extremeRow(value, name, scope, keys, 1);
  if (called === 'arg_min') return extremeRow(value, name, scope, keys, -1);
  if (aggregates.has(called)) return plainMeasure(value, name ?? defaultName(value, called), scope);
  return composedMeasure(value, name ?? ownName(value) ?? unnamed(), scope);
}

function calledName(node: Node): string {
  return node.kind === 'FunctionCallExpression' ? nameOf(childAt(node, 0)) : '';
}

function plainMeasure(call: Node, name: string, scope: Scope): Measure {
  const called = calledName(call);
  const aggregate = aggregates.get(called);
  if (!aggregate) throw refuse(`Unknown aggregate: '${called}'.`, 'UnknownFunction', called);
  const args = argumentsOf(call).map((one) => compileExpression(one, scope));
  if (args.length < aggregate.least || args.length > aggregate.most) {
    throw refuse(`${called}() does not take ${args.length} argument(s).`, undefined, called);
  }
  const start = (): Running => {
    const accumulator = aggregate.start(args);
    const write = (target: Record<string, Value>): void => {
      target[name] = accumulator.result();
    };
    return { add: (row) => accumulator.add(row), write };
  };
  return { columns: [[name, aggregate.type(args)]], start };
}

function defaultName(call: Node, called: string): string {
  const prefix = aggregates.get(called)?.prefix ?? '';
  if (prefix === '') return ownName(call) ?? called;
  const name = prefixedName(prefix, call);
  return called === 'percentile' ? `${name}_${argumentsOf(call)[1]?.text ?? ''}` : name;
}

/** `round(100.0 * countif(x) / count(), 1)`: the calls become hidden columns that the rest is computed from. */
function composedMeasure(node: Node, name: string, scope: Scope): Measure {
  const hidden: Measure[] = [];
  const rest = replaceCalls(node, (call) => {
    const place = `\u0001${hidden.length}`;
    hidden.push(plainMeasure(call, place, scope));
    return place;
  });
  if (hidden.length === 0)
    throw refuse(`An aggregate is expected, '${node.text}' has none.`, 'UnknownFunction', node.text);
  const schema = new Map(hidden.flatMap((measure) => measure.columns));
  const expression = compileExpression(rest, { ...scope, schema });
  const start = (): Running => {
    const parts = hidden.map((measure) => measure.start());
    const write = (target: Record<string, Value>): void => {
      const found: Record<string, Value> = {};
      for (const part of parts) part.write(found);
      target[name] = expression.read(found);
    };
    return { add: (row) => parts.forEach((part) => part.add(row)), write };
  };
  return { columns: [[name, expression.type]], start };
}

function replaceCalls(node: Node, hide: (call: Node) => string): Node {
  if (!aggregates.has(calledName(node)))
    return { ...node, children: node.children.map((one) => replaceCalls(one, hide)) };
  const place = hide(node);
  return { kind: 'NameReference', text: place, value: place, start: node.start, children: [] };
}

/** arg_max(key, columns or *): the values of the row with the greatest key; rows without a key lose. */
function extremeRow(
  call: Node,
  name: string | undefined,
  scope: Scope,
  keys: ReadonlySet<string>,
  direction: 1 | -1,
): Measure {
  const [keyNode, ...wanted] = argumentsOf(call);
  if (!keyNode || wanted.length === 0) throw refuse(`'${call.text}' needs a key and the columns to keep.`);
  const key = compileExpression(keyNode, scope);
  const keyName = name ?? ownName(keyNode) ?? (direction === 1 ? 'max_' : 'min_');
  const columns = wanted.flatMap((one) => keptColumns(one, scope, new Set([keyName, ...keys])));
  const start = (): Running => {
    let [best, bestKey]: [Row | undefined, Value] = [undefined, null];
    const isBetter = (value: Value): boolean =>
      best === undefined ||
      (bestKey === null ? value !== null : (order(value, bestKey) ?? 0) * direction > 0);
    const add = (row: Row): void => {
      const value = key.read(row);
      if (isBetter(value)) [best, bestKey] = [row, value];
    };
    const write = (target: Record<string, Value>): void => {
      target[keyName] = bestKey;
      for (const { name: kept, expression } of columns) target[kept] = best ? expression.read(best) : null;
    };
    return { add, write };
  };
  return {
    columns: [
      [keyName, key.type],
      ...columns.map(({ name: kept, expression }) => [kept, expression.type] as const),
    ],
    start,
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
