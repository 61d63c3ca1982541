// Reads the packages out of an SBOM and compares two of them. SBOMs are written by any tool there is, so whatever cannot
// be read says so, and a comparison is only made between lists of one format.
import type { PackageEvidence } from '../promotion/request.ts';
import { readStatement } from './statement.ts';

/** Versions of each package, by purl without version or, where there is none, by name. */
export interface PackageList {
  readonly format: 'SPDX' | 'CycloneDX';
  readonly packages: ReadonlyMap<string, { readonly name: string; readonly versions: ReadonlySet<string> }>;
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
}
type Json = Readonly<Record<string, unknown>>;

export const maxSbomBytes = 32 * 1024 * 1024;
/** Named on a card; the others are counted. */
const shown = 5;
const longestName = 80;

/** The packages of an SPDX 2 or 3 or a CycloneDX document in JSON, also inside an in-toto statement. */
export function readPackages(bytes: Uint8Array): PackageList | undefined {
  if (bytes.length > maxSbomBytes) return undefined;
  const statement = readStatement(bytes);
  const document = statement?.predicate ?? parse(bytes);
  if (typeof document !== 'object' || document === null) return undefined;
  const json = document as Json;
  if (typeof json['spdxVersion'] === 'string') return listOf('SPDX', spdx2(json));
  if (Array.isArray(json['@graph'])) return listOf('SPDX', spdx3(json['@graph']));
  if (json['bomFormat'] === 'CycloneDX') return listOf('CycloneDX', cycloneDx(json['components']));
  return undefined;
}

/** What came, went and changed, sorted by name. Either list may be missing; then there is no comparison but a reason. */
export function comparePackages(
  live: PackageList | undefined,
  proposed: PackageList | undefined,
): PackageEvidence {
  const counts = {
    ...(proposed && { proposed: proposed.packages.size }),
    ...(live && { live: live.packages.size }),
  };
  if (!live || !proposed) return counts;
  if (live.format !== proposed.format)
    return {
      ...counts,
      problem: `Not compared: the SBOM of live is ${live.format}, the proposed one ${proposed.format}.`,
    };
  const added = missing(proposed, live);
  const removed = missing(live, proposed);
  const changed = [...proposed.packages]
    .flatMap(([key, { name, versions }]) => {
      const before = live.packages.get(key)?.versions;
      return before && before.symmetricDifference(versions).size > 0
        ? [`${name} ${some(before)} → ${some(versions)}`]
        : [];
    })
    .sort();
  return {
    ...counts,
    changes: {
      added: added.slice(0, shown),
      removed: removed.slice(0, shown),
      counts: { added: added.length, removed: removed.length },
      changed: changed.slice(0, shown),
      changedCount: changed.length,
    },
  };
}

const missing = (from: PackageList, other: PackageList): readonly string[] =>
  [...from.packages]
    .filter(([key]) => !other.packages.has(key))
    .map(([, { name, versions }]) => `${name} ${some(versions)}`.trim())
    .sort();

/** Versions in words; of many, the first two. */
const some = (versions: ReadonlySet<string>): string =>
  versions.size > 2 ? `${[...versions].sort().slice(0, 2).join(', ')}, …` : [...versions].sort().join(', ');

function listOf(format: PackageList['format'], packages: readonly Package[]): PackageList {
  const found = new Map<string, { name: string; versions: Set<string> }>();
  for (const { name, version, purl } of packages) {
    const key = purl ? purlWithoutVersion(purl) : name;
    const known = found.get(key) ?? { name: name.slice(0, longestName), versions: new Set<string>() };
    if (version) known.versions.add(version.slice(0, longestName));
    found.set(key, known);
  }
  return { format, packages: found };
}

/** `pkg:deb/debian/openssl@3.0.15?arch=amd64` names a package by what stands before `@` and `?`. */
const purlWithoutVersion = (purl: string): string => purl.replace(/[?#].*$/s, '').replace(/@[^/@]*$/, '');

/** The one package that a document describes is the image itself, whose version changes by its nature. */
function spdx2(json: Json): readonly Package[] {
  const packages = objects(json['packages']);
  const described = new Set([
    ...(Array.isArray(json['documentDescribes']) ? json['documentDescribes'] : []),
    ...objects(json['relationships'])
      .filter((each) => each['relationshipType'] === 'DESCRIBES')
      .map((each) => each['relatedSpdxElement']),
  ]);
  const root = described.size === 1 && packages.length > 1 ? [...described][0] : undefined;
  return packages
    .filter((each) => root === undefined || each['SPDXID'] !== root)
    .map((each) => {
      const purl = objects(each['externalRefs']).find((ref) => ref['referenceType'] === 'purl');
      return packageOf(each['name'], each['versionInfo'], purl?.['referenceLocator']);
    });
}

const spdx3 = (graph: readonly unknown[]): readonly Package[] =>
  objects(graph)
    .filter((each) => each['type'] === 'software_Package')
    .map((each) => packageOf(each['name'], each['software_packageVersion'], each['software_packageUrl']));

/** Components may hold components; a walk with a stack, because nesting is up to whoever wrote it. */
function cycloneDx(components: unknown): readonly Package[] {
  const found: Package[] = [];
  const waiting = [...objects(components)];
  for (let each = waiting.pop(); each; each = waiting.pop()) {
    if (each['type'] !== 'file') found.push(packageOf(each['name'], each['version'], each['purl']));
    for (const inner of objects(each['components'])) waiting.push(inner);
  }
  return found;
}

const packageOf = (name: unknown, version: unknown, purl: unknown): Package => ({
  name: typeof name === 'string' && name !== '' ? name : '(no name)',
  version: typeof version === 'string' ? version : '',
  ...(typeof purl === 'string' && purl.startsWith('pkg:') && { purl }),
});

const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((each): each is Json => typeof each === 'object' && each !== null) : [];

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
