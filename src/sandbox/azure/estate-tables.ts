// From an estate to what runs: registries found in its rows, images seeded, blanks filled, login servers as they are.
import { type Blanks, filled } from '../estate/resolve.ts';
import type { ArmFacts, Estate } from '../estate/schema.ts';
import { isRow, type RegistryEntry, registryType, type Row, type Tables } from './tables.ts';

/** Names of the registries among the estate's rows, as they are written there. */
export function registryNames(estate: Estate): readonly string[] {
  return (estate.tables['resources'] ?? []).filter(isRegistry).map((row) => String(row['name']));
}

/** The estate's rows with all blanks filled; each registry shows where its stand-in listens. */
export function filledTables(estate: Estate, blanks: Blanks): Tables {
  const tables = Object.entries(estate.tables).map(([name, rows]): [string, readonly Row[]] => [
    name,
    filled(rows, blanks).map((row) => (isRegistry(row) ? withLoginServer(row, blanks) : row)),
  ]);
  return new Map(tables);
}

/** What Resource Graph does not have, by resource id in lower case. */
export function filledFacts(estate: Estate, blanks: Blanks): ReadonlyMap<string, ArmFacts> {
  const facts = Object.entries(filled(estate.arm, blanks));
  return new Map(facts.map(([id, one]) => [id.toLowerCase(), one]));
}

export function registryEntries(tables: Tables, blanks: Blanks): readonly RegistryEntry[] {
  const rows = (tables.get('resources') ?? []).filter(isRegistry);
  return rows.map((row) => {
    const name = String(row['name']);
    const loginServer = blanks.loginServerOf(name.toLowerCase()) ?? '';
    return { id: String(row['id']), name, loginServer, row };
  });
}

function withLoginServer(row: Row, blanks: Blanks): Row {
  const properties = isRow(row['properties']) ? row['properties'] : {};
  const loginServer = blanks.loginServerOf(String(row['name']).toLowerCase());
  return { ...row, properties: { ...properties, loginServer } };
}

const isRegistry = (row: Row): boolean => String(row['type']).toLowerCase() === registryType;
