// Compiles a scalar expression of the tree to a closure over a row.
import { refuse } from '../errors.ts';
import { scalarFunctions } from '../functions/catalogue.ts';
import { boolOf, isBag, numberOf, textOf } from './values.ts';
import { constant, literal } from './literals.ts';
import { argumentsOf } from './naming.ts';
import { compileOperator } from './operators.ts';
import { childAt, listOf, nameOf, unsupported } from './tree.ts';
import type { Node } from './tree.ts';
import type { Expression, Row, Scope, Type, Value } from './types.ts';

/** The closure of a scalar expression. Throws QueryError for names and functions that do not exist. */
export function compileExpression(node: Node, scope: Scope): Expression {
  const fixed = literal(node);
  if (fixed) return fixed;
  switch (node.kind) {
    case 'NameReference':
      return compileName(nameOf(node), scope);
    case 'ParenthesizedExpression':
      return compileExpression(childAt(node, 1), scope);
    case 'PathExpression':
      return compilePath(node, scope);
    case 'ElementExpression':
      return compileElement(node, scope);
    case 'FunctionCallExpression':
      return compileCall(node, scope);
    case 'UnaryMinusExpression':
    case 'UnaryPlusExpression':
      return compileSign(node, scope);
    case 'TypeOfLiteralExpression':
      return constant(listOf(node)[0]?.text ?? '', 'string');
    case 'AndExpression':
      return compileLogic(node, scope, false);
    case 'OrExpression':
      return compileLogic(node, scope, true);
  }
  return compileInfix(node, scope);
}

/** A predicate of where, countif and join: anything but true is false. */
export function compilePredicate(node: Node, scope: Scope): (row: Row) => boolean {
  const expression = compileExpression(node, scope);
  requireBool(expression, node);
  return (row) => expression.read(row) === true;
}

/** The value of an expression that must not depend on a row (counts, limits). */
export function constantNumber(node: Node, scope: Scope): number {
  const number = numberOf(compileExpression(node, { ...scope, schema: new Map() }).constant?.value ?? null);
  if (number === null) throw refuse(`A number is expected instead of '${node.text}'.`, undefined, node.text);
  return number;
}

function compileName(name: string, scope: Scope): Expression {
  const type = scope.schema.get(name);
  if (type !== undefined) return column(name, type);
  const binding = scope.bindings.get(name);
  if (binding && 'scalar' in binding) return binding.scalar;
  throw refuse(`Failed to resolve column or scalar expression named '${name}'.`, 'UnresolvedName', name);
}

/** Reads a column; text is never null in Kusto, so a missing one is ''. */
export function column(name: string, type: Type): Expression {
  const missing = type === 'string' ? '' : null;
  return { type, read: (row) => row[name] ?? missing };
}

function compilePath(node: Node, scope: Scope): Expression {
  const base = compileExpression(childAt(node, 0), scope);
  return property(base, nameOf(childAt(node, -1)), node);
}

function property(base: Expression, key: string, node: Node): Expression {
  requireDynamic(base, node);
  return { type: 'dynamic', read: (row) => member(base.read(row), key) };
}

function member(value: Value, key: string): Value {
  return isBag(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

function compileElement(node: Node, scope: Scope): Expression {
  const base = compileExpression(childAt(node, 0), scope);
  const index = compileExpression(childAt(childAt(node, -1), 1), scope);
  requireDynamic(base, node);
  return { type: 'dynamic', read: (row) => element(base.read(row), index.read(row)) };
}

function element(value: Value, index: Value): Value {
  if (!Array.isArray(value)) return typeof index === 'string' ? member(value, index) : null;
  const at = typeof index === 'number' ? index : Number.NaN;
  return (value.at(at) as Value) ?? null;
}

function compileCall(node: Node, scope: Scope): Expression {
  const name = nameOf(childAt(node, 0));
  const known = scalarFunctions.get(name);
  if (!known) throw refuse(`Unknown function: '${name}'.`, 'UnknownFunction', name);
  const args = argumentsOf(node).map((one) => compileExpression(one, scope));
  if (args.length < known.least || args.length > known.most) {
    throw refuse(`${name}() takes ${count(known.least, known.most)}, not ${args.length}.`, undefined, name);
  }
  return { type: known.type(args), read: known.build(args, scope) };
}

function count(least: number, most: number): string {
  return least === most ? `${least} argument(s)` : `${least} to ${most} arguments`;
}

function compileSign(node: Node, scope: Scope): Expression {
  const operand = compileExpression(childAt(node, 1), scope);
  if (node.kind === 'UnaryPlusExpression') return operand;
  const zero = compileOperator('-', { type: 'long', read: () => 0 }, operand, node);
  return operand.constant ? { ...zero, constant: { value: zero.read({}) } } : zero;
}

/** Three-valued: `false and null` is false, `true or null` is true, otherwise a null makes null. */
function compileLogic(node: Node, scope: Scope, decisive: boolean): Expression {
  const [left, right] = [childAt(node, 0), childAt(node, 2)].map((side) => {
    const expression = compileExpression(side, scope);
    requireBool(expression, side);
    return expression.read;
  });
  const read = (row: Row): Value => {
    const first = boolOf(left?.(row));
    if (first === decisive) return decisive;
    const second = boolOf(right?.(row));
    if (second === decisive) return decisive;
    return first === null || second === null ? null : !decisive;
  };
  return { type: 'bool', read };
}

function compileInfix(node: Node, scope: Scope): Expression {
  if (node.children.length !== 3) throw unsupported('This expression', node);
  const right = childAt(node, 2);
  const operator = childAt(node, 1).text;
  const left = compileExpression(childAt(node, 0), scope);
  if (right.kind === 'ExpressionList')
    return compileOperator(operator, left, compileList(right, scope), node);
  if (right.kind === 'ExpressionCouple') {
    const bounds = [childAt(right, 1), childAt(right, 3)].map((bound) => compileExpression(bound, scope));
    return compileOperator(operator, left, listExpression(bounds), node);
  }
  return compileOperator(operator, left, compileExpression(right, scope), node);
}

/** `(a, b, dynamic([c]))` as one list: arrays among the items are laid flat, as `in` does. */
function compileList(node: Node, scope: Scope): Expression {
  return listExpression(listOf(node).map((item) => compileExpression(item, scope)));
}

function listExpression(items: readonly Expression[]): Expression {
  const read = (row: Row): Value => items.flatMap((item) => item.read(row));
  const isConstant = items.every((item) => item.constant);
  return { type: 'dynamic', read, ...(isConstant ? { constant: { value: read({}) } } : {}) };
}

function requireDynamic(base: Expression, node: Node): void {
  if (base.type === 'dynamic' || base.type === 'any') return;
  throw refuse(
    `A ${base.type} has no properties: '${node.text}'. Use parse_json() for text that holds JSON.`,
    'InvalidPath',
    node.text,
  );
}

function requireBool(expression: Expression, node: Node): void {
  if (['bool', 'dynamic', 'any'].includes(expression.type)) return;
  throw refuse(
    `A predicate is expected, '${textOf(node.text)}' is a ${expression.type}.`,
    'TypeMismatch',
    node.text,
  );
}
