// Literals of a query as values, dynamic() included.
import { unsupported } from './tree.ts';
import type { Node } from './tree.ts';
import { boolOf, dateOf, numberOf, timespan, timespanOf } from './values.ts';
import type { Expression, Type, Value } from './types.ts';

const units: Readonly<Record<string, number>> = {
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  h: 3_600_000,
  hr: 3_600_000,
  hrs: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  micro: 0.001,
  micros: 0.001,
  microsecond: 0.001,
  microseconds: 0.001,
  tick: 0.0001,
  ticks: 0.0001,
};

/** An expression that is the same for every row. */
export function constant(value: Value, type: Type): Expression {
  return { type, read: () => value, constant: { value } };
}

const readers: Readonly<Record<string, readonly [Type, (node: Node) => Value]>> = {
  StringLiteralExpression: ['string', (node) => tokenValue(node)],
  CompoundStringLiteralExpression: ['string', (node) => compoundText(node)],
  LongLiteralExpression: ['long', (node) => numberOf(unwrapped(node))],
  IntLiteralExpression: ['long', (node) => numberOf(unwrapped(node))],
  RealLiteralExpression: ['real', (node) => numberOf(unwrapped(node))],
  DecimalLiteralExpression: ['real', (node) => numberOf(unwrapped(node))],
  BooleanLiteralExpression: ['bool', (node) => boolOf(unwrapped(node))],
  DateTimeLiteralExpression: ['datetime', (node) => dateOf(unwrapped(node))],
  TimespanLiteralExpression: ['timespan', (node) => timespanLiteral(unwrapped(node))],
  GuidLiteralExpression: ['string', (node) => unwrapped(node).toLowerCase()],
  NullLiteralExpression: ['dynamic', () => null],
  DynamicExpression: ['dynamic', (node) => jsonValue(node.children[2] ?? node)],
};

/** The literal's expression, or undefined when the node is no literal. */
export function literal(node: Node): Expression | undefined {
  const reader = readers[node.kind];
  return reader && constant(reader[1](node), reader[0]);
}

function tokenValue(node: Node): string {
  return node.children[0]?.value ?? node.value;
}

function compoundText(node: Node): string {
  return (node.children[0]?.children ?? node.children).map((one) => one.value).join('');
}

/** `datetime(x)` and `x` alike: the token's value may or may not carry the type around it. */
function unwrapped(node: Node): string {
  const value = tokenValue(node);
  return (/^\w+\((.*)\)$/s.exec(value)?.[1] ?? value).trim();
}

function timespanLiteral(text: string): Value {
  const match = /^(-?[\d.]+)\s*([a-z]+)$/i.exec(text);
  const unit = match && units[(match[2] ?? '').toLowerCase()];
  if (match && unit !== undefined && unit !== null) return timespan(Number(match[1]) * unit);
  // time(3) are three days.
  return /^-?\d+$/.test(text) ? timespan(Number(text) * 86_400_000) : timespanOf(text);
}

function jsonValue(node: Node): Value {
  const list = node.children.find((one) => one.kind === 'List')?.children ?? [];
  if (node.kind === 'JsonArrayExpression') return list.map(jsonValue);
  if (node.kind === 'JsonObjectExpression') {
    return Object.fromEntries(
      list.map((pair) => [pair.children[0]?.value ?? '', jsonValue(pair.children[2] ?? pair)]),
    );
  }
  if (node.kind === 'UnaryMinusExpression' && node.children[1]) return -Number(jsonValue(node.children[1]));
  const read = literal(node);
  if (!read) throw unsupported('This value in dynamic()', node);
  return read.constant?.value ?? null;
}
