// join: innerunique (the default), inner and leftouter. Columns of the right that collide get a 1 behind their name.
import { refuse } from '../errors.ts';
import { requireKey } from './definition.ts';
import type { TabularOperator } from './definition.ts';
import { limits } from '../limits.ts';
import { keyOf } from '../language/comparison.ts';
import { compileExpression } from '../language/expressions.ts';
import { child, childAt, listOf, nameOf, parametersOf, unsupported } from '../language/tree.ts';
import type { Node } from '../language/tree.ts';
import type { Compilation, Expression, Row, Schema, Type, Value } from '../language/types.ts';

interface KeyPair {
  readonly left: Expression;
  readonly right: Expression;
}

export const join: TabularOperator = (input, node, compilation) => {
  compilation.used.joins += 1;
  const kind = parametersOf(node).get('kind')?.toLowerCase() ?? 'innerunique';
  if (!limits.joinKinds.some((one) => one === kind)) {
    throw refuse(
      `join kind '${kind}' is not supported by Resource Graph; use ${limits.joinKinds.join(', ')}.`,
      undefined,
      kind,
    );
  }
  const clause = child(node, 'JoinOnClause');
  if (!clause) throw refuse("join needs an 'on' clause.", undefined, 'join');
  const right = compilation.compileTable(joined(node, clause), compilation);
  const tables = input.tables.union(right.tables);
  countCrossing(input.tables, right.tables, compilation);
  const pairs = listOf(clause).flatMap((one) => keyPairs(one, input.schema, right.schema, compilation));
  const names = rightNames(input.schema, right.schema);
  const schema = new Map<string, Type>([
    ...input.schema,
    ...names.map(({ from, to }) => [to, right.schema.get(from) ?? 'any'] as const),
  ]);
  const merge = (left: Row, other: Row | undefined): Row => merged(left, other, names, right.schema);
  return {
    ...input,
    schema,
    tables,
    sorted: false,
    rows: (source) => match(input.rows(source), right.rows(source), pairs, kind, merge),
  };
};

/** Joining the table that the query begins with to itself is no crossing. */
function countCrossing(left: ReadonlySet<string>, right: ReadonlySet<string>, { used }: Compilation): void {
  const [begin = ''] = left;
  if ([...right].every((table) => table === begin)) return;
  used.crossings += 1;
  if (![...left.union(right)].every((table) => limits.neighbours.includes(table))) used.foreign += 1;
}

/** The right side stands just before the `on` clause. */
function joined(node: Node, clause: Node): Node {
  return childAt(node, node.children.indexOf(clause) - 1);
}

function match(
  left: readonly Row[],
  right: readonly Row[],
  pairs: readonly KeyPair[],
  kind: string,
  merge: (left: Row, right: Row | undefined) => Row,
): readonly Row[] {
  const byKey = Map.groupBy(right, (row) => rowKey(row, pairs, 'right'));
  const seen = new Set<string>();
  return left.flatMap((row) => {
    const key = rowKey(row, pairs, 'left');
    if (kind === 'innerunique') {
      if (key !== undefined && seen.has(key)) return [];
      if (key !== undefined) seen.add(key);
    }
    const others = key === undefined ? undefined : byKey.get(key);
    if (others) return others.map((other) => merge(row, other));
    return kind === 'leftouter' ? [merge(row, undefined)] : [];
  });
}

/** undefined when a key is null: null joins nothing. */
function rowKey(row: Row, pairs: readonly KeyPair[], side: 'left' | 'right'): string | undefined {
  const values = pairs.map((pair) => pair[side].read(row));
  return values.includes(null) ? undefined : values.map(keyOf).join('\u0000');
}

function rightNames(left: Schema, right: Schema): readonly { from: string; to: string }[] {
  const taken = new Set(left.keys());
  return [...right.keys()].map((from) => {
    let to = from;
    for (let number = 1; taken.has(to); number++) to = `${from}${number}`;
    taken.add(to);
    return { from, to };
  });
}

function merged(
  left: Row,
  other: Row | undefined,
  names: readonly { from: string; to: string }[],
  schema: Schema,
): Row {
  const row: Record<string, Value> = { ...left };
  for (const { from, to } of names) row[to] = other?.[from] ?? (schema.get(from) === 'string' ? '' : null);
  return row;
}

/** `a`, `$left.a == $right.b`, or several of them with `and`. */
function keyPairs(node: Node, left: Schema, right: Schema, compilation: Compilation): readonly KeyPair[] {
  if (node.kind === 'AndExpression') {
    return [childAt(node, 0), childAt(node, 2)].flatMap((one) => keyPairs(one, left, right, compilation));
  }
  if (node.kind === 'ParenthesizedExpression') return keyPairs(childAt(node, 1), left, right, compilation);
  if (node.kind === 'NameReference')
    return [pair(keyOfSide(node, left, compilation), keyOfSide(node, right, compilation), node)];
  if (node.kind !== 'EqualExpression') throw unsupported('This join condition', node);
  const sides = new Map(
    [childAt(node, 0), childAt(node, 2)].map((one) => [nameOf(childAt(one, 0)), childAt(one, -1)]),
  );
  const [onLeft, onRight] = [sides.get('$left'), sides.get('$right')];
  if (!onLeft || !onRight)
    throw refuse(`A join condition compares $left and $right: '${node.text}'.`, undefined, node.text);
  return [pair(keyOfSide(onLeft, left, compilation), keyOfSide(onRight, right, compilation), node)];
}

function keyOfSide(node: Node, schema: Schema, compilation: Compilation): Expression {
  return compileExpression(node, { ...compilation, schema });
}

function pair(left: Expression, right: Expression, node: Node): KeyPair {
  for (const side of [left, right])
    requireKey(side, node, `The join key '${node.text}' is of a 'dynamic' type.`);
  return { left, right };
}
