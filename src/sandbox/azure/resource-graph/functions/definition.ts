// What a scalar function is to the compiler, and the short ways to define one.
import type { Expression, Row, Scope, Type, Value } from '../language/types.ts';

type Read = (row: Row) => Value;

/** A scalar function: how many arguments, what it answers, and how to run it on a row. */
export interface ScalarFunction {
  readonly least: number;
  readonly most: number;
  readonly type: (args: readonly Expression[]) => Type;
  readonly build: (args: readonly Expression[], scope: Scope) => Read;
}

export type FunctionTable = Readonly<Record<string, ScalarFunction>>;

/** A function of values alone. Missing optional arguments are undefined. */
export function scalar(
  type: Type,
  least: number,
  most: number,
  apply: (...values: readonly Value[]) => Value,
): ScalarFunction {
  return { least, most, type: () => type, build: (args) => call(args, apply) };
}

/** A function of any number of values. */
export function variadic(
  type: Type,
  least: number,
  apply: (values: readonly Value[]) => Value,
): ScalarFunction {
  const build = (args: readonly Expression[]): Read => {
    const reads = args.map((one) => one.read);
    return (row) => apply(reads.map((read) => read(row)));
  };
  return { least, most: 64, type: () => type, build };
}

/** The common counts of arguments without an array for each row: tables of 100,000 rows are judged with this. */
function call(args: readonly Expression[], apply: (...values: readonly Value[]) => Value): Read {
  const reads = args.map((one) => one.read);
  const [first, second, third] = reads;
  if (!first) return () => apply();
  if (!second) return (row) => apply(first(row));
  if (!third) return (row) => apply(first(row), second(row));
  if (reads.length === 3) return (row) => apply(first(row), second(row), third(row));
  return (row) => apply(...reads.map((read) => read(row)));
}

/** The list of an argument that must be an array, else undefined. */
export function arrayOf(value: Value): readonly Value[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
