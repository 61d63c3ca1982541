// The rows of the estate as the stand-in reads them: raw Resource Graph rows by table name, looked up by id in any
// case, as Azure compares ids.

/** One row as Resource Graph gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows by lower-case table name. */
export type Tables = ReadonlyMap<string, readonly Row[]>;

/** A registry of the estate, and where its stand-in listens. */
export interface RegistryEntry {
  /** Resource id as the estate writes it. */
  readonly id: string;
  readonly name: string;
  /** `localhost:PORT`. */
  readonly loginServer: string;
  readonly row: Row;
}

export const registryType = 'microsoft.containerregistry/registries';

/** The value at a path of keys, undefined where a step is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRow(inner) ? inner[key] : undefined), value);
}

/** Whether a value is an object whose keys may be read. */
export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}

/** The rows of `resources` of one type, in any case. */
export function rowsOfType(tables: Tables, type: string): readonly Row[] {
  const rows = tables.get('resources') ?? [];
  return rows.filter((row) => String(row['type']).toLowerCase() === type.toLowerCase());
}
