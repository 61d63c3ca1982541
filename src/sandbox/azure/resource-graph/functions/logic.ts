// Choices and questions about null.
import { refuse } from '../errors.ts';
import { scalar, variadic } from './definition.ts';
import type { FunctionTable, ScalarFunction } from './definition.ts';
import { boolOf, textOf } from '../language/values.ts';
import type { Expression, Row, Type, Value } from '../language/types.ts';

const iff: ScalarFunction = {
  least: 3,
  most: 3,
  type: (args) => commonType(args.slice(1)),
  build:
    ([test, yes, no]) =>
    (row) =>
      (boolOf(test?.read(row)) === true ? yes?.read(row) : no?.read(row)) ?? null,
};

export const logicFunctions: FunctionTable = {
  iff,
  iif: iff,
  case: {
    least: 3,
    most: 65,
    type: (args) => commonType(args.filter((_, index) => index % 2 === 1 || index === args.length - 1)),
    build: buildCase,
  },
  coalesce: {
    ...variadic(
      'any',
      2,
      (values) => values.find((value) => value !== null && value !== '') ?? values.at(-1) ?? null,
    ),
    type: commonType,
  },
  not: scalar('bool', 1, 1, (value) => negate(boolOf(value))),
  isnull: scalar('bool', 1, 1, (value) => value === null),
  isnotnull: scalar('bool', 1, 1, (value) => value !== null),
  notnull: scalar('bool', 1, 1, (value) => value !== null),
  column_ifexists: {
    least: 2,
    most: 2,
    type: () => 'any',
    build: ([name, otherwise], scope) => {
      const column = name?.constant ? textOf(name.constant.value) : undefined;
      if (column === undefined) throw refuse("column_ifexists() needs the column's name as a text literal.");
      return scope.schema.has(column) ? (row) => row[column] ?? null : (row) => otherwise?.read(row) ?? null;
    },
  },
};

function negate(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function commonType(args: readonly Expression[]): Type {
  const types = new Set(args.map((one) => one.type));
  return types.size === 1 ? (args[0]?.type ?? 'any') : 'any';
}

function buildCase(args: readonly Expression[]): (row: Row) => Value {
  if (args.length % 2 === 0) throw refuse('case() needs pairs of a test and a value, and a last value.');
  const branches = Array.from({ length: (args.length - 1) / 2 }, (_, index) =>
    args.slice(index * 2, index * 2 + 2),
  );
  const otherwise = args.at(-1);
  return (row) => {
    for (const [test, value] of branches)
      if (boolOf(test?.read(row)) === true) return value?.read(row) ?? null;
    return otherwise?.read(row) ?? null;
  };
}
