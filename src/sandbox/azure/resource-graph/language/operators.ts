// The infix operators of scalar expressions. `scalarOperators` is what docs/kql.md lists.
import { refuse } from '../errors.ts';
import { arithmeticType, calculate } from './arithmetic.ts';
import { equals, equalsIgnoringCase, keyOf, order } from './comparison.ts';
import { hasTerm, pattern, textMatches } from './matching.ts';
import { textOf } from './values.ts';
import type { Node } from './tree.ts';
import { unsupported } from './tree.ts';
import type { Expression, Row, Type, Value } from './types.ts';

type Read = (row: Row) => Value;
type Compile = (left: Expression, right: Expression) => Read;

const comparisons: readonly (readonly [string, Compile])[] = [
  ['==', compare(equals)],
  ['!=', compare((left, right) => negate(equals(left, right)))],
  ['<>', compare((left, right) => negate(equals(left, right)))],
  ['=~', ignoringCase(true)],
  ['!~', ignoringCase(false)],
  ['<', compare((left, right) => test(order(left, right), (sign) => sign < 0))],
  ['<=', compare((left, right) => test(order(left, right), (sign) => sign <= 0))],
  ['>', compare((left, right) => test(order(left, right), (sign) => sign > 0))],
  ['>=', compare((left, right) => test(order(left, right), (sign) => sign >= 0))],
];

const texts = [...textMatches.keys()].flatMap((name) =>
  ['', '_cs'].flatMap((suffix): (readonly [string, Compile])[] => [
    [`${name}${suffix}`, searchText(name, suffix === '_cs', true)],
    [`!${name}${suffix}`, searchText(name, suffix === '_cs', false)],
  ]),
);

const lists: readonly (readonly [string, Compile])[] = [
  ['in', among((value) => value, true)],
  ['!in', among((value) => value, false)],
  ['in~', among((value) => value.toLowerCase(), true)],
  ['!in~', among((value) => value.toLowerCase(), false)],
  ['has_any', hasTerms((found) => found.some(Boolean))],
  ['has_all', hasTerms((found) => found.every(Boolean))],
  ['between', between(true)],
  ['!between', between(false)],
];

/** Every infix operator but `and` and `or`, by the text that spells it. */
export const scalarOperators: ReadonlyMap<string, Compile> = new Map([
  ...comparisons,
  ...texts,
  ...lists,
  ['matches regex', matches],
  ...['+', '-', '*', '/', '%'].map((operator): readonly [string, Compile] => [
    operator,
    arithmetic(operator),
  ]),
]);

/** The expression of an operator between two others. Throws QueryError for an unknown one and for types that never meet. */
export function compileOperator(
  operator: string,
  left: Expression,
  right: Expression,
  node: Node,
): Expression {
  const name = operator.replaceAll(/\s+/g, ' ').toLowerCase();
  const compile = scalarOperators.get(name);
  if (!compile) throw unsupported(`Operator '${name}'`, node);
  if (comparisons.some(([one]) => one === name)) requireComparable(left.type, right.type, node);
  const isArithmetic = /^[-+*/%]$/.test(name);
  return {
    type: isArithmetic ? arithmeticType(name, left.type, right.type) : 'bool',
    read: compile(left, right),
  };
}

const unlikeText = new Set<Type>(['long', 'real', 'bool', 'datetime', 'timespan']);

function requireComparable(left: Type, right: Type, node: Node): void {
  const clash = (left === 'string' && unlikeText.has(right)) || (right === 'string' && unlikeText.has(left));
  if (!clash) return;
  throw refuse(
    `Cannot compare values of types ${left} and ${right}. Try adding explicit casts: '${node.text}'.`,
    'TypeMismatch',
    node.text,
  );
}

function negate(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function test(sign: number | null, holds: (sign: number) => boolean): boolean | null {
  return sign === null ? null : holds(sign);
}

function compare(apply: (left: Value, right: Value) => Value): Compile {
  return (left, right) => {
    const known = right.constant;
    if (known) return (row) => apply(left.read(row), known.value);
    return (row) => apply(left.read(row), right.read(row));
  };
}

function ignoringCase(wanted: boolean): Compile {
  return (left, right) => {
    const known = right.constant;
    if (typeof known?.value !== 'string')
      return (row) => equalsIgnoringCase(left.read(row), right.read(row)) === wanted;
    const needle = known.value.toLowerCase();
    return (row) => {
      const value = left.read(row);
      return (value !== null && textOf(value).toLowerCase() === needle) === wanted;
    };
  };
}

/** A text operator; a null text contains nothing, so its negation is true. */
function searchText(name: string, caseSensitive: boolean, wanted: boolean): Compile {
  const match = textMatches.get(name) ?? hasTerm;
  const fold = (value: Value): string => (caseSensitive ? textOf(value) : textOf(value).toLowerCase());
  return (left, right) => {
    const known = right.constant && fold(right.constant.value);
    return (row) => {
      const value = left.read(row);
      return (value !== null && match(fold(value), known ?? fold(right.read(row)))) === wanted;
    };
  };
}

function among(fold: (value: string) => string, wanted: boolean): Compile {
  const keys = (list: Value): Set<string> =>
    new Set((Array.isArray(list) ? list : [list]).map((item) => fold(keyOf(item))));
  return (left, right) => {
    const known = right.constant && keys(right.constant.value);
    return (row) => {
      const value = left.read(row);
      return (value !== null && (known ?? keys(right.read(row))).has(fold(keyOf(value)))) === wanted;
    };
  };
}

function hasTerms(decide: (found: readonly boolean[]) => boolean): Compile {
  return (left, right) => (row) => {
    const value = left.read(row);
    const list = right.read(row);
    if (value === null || !Array.isArray(list)) return false;
    const text = textOf(value).toLowerCase();
    return decide(list.map((needle) => hasTerm(text, textOf(needle).toLowerCase())));
  };
}

/** Both bounds are included; null when a side cannot be ordered. */
function between(wanted: boolean): Compile {
  return (left, right) => (row) => {
    const value = left.read(row);
    const [low, high] = right.read(row) as readonly Value[];
    const [above, below] = [order(value, low ?? null), order(value, high ?? null)];
    if (above === null || below === null) return null;
    return (above >= 0 && below <= 0) === wanted;
  };
}

function matches(left: Expression, right: Expression): Read {
  const known = right.constant && pattern(textOf(right.constant.value));
  return (row) => {
    const value = left.read(row);
    return value !== null && (known ?? pattern(textOf(right.read(row)))).test(textOf(value));
  };
}

function arithmetic(operator: string): Compile {
  return (left, right) => {
    const whole = left.type !== 'real' && right.type !== 'real';
    return (row) => calculate(operator, left.read(row), right.read(row), whole);
  };
}
