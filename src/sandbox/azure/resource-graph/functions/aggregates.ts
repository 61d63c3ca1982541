// Aggregates of summarize: each starts an empty state, takes rows, and ends in a value. Nulls are not counted in.
import { keyOf, order } from '../language/comparison.ts';
import { boolOf, isTimespan, numberOf, timespan } from '../language/values.ts';
import type { Expression, Row, Type, Value } from '../language/types.ts';

/** One group's running state. */
interface Accumulator {
  add(row: Row): void;
  result(): Value;
}

/** An aggregate: `prefix` names its column (`dcount` of `name` is `dcount_name`). */
export interface Aggregate {
  readonly least: number;
  readonly most: number;
  readonly prefix: string;
  readonly type: (args: readonly Expression[]) => Type;
  readonly start: (args: readonly Expression[]) => Accumulator;
}

type Fold = (args: readonly Expression[]) => Accumulator;

const firstType = (args: readonly Expression[]): Type => args[0]?.type ?? 'any';
const sumType = (args: readonly Expression[]): Type =>
  firstType(args) === 'long' ? 'long' : firstType(args) === 'timespan' ? 'timespan' : 'real';

/** Every aggregate but arg_max and arg_min, which answer several columns and live with summarize. */
export const aggregates: ReadonlyMap<string, Aggregate> = new Map<string, Aggregate>([
  ['count', define(0, 0, 'count', 'long', () => fold(0, (sum) => Number(sum) + 1))],
  [
    'countif',
    define(
      1,
      1,
      'countif',
      'long',
      filtered(0, () => fold(0, (sum) => Number(sum) + 1)),
    ),
  ],
  ['dcount', define(1, 2, 'dcount', 'long', distinctCount)],
  ['dcountif', define(2, 3, 'dcountif', 'long', filtered(1, distinctCount))],
  ['count_distinct', define(1, 1, 'count_distinct', 'long', distinctCount)],
  ['sum', define(1, 1, 'sum', sumType, total)],
  ['sumif', define(2, 2, 'sumif', sumType, filtered(1, total))],
  ['avg', define(1, 1, 'avg', 'real', average)],
  ['avgif', define(2, 2, 'avgif', 'real', filtered(1, average))],
  ['min', define(1, 1, 'min', firstType, extreme(-1))],
  ['max', define(1, 1, 'max', firstType, extreme(1))],
  ['minif', define(2, 2, 'minif', firstType, filtered(1, extreme(-1)))],
  ['maxif', define(2, 2, 'maxif', firstType, filtered(1, extreme(1)))],
  ['make_list', define(1, 2, 'list', 'dynamic', list)],
  ['make_set', define(1, 2, 'set', 'dynamic', set)],
  ['makelist', define(1, 2, 'list', 'dynamic', list)],
  ['makeset', define(1, 2, 'set', 'dynamic', set)],
  ['make_list_if', define(2, 3, 'list', 'dynamic', filtered(1, list))],
  ['make_set_if', define(2, 3, 'set', 'dynamic', filtered(1, set))],
  ['any', define(1, 1, 'any', firstType, first)],
  ['take_any', define(1, 1, '', firstType, first)],
  ['percentile', define(2, 2, 'percentile', firstType, percentile)],
]);

function define(
  least: number,
  most: number,
  prefix: string,
  type: Type | Aggregate['type'],
  start: Fold,
): Aggregate {
  return { least, most, prefix, type: typeof type === 'function' ? type : () => type, start };
}

function fold(initial: Value, step: (state: Value, row: Row) => Value): Accumulator {
  let state = initial;
  return { add: (row) => void (state = step(state, row)), result: () => state };
}

/** The aggregate over the rows where the argument at place `test` is true. */
function filtered(test: number, start: Fold): Fold {
  return (args) => {
    const inner = start(args.filter((_, index) => index !== test));
    const read = args[test]?.read;
    return {
      add: (row) => void (boolOf(read?.(row)) === true && inner.add(row)),
      result: () => inner.result(),
    };
  };
}

function reader(args: readonly Expression[], index = 0): (row: Row) => Value {
  return args[index]?.read ?? (() => null);
}

function distinctCount(args: readonly Expression[]): Accumulator {
  const seen = new Set<string>();
  const read = reader(args);
  return {
    add: (row) => {
      const value = read(row);
      if (value !== null) seen.add(keyOf(value));
    },
    result: () => seen.size,
  };
}

function total(args: readonly Expression[]): Accumulator {
  const read = reader(args);
  return fold(args[0]?.type === 'timespan' ? timespan(0) : 0, (sum, row) => {
    const value = read(row);
    if (isTimespan(sum)) return isTimespan(value) ? timespan(sum.ms + value.ms) : sum;
    return Number(sum) + (numberOf(value) ?? 0);
  });
}

function average(args: readonly Expression[]): Accumulator {
  const read = reader(args);
  let [sum, count] = [0, 0];
  return {
    add: (row) => {
      const value = numberOf(read(row));
      if (value === null) return;
      sum += value;
      count += 1;
    },
    result: () => (count === 0 ? Number.NaN : sum / count),
  };
}

function extreme(direction: -1 | 1): Fold {
  return (args) => {
    const read = reader(args);
    return fold(null, (best, row) => {
      const value = read(row);
      if (value === null) return best;
      return best === null || (order(value, best) ?? 0) * direction > 0 ? value : best;
    });
  };
}

function list(args: readonly Expression[]): Accumulator {
  const read = reader(args);
  const items: Value[] = [];
  const most = limit(args);
  return {
    add: (row) => {
      const value = read(row);
      if (value !== null && items.length < most) items.push(value);
    },
    result: () => items,
  };
}

function set(args: readonly Expression[]): Accumulator {
  const read = reader(args);
  const items = new Map<string, Value>();
  const most = limit(args);
  return {
    add: (row) => {
      const value = read(row);
      if (value !== null && items.size < most && !items.has(keyOf(value))) items.set(keyOf(value), value);
    },
    result: () => [...items.values()],
  };
}

/** Kusto keeps at most 1,048,576 elements. */
function limit(args: readonly Expression[]): number {
  return Math.min(numberOf(args[1]?.constant?.value ?? null) ?? 1_048_576, 1_048_576);
}

function first(args: readonly Expression[]): Accumulator {
  const read = reader(args);
  return fold(null, (found, row) => (found === null || found === '' ? read(row) : found));
}

/** Nearest rank over all values; Kusto estimates. */
function percentile(args: readonly Expression[]): Accumulator {
  const read = reader(args);
  const values: Value[] = [];
  return {
    add: (row) => {
      const value = read(row);
      if (value !== null) values.push(value);
    },
    result: () => {
      const ordered = values.toSorted((a, b) => order(a, b) ?? 0);
      const share = numberOf(args[1]?.constant?.value ?? null) ?? 50;
      return ordered[Math.max(0, Math.ceil((share / 100) * ordered.length) - 1)] ?? null;
    },
  };
}
