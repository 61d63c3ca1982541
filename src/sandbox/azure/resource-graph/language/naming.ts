// The name Kusto gives a column nobody named: `properties.sku` is properties_sku, `dcount(id)` is dcount_id. The two
// lists of functions are the result-name kinds of Microsoft's own symbol tables.
import { childAt, listOf, nameOf } from './tree.ts';
import type { Node } from './tree.ts';

const namedByFirstArgument = new Set([
  'split',
  'tostring',
  'todynamic',
  'tolong',
  'toint',
  'toreal',
  'todouble',
  'todecimal',
  'todatetime',
  'totimespan',
  'tobool',
  'toboolean',
  'toguid',
  'parse_json',
  'format_datetime',
  'startofday',
  'bin',
  'floor',
  'round',
  'ceiling',
  'abs',
  'take_any',
]);

/** The name of the expression's column, or undefined when Kusto numbers it (Column1, Column2 ...). */
export function ownName(node: Node): string | undefined {
  switch (node.kind) {
    case 'NameReference':
      return nameOf(node);
    case 'PathExpression':
      return join(ownName(childAt(node, 0)), nameOf(childAt(node, -1)));
    case 'ElementExpression':
      return join(ownName(childAt(node, 0)), elementName(childAt(childAt(node, -1), 1)));
    case 'ParenthesizedExpression':
      return ownName(childAt(node, 1));
    case 'FunctionCallExpression':
      return functionName(node);
  }
  return undefined;
}

/** The name after the first argument (`sum_x`), with nothing behind the underscore when that has none. */
export function prefixedName(prefix: string, call: Node): string {
  const first = argumentsOf(call)[0];
  return `${prefix}_${(first && ownName(first)) ?? ''}`;
}

/** The arguments of a call. */
export function argumentsOf(call: Node): readonly Node[] {
  return listOf(childAt(call, -1));
}

function functionName(call: Node): string | undefined {
  const name = nameOf(childAt(call, 0));
  if (name === 'strlen' || name === 'gettype') return prefixedName(name === 'gettype' ? 'type' : name, call);
  const first = argumentsOf(call)[0];
  return namedByFirstArgument.has(name) && first ? ownName(first) : undefined;
}

function elementName(index: Node): string | undefined {
  return index.kind.endsWith('LiteralExpression') ? childAt(index, 0).value : undefined;
}

function join(base: string | undefined, part: string | undefined): string | undefined {
  return base === undefined || part === undefined ? undefined : `${base}_${part}`;
}
