// union: the rows of several tables under the columns of all of them.
import { refuse } from '../errors.ts';
import { limits } from '../limits.ts';
import type { TabularOperator } from './definition.ts';
import { listOf, parametersOf } from '../language/tree.ts';
import type { Node } from '../language/tree.ts';
import type { Compilation, Row, Schema, Table, Type } from '../language/types.ts';

export const union: TabularOperator = (input, node, compilation) =>
  combine([{ table: input, name: 'union_arg0' }], node, compilation);

/** A query that begins with union. */
export function unionOf(node: Node, compilation: Compilation): Table {
  return combine([], node, compilation);
}

interface Leg {
  readonly table: Table;
  readonly name: string;
}

function combine(first: readonly Leg[], node: Node, compilation: Compilation): Table {
  const parameters = parametersOf(node);
  const kind = parameters.get('kind') ?? 'outer';
  if (kind !== 'outer' && kind !== 'inner')
    throw refuse(`union kind '${kind}' is unknown; use outer or inner.`, undefined, kind);
  if (parameters.get('isfuzzy'))
    throw refuse('Fuzzy resolution of union legs is not allowed in Resource Graph.', undefined, 'isfuzzy');
  const more = listOf(node, 1).map((leg, index) => ({
    table: compilation.compileTable(leg, compilation),
    name: leg.kind === 'NameReference' ? leg.text : `union_arg${index + first.length}`,
  }));
  const legs = [...first, ...more];
  compilation.used.legs += legs.length;
  const tables = new Set(legs.flatMap((leg) => [...leg.table.tables]));
  const foreign = [...tables].find((table) => tables.size > 1 && !limits.neighbours.includes(table));
  if (foreign !== undefined)
    throw refuse(
      `union takes one table, or ${limits.neighbours.join(' and ')}; '${foreign}' is another.`,
      undefined,
      foreign,
    );
  const mark = parameters.get('withsource');
  const schema = new Map<string, Type>([
    ...(mark === undefined ? [] : [[mark, 'string'] as const]),
    ...columns(legs, kind),
  ]);
  const marked = (leg: Leg, rows: readonly Row[]): readonly Row[] =>
    mark === undefined ? rows : rows.map((row) => ({ [mark]: leg.name, ...row }));
  return {
    schema,
    tables,
    sorted: false,
    limited: legs.some((leg) => leg.table.limited),
    rows: (source) => legs.flatMap((leg) => marked(leg, leg.table.rows(source))),
  };
}

/** Outer keeps every leg's columns, inner those that all legs have. */
function columns(legs: readonly Leg[], kind: string): Schema {
  const all = legs.flatMap((leg) => [...leg.table.schema]);
  const shared = all.filter(([name]) => legs.every((leg) => leg.table.schema.has(name)));
  const found = new Map<string, Type>();
  for (const [name, type] of kind === 'inner' ? shared : all) {
    found.set(name, found.has(name) && found.get(name) !== type ? 'any' : type);
  }
  return found;
}
