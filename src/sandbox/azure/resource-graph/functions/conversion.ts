// Conversions between types. What cannot be converted is null; text never is.
import { parseJson } from './json.ts';
import { scalar } from './definition.ts';
import type { FunctionTable } from './definition.ts';
import { boolOf, dateOf, isTimespan, numberOf, textOf, timespanOf } from '../language/values.ts';
import type { Type, Value } from '../language/types.ts';

const whole = scalar('long', 1, 1, (value) => integerOf(value));
const real = scalar('real', 1, 1, (value) => numberOf(value));
const bool = scalar('bool', 1, 1, (value) => boolOf(value));

export const conversionFunctions: FunctionTable = {
  tostring: scalar('string', 1, 1, textOf),
  toint: whole,
  tolong: whole,
  todouble: real,
  toreal: real,
  todecimal: real,
  tobool: bool,
  toboolean: bool,
  todatetime: scalar('datetime', 1, 1, (value) => dateOf(value)),
  totimespan: scalar('timespan', 1, 1, (value) => timespanOf(value)),
  toguid: scalar('string', 1, 1, (value) => guidOf(value)),
  gettype: scalar('string', 1, 1, typeName),
};

function integerOf(value: Value): number | null {
  const number = numberOf(value);
  return number === null || !Number.isFinite(number) ? null : Math.trunc(number);
}

function guidOf(value: Value): string | null {
  const text = textOf(value).toLowerCase();
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? text : null;
}

function typeName(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'datetime';
  if (isTimespan(value)) return 'timespan';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'dictionary';
}

const types: Readonly<Record<string, Type>> = {
  string: 'string',
  guid: 'string',
  long: 'long',
  int: 'long',
  real: 'real',
  double: 'real',
  decimal: 'real',
  bool: 'bool',
  boolean: 'bool',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  dynamic: 'dynamic',
};

/** The type that `typeof(name)` or `column:name` spells, undefined for no type. */
export function typeNamed(name: string): Type | undefined {
  return types[name.trim().toLowerCase()];
}

/** A value as a column of the type holds it. */
export function convert(value: Value, type: Type): Value {
  switch (type) {
    case 'string':
      return textOf(value);
    case 'long':
      return integerOf(value);
    case 'real':
      return numberOf(value);
    case 'bool':
      return boolOf(value);
    case 'datetime':
      return dateOf(value);
    case 'timespan':
      return timespanOf(value);
    case 'dynamic':
      return parseJson(value);
    case 'any':
      return value;
  }
}
