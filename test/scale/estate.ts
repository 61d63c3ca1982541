// An organisation of any size: the sample one's registries over and over under other names, each with its replicas, its
// group's other resources, alerts, role assignments and scan findings in the sample's proportion.
import { createHash } from 'node:crypto';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { filledTables } from '../../src/sandbox/azure/estate-tables.ts';

export type Row = Readonly<Record<string, unknown>>;

const registryType = 'microsoft.containerregistry/registries';

/** Tables of Resource Graph with at least `count` registries. Rows above resource groups are not repeated. */
export function scaledTables(count: number): ReadonlyMap<string, readonly Row[]> {
  const base = filledTables(contosoEstate(), {
    seededAt: Date.now(),
    digestOf: (reference) => `sha256:${createHash('sha256').update(reference).digest('hex')}`,
    loginServerOf: (registry) => `${registry}.azurecr.io`,
  });
  const registries = (base.get('resources') ?? []).filter(
    (row) => String(row['type']).toLowerCase() === registryType,
  );
  const names = registries.map((row) => String(row['name']));
  const copies = Math.ceil(count / registries.length);
  const tables = [...base].map(([table, rows]): [string, readonly Row[]] => {
    const inGroups = rows.filter((row) => /\/resourcegroups\//i.test(String(row['id'])));
    const above = rows.filter((row) => !inGroups.includes(row));
    const more = Array.from({ length: copies - 1 }, (_, i) => renamed(inGroups, names, i + 1));
    return [table, [...above, ...inGroups, ...more.flat()]];
  });
  return new Map(tables);
}

/** The rows in groups and registries of their own, so that ids stay unique and point at each other. */
function renamed(rows: readonly Row[], names: readonly string[], copy: number): readonly Row[] {
  const text = JSON.stringify(rows)
    .replaceAll(/(\/resourceGroups\/)([^/"]+)/gi, `$1$2-${copy}`)
    .replaceAll(/("resourceGroup":")([^"]+)/g, `$1$2-${copy}`)
    .replaceAll(new RegExp(`\\b(${names.join('|')})\\b`, 'gi'), `$1${copy}`);
  return JSON.parse(text) as readonly Row[];
}
