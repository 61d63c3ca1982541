// The body of an answer in both result formats.
import { wireValue } from './language/values.ts';
import type { Row, Schema, Type, Value } from './language/types.ts';
import type { Page } from './paging.ts';

/** `{ totalRecords, count, resultTruncated, $skipToken?, data, facets }`, resultTruncated being a string. */
export function answerBody(page: Page, schema: Schema, format: 'objectArray' | 'table'): object {
  return {
    totalRecords: page.total,
    count: page.rows.length,
    resultTruncated: String(page.isTruncated),
    ...(page.skipToken === undefined ? {} : { $skipToken: page.skipToken }),
    data: format === 'table' ? tableData(page.rows, schema) : page.rows.map((row) => objectRow(row, schema)),
    facets: [],
  };
}

/** Every column is there: text as '', the rest as null, where the row has nothing. */
function objectRow(row: Row, schema: Schema): Row {
  const found: Record<string, Value> = {};
  for (const [name, type] of schema) found[name] = wireValue(row[name] ?? (type === 'string' ? '' : null));
  return found;
}

function tableData(rows: readonly Row[], schema: Schema): object {
  const objects = rows.map((row) => objectRow(row, schema));
  const columns = [...schema].map(([name, type]) => ({
    name,
    type: columnType(type, objects.find((row) => row[name] !== null)?.[name]),
  }));
  return { columns, rows: objects.map((row) => columns.map(({ name }) => row[name])) };
}

const wireTypes: Readonly<Record<Exclude<Type, 'any'>, string>> = {
  string: 'string',
  long: 'integer',
  real: 'number',
  bool: 'boolean',
  datetime: 'datetime',
  timespan: 'string',
  dynamic: 'object',
};

function columnType(type: Type, sample: Value): string {
  if (type !== 'any') return wireTypes[type];
  if (typeof sample === 'number') return Number.isInteger(sample) ? 'integer' : 'number';
  return typeof sample === 'string' || typeof sample === 'boolean' ? typeof sample : 'object';
}
