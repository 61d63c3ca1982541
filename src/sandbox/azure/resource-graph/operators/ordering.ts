// The operators that order and cut: order by / sort by, top, take / limit.
import { derive, requireKey, scopeOf } from './definition.ts';
import type { TabularOperator } from './definition.ts';
import { order } from '../language/comparison.ts';
import { compileExpression, constantNumber } from '../language/expressions.ts';
import { childAt, lastListOf } from '../language/tree.ts';
import type { Node } from '../language/tree.ts';
import { textOf } from '../language/values.ts';
import type { Expression, Row, Scope, Table, Value } from '../language/types.ts';

interface OrderKey {
  readonly read: Expression['read'];
  readonly direction: 1 | -1;
  /** Where nulls go: -1 first, 1 last. */
  readonly nulls: 1 | -1;
}

export const sort: TabularOperator = (input, node, compilation) => {
  const scope = scopeOf(input, compilation);
  const keys = lastListOf(node).map((one) => orderKey(one, scope));
  return { ...derive(input, input.schema, (rows) => sortRows(rows, keys)), sorted: true };
};

export const top: TabularOperator = (input, node, compilation) => {
  const scope = scopeOf(input, compilation);
  const most = constantNumber(childAt(node, 2), scope);
  const keys = [orderKey(childAt(node, -1), scope)];
  return { ...limited(input, (rows) => sortRows(rows, keys).slice(0, most)), sorted: true };
};

export const take: TabularOperator = (input, node, compilation) => {
  const most = constantNumber(childAt(node, -1), scopeOf(input, compilation));
  return limited(input, (rows) => rows.slice(0, most));
};

function limited(input: Table, apply: (rows: readonly Row[]) => readonly Row[]): Table {
  return { ...derive(input, input.schema, apply), limited: true };
}

/** Descending unless said otherwise; nulls are the least, so last when descending. */
function orderKey(node: Node, scope: Scope): OrderKey {
  const value = node.kind === 'OrderedExpression' ? childAt(node, 0) : node;
  const words = node.kind === 'OrderedExpression' ? childAt(node, 1).text.toLowerCase() : '';
  const expression = compileExpression(value, scope);
  requireKey(expression, value, `The order key '${value.text}' is of a 'dynamic' type.`);
  const direction = /^asc\b/.test(words) ? 1 : -1;
  const nulls = /nulls\s+first/.test(words) || (direction === 1 && !/nulls\s+last/.test(words)) ? -1 : 1;
  return { read: expression.read, direction, nulls };
}

/** Stable; the keys of each row are read once. */
function sortRows(rows: readonly Row[], keys: readonly OrderKey[]): readonly Row[] {
  const entries = rows.map((row) => ({ row, values: keys.map((key) => key.read(row)) }));
  return entries.sort((a, b) => compareKeys(a.values, b.values, keys)).map((entry) => entry.row);
}

function compareKeys(left: readonly Value[], right: readonly Value[], keys: readonly OrderKey[]): number {
  for (const [index, key] of keys.entries()) {
    const sign = compareOne(left[index] ?? null, right[index] ?? null, key);
    if (sign !== 0) return sign;
  }
  return 0;
}

function compareOne(left: Value, right: Value, key: OrderKey): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? key.nulls : -key.nulls;
  return key.direction * (order(left, right) ?? order(textOf(left), textOf(right)) ?? 0);
}
