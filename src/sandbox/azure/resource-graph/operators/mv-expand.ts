// mv-expand: a row for each element of an array or bag. A null keeps its row, an empty array loses it (documented).
import { refuse } from '../errors.ts';
import { compileAssignments, scopeOf } from './definition.ts';
import type { Assignment, TabularOperator } from './definition.ts';
import { convert, typeNamed } from '../functions/conversion.ts';
import { limits } from '../limits.ts';
import { constantNumber } from '../language/expressions.ts';
import { child, childAt, listOf, parametersOf, unsupported } from '../language/tree.ts';
import type { Node } from '../language/tree.ts';
import { isBag } from '../language/values.ts';
import type { Row, Scope, Type, Value } from '../language/types.ts';

interface Expansion extends Assignment {
  readonly type: Type;
}

export const mvExpand: TabularOperator = (input, node, compilation) => {
  compilation.used.expansions += 1;
  const scope = scopeOf(input, compilation);
  const parameters = parametersOf(node);
  const kind = parameters.get('kind') ?? parameters.get('bagexpansion') ?? 'bag';
  if (kind !== 'bag' && kind !== 'array')
    throw refuse(`mv-expand kind '${kind}' is unknown; use bag or array.`, undefined, kind);
  const expansions = listOf(node, 1).map((one) => expansion(one, scope));
  const most = rowLimit(node, scope);
  const index = parameters.get('with_itemindex');
  const schema = new Map<string, Type>([
    ...input.schema,
    ...expansions.map(({ name, type }) => [name, type] as const),
    ...(index === undefined ? [] : [[index, 'long'] as const]),
  ]);
  const expand = (row: Row): readonly Row[] => expandRow(row, expansions, kind, most, index);
  return { ...input, schema, rows: (source) => input.rows(source).flatMap(expand) };
};

function expansion(node: Node, scope: Scope): Expansion {
  const [assignment] = compileAssignments([childAt(node, 0)], scope);
  if (!assignment) throw unsupported('This mv-expand', node);
  if (assignment.expression.type !== 'dynamic' && assignment.expression.type !== 'any') {
    throw refuse(
      `mv-expand needs a dynamic, '${node.text}' is a ${assignment.expression.type}.`,
      'TypeMismatch',
      node.text,
    );
  }
  const clause = child(node, 'ToTypeOfClause');
  const wanted = clause && /typeof\s*\(\s*(\w+)\s*\)/.exec(clause.text)?.[1];
  const type = wanted ? typeNamed(wanted) : 'dynamic';
  if (!type) throw unsupported('This type', node);
  return { ...assignment, type };
}

function rowLimit(node: Node, scope: Scope): number {
  const clause = child(node, 'MvExpandRowLimitClause');
  const most = clause ? constantNumber(childAt(clause, -1), scope) : limits.expandedRows;
  if (most > limits.expandedRowsMost || most < 1) {
    throw refuse(
      `mv-expand RowLimit ${most} is out of range: 1 to ${limits.expandedRowsMost}.`,
      'InvalidRowLimit',
      String(most),
    );
  }
  return most;
}

function expandRow(
  row: Row,
  expansions: readonly Expansion[],
  kind: 'bag' | 'array',
  most: number,
  index: string | undefined,
): readonly Row[] {
  const lists = expansions.map((one) => elements(one.expression.read(row), kind));
  const length = Math.min(most, Math.max(...lists.map((list) => list.length)));
  return Array.from({ length }, (_, at) => {
    const found: Record<string, Value> = { ...row };
    for (const [place, { name, type }] of expansions.entries())
      found[name] = cast(lists[place]?.[at] ?? null, type);
    if (index !== undefined) found[index] = at;
    return found;
  });
}

/** What an expansion counts: an array's elements, a bag's single pairs, else the value itself. */
function elements(value: Value, kind: 'bag' | 'array'): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (!isBag(value)) return [value];
  return Object.entries(value).map(([key, one]) => (kind === 'bag' ? { [key]: one } : [key, one]));
}

function cast(value: Value, type: Type): Value {
  if (value === null) return type === 'string' ? '' : null;
  return type === 'dynamic' ? value : convert(value, type);
}
