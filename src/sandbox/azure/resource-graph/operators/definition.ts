// What a tabular operator is to the compiler, and what most of them need.
import { refuse } from '../errors.ts';
import { ownName } from '../language/naming.ts';
import { compileExpression } from '../language/expressions.ts';
import { childAt, nameOf, unsupported } from '../language/tree.ts';
import type { Node } from '../language/tree.ts';
import type { Compilation, Expression, Row, Schema, Scope, Table } from '../language/types.ts';

/** Compiles one operator behind its input. */
export type TabularOperator = (input: Table, node: Node, compilation: Compilation) => Table;

/** A new column: its name, what it holds, and the part of the query that says so. */
export interface Assignment {
  readonly name: string;
  readonly expression: Expression;
  readonly node: Node;
}

/** The scope of expressions that read the table. */
export function scopeOf(table: Table, compilation: Compilation): Scope {
  return { ...compilation, schema: table.schema };
}

/** `a = expression` or a bare expression, which gets Kusto's own name; `index` counts from 0. */
export function compileAssignments(nodes: readonly Node[], scope: Scope): readonly Assignment[] {
  let numbered = 0;
  return nodes.map((node) => {
    const { name, value } = split(node);
    const expression = compileExpression(value, scope);
    return { name: name ?? ownName(value) ?? `Column${++numbered}`, expression, node: value };
  });
}

/** The given name (undefined for a bare expression) and the value of an element of project, extend or summarize. */
export function split(node: Node): { readonly name: string | undefined; readonly value: Node } {
  if (node.kind === 'CompoundNamedExpression') throw unsupported('Several names for one expression', node);
  if (node.kind !== 'SimpleNamedExpression') return { name: undefined, value: node };
  return { name: nameOf(childAt(node, 0)), value: childAt(node, 2) };
}

/** The table with its rows run through a function and another schema. */
export function derive(input: Table, schema: Schema, apply: (rows: readonly Row[]) => readonly Row[]): Table {
  return { ...input, schema, rows: (source) => apply(input.rows(source)) };
}

/** Keys of grouping, ordering and joining must not be dynamic: Resource Graph asks for a cast. */
export function requireKey(expression: Expression, node: Node, message: string): void {
  if (expression.type !== 'dynamic') return;
  throw refuse(
    `${message} Please use an explicit cast, such as tostring(${node.text}).`,
    'DynamicKey',
    node.text,
  );
}
