// Functions of numbers; bin, floor and ceiling also serve moments and lengths of time.
import { scalar, variadic } from './definition.ts';
import type { FunctionTable, ScalarFunction } from './definition.ts';
import { order } from '../language/comparison.ts';
import { isTimespan, numberOf, timespan } from '../language/values.ts';
import type { Value } from '../language/types.ts';

// Kusto counts bins of time from 0001-01-01, a Monday; JavaScript from 1970.
const firstInstant = Date.parse('0001-01-01T00:00:00Z');

const bin: ScalarFunction = {
  least: 2,
  most: 2,
  type: ([value]) => value?.type ?? 'any',
  build:
    ([value, size]) =>
    (row) =>
      binOf(value?.read(row) ?? null, size?.read(row) ?? null),
};

export const numberFunctions: FunctionTable = {
  bin,
  floor: {
    ...bin,
    least: 1,
    build: (args, scope) =>
      args.length === 2 ? bin.build(args, scope) : (row) => floor(args[0]?.read(row) ?? null),
  },
  ceiling: scalar('real', 1, 1, (value) => math(value, Math.ceil)),
  round: scalar('real', 1, 2, (value, digits) => round(value, digits)),
  abs: {
    least: 1,
    most: 1,
    type: ([value]) => value?.type ?? 'any',
    build:
      ([value]) =>
      (row) =>
        absolute(value?.read(row) ?? null),
  },
  isnan: scalar('bool', 1, 1, (value) => typeof value === 'number' && Number.isNaN(value)),
  min_of: extreme(-1),
  max_of: extreme(1),
};

/** The value rounded down to a multiple of the size. */
function binOf(value: Value, size: Value): Value {
  if (isTimespan(size)) {
    if (size.ms <= 0) return null;
    if (value instanceof Date)
      return new Date(Math.floor((value.getTime() - firstInstant) / size.ms) * size.ms + firstInstant);
    return isTimespan(value) ? timespan(Math.floor(value.ms / size.ms) * size.ms) : null;
  }
  const [number, step] = [numberOf(value), numberOf(size)];
  return number === null || step === null || step <= 0 ? null : Math.floor(number / step) * step;
}

function math(value: Value, apply: (number: number) => number): Value {
  const number = numberOf(value);
  return number === null ? null : apply(number);
}

function floor(value: Value): Value {
  return math(value, Math.floor);
}

function absolute(value: Value): Value {
  return isTimespan(value) ? timespan(Math.abs(value.ms)) : math(value, Math.abs);
}

function round(value: Value, digits: Value): Value {
  const scale = 10 ** (numberOf(digits ?? null) ?? 0);
  return math(value, (number) => Math.round(number * scale) / scale);
}

/** The least (-1) or greatest (1) argument; nulls are skipped. */
function extreme(direction: -1 | 1): ScalarFunction {
  const pick = (values: readonly Value[]): Value =>
    values.reduce(
      (best, value) =>
        (order(value, best) ?? (best === null ? direction : 0)) * direction > 0 ? value : best,
      null,
    );
  return { ...variadic('any', 2, pick), type: (args) => args[0]?.type ?? 'any' };
}
