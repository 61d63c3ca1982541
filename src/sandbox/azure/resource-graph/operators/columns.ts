// The operators that choose rows and columns: where, project and its kin, extend, count, distinct.
import { refuse } from '../errors.ts';
import { compileAssignments, derive, requireKey, scopeOf, split } from './definition.ts';
import type { Assignment, TabularOperator } from './definition.ts';
import { keyOf } from '../language/comparison.ts';
import { column, compilePredicate } from '../language/expressions.ts';
import { childAt, lastListOf, listOf, nameOf } from '../language/tree.ts';
import type { Node } from '../language/tree.ts';
import type { Row, Schema, Table, Value } from '../language/types.ts';

export const where: TabularOperator = (input, node, compilation) => {
  const holds = compilePredicate(childAt(node, -1), scopeOf(input, compilation));
  return derive(input, input.schema, (rows) => rows.filter(holds));
};

export const project: TabularOperator = (input, node, compilation) => {
  const assignments = compileAssignments(listOf(node), scopeOf(input, compilation));
  return derive(input, schemaOf(assignments), (rows) => rows.map((row) => assign({}, assignments, row)));
};

export const extend: TabularOperator = (input, node, compilation) => {
  const assignments = compileAssignments(listOf(node), scopeOf(input, compilation));
  const schema = new Map([...input.schema, ...schemaOf(assignments)]);
  return derive(input, schema, (rows) => rows.map((row) => assign({ ...row }, assignments, row)));
};

export const projectAway: TabularOperator = (input, node) => {
  const gone = namesMatching(listOf(node), input.schema);
  return keepColumns(
    input,
    [...input.schema.keys()].filter((name) => !gone.has(name)),
  );
};

export const projectKeep: TabularOperator = (input, node) => {
  const kept = namesMatching(listOf(node), input.schema);
  return keepColumns(
    input,
    [...input.schema.keys()].filter((name) => kept.has(name)),
  );
};

export const projectRename: TabularOperator = (input, node) => {
  const renamed = new Map(listOf(node).map((one) => renaming(one, input.schema)));
  const columns = [...input.schema].map(([name, type]) => ({
    from: name,
    to: renamed.get(name) ?? name,
    type,
  }));
  const schema = new Map(columns.map(({ to, type }) => [to, type]));
  return derive(input, schema, (rows) => rows.map((row) => pick(row, columns)));
};

export const count: TabularOperator = (input) => ({
  ...derive(input, new Map([['Count', 'long']]), (rows) => [{ Count: rows.length }]),
  sorted: false,
});

export const distinct: TabularOperator = (input, node, compilation) => {
  const listed = lastListOf(node);
  const isStar = listed[0]?.kind === 'StarExpression';
  const columns = isStar ? columnsOf(input.schema) : compileAssignments(listed, scopeOf(input, compilation));
  for (const one of columns)
    requireKey(one.expression, one.node, `Distinct column '${one.name}' is of a 'dynamic' type.`);
  return { ...derive(input, schemaOf(columns), (rows) => distinctRows(rows, columns)), sorted: false };
};

function distinctRows(rows: readonly Row[], columns: readonly Assignment[]): readonly Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const found = assign({}, columns, row);
    const key = columns.map((one) => keyOf(found[one.name])).join('\u0000');
    if (!seen.has(key)) seen.set(key, found);
  }
  return [...seen.values()];
}

function columnsOf(schema: Schema): readonly Assignment[] {
  return [...schema].map(([name, type]) => ({
    name,
    expression: column(name, type),
    node: { kind: 'NameReference', text: name, value: name, start: 0, children: [] },
  }));
}

function assign(
  target: Record<string, Value>,
  assignments: readonly Assignment[],
  row: Row,
): Record<string, Value> {
  for (const { name, expression } of assignments) target[name] = expression.read(row);
  return target;
}

function schemaOf(assignments: readonly Assignment[]): Schema {
  return new Map(assignments.map(({ name, expression }) => [name, expression.type]));
}

function keepColumns(input: Table, names: readonly string[]): Table {
  const columns = names.map((name) => ({
    from: name,
    to: name,
    type: input.schema.get(name) ?? ('any' as const),
  }));
  const schema = new Map(columns.map(({ to, type }) => [to, type]));
  return derive(input, schema, (rows) => rows.map((row) => pick(row, columns)));
}

function pick(row: Row, columns: readonly { readonly from: string; readonly to: string }[]): Row {
  const found: Record<string, Value> = {};
  for (const { from, to } of columns) if (row[from] !== undefined) found[to] = row[from];
  return found;
}

/** The columns that names or patterns (`tag*`) stand for; an unknown plain name is refused. */
function namesMatching(nodes: readonly Node[], schema: Schema): ReadonlySet<string> {
  return new Set(nodes.flatMap((node) => matching(nameOf(node), schema)));
}

function matching(name: string, schema: Schema): readonly string[] {
  if (name.includes('*')) {
    const parts = name.split('*').map((part) => RegExp.escape(part));
    const wanted = new RegExp(`^${parts.join('.*')}$`);
    return [...schema.keys()].filter((column) => wanted.test(column));
  }
  if (!schema.has(name)) throw refuse(`Failed to resolve column named '${name}'.`, 'UnresolvedName', name);
  return [name];
}

/** From the old name to the new one. */
function renaming(node: Node, schema: Schema): readonly [string, string] {
  const { name, value } = split(node);
  const [old] = matching(nameOf(value), schema);
  if (name === undefined || old === undefined)
    throw refuse(`project-rename needs 'new = old': '${node.text}'.`);
  return [old, name];
}
