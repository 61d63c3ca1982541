// Functions of arrays and property bags.
import { arrayOf, scalar, variadic } from './definition.ts';
import type { FunctionTable, ScalarFunction } from './definition.ts';
import { parseJson } from './json.ts';
import { equals, keyOf } from '../language/comparison.ts';
import { isBag, numberOf, textOf } from '../language/values.ts';
import type { Value } from '../language/types.ts';

const pack = variadic('dynamic', 2, bagOf);
const json = scalar('dynamic', 1, 1, parseJson);

export const dynamicFunctions: FunctionTable = {
  parse_json: json,
  todynamic: json,
  pack,
  bag_pack: pack,
  pack_dictionary: pack,
  pack_array: variadic('dynamic', 0, (values) => [...values]),
  pack_all: packAll(),
  bag_keys: scalar('dynamic', 1, 1, (bag) => (isBag(bag) ? Object.keys(bag) : null)),
  bag_merge: variadic('dynamic', 2, mergeBags),
  bag_has_key: scalar('bool', 2, 2, (bag, key) => isBag(bag) && Object.hasOwn(bag, textOf(key))),
  array_length: scalar('long', 1, 1, (list) => arrayOf(list)?.length ?? null),
  array_concat: variadic('dynamic', 1, (lists) => lists.flatMap((list) => arrayOf(list) ?? [])),
  array_slice: scalar('dynamic', 3, 3, (list, from, to) =>
    slice(arrayOf(list), numberOf(from), numberOf(to)),
  ),
  array_index_of: scalar('long', 2, 2, (list, value) => {
    const items = arrayOf(list);
    return items ? items.findIndex((item) => equals(item, value) === true) : null;
  }),
  array_sort_asc: scalar('dynamic', 1, 1, (list) => sorted(arrayOf(list), 1)),
  array_sort_desc: scalar('dynamic', 1, 1, (list) => sorted(arrayOf(list), -1)),
  set_has_element: scalar('bool', 2, 2, (list, value) => {
    const items = arrayOf(list);
    return items ? items.some((item) => equals(item, value) === true) : null;
  }),
  set_union: variadic('dynamic', 2, (lists) => distinct(lists.flatMap((list) => arrayOf(list) ?? []))),
  set_intersect: variadic('dynamic', 2, (lists) => combine(lists, (inOther) => inOther)),
  set_difference: variadic('dynamic', 2, (lists) => combine(lists, (inOther) => !inOther)),
};

function bagOf(values: readonly Value[]): Value {
  const pairs = Array.from({ length: Math.floor(values.length / 2) }, (_, index) => [
    textOf(values[index * 2]),
    values[index * 2 + 1] ?? null,
  ]);
  return Object.fromEntries(pairs) as Value;
}

/** The row as a bag. `pack_all(true)` leaves out what is null or empty. */
function packAll(): ScalarFunction {
  return {
    least: 0,
    most: 1,
    type: () => 'dynamic',
    build: ([ignoreEmpty], { schema }) => {
      const columns = [...schema.keys()];
      return (row) => {
        const skip = ignoreEmpty?.read(row) === true;
        const pairs = columns.map((name) => [name, row[name] ?? null] as const);
        return Object.fromEntries(pairs.filter(([, value]) => !skip || (value !== null && value !== '')));
      };
    },
  };
}

/** The leftmost bag wins where two have one key. */
function mergeBags(bags: readonly Value[]): Value {
  return Object.assign({}, ...bags.filter(isBag).toReversed()) as Value;
}

/** Both ends are included; negative ones count from the end. */
function slice(list: readonly Value[] | undefined, from: number | null, to: number | null): Value {
  if (!list || from === null || to === null) return null;
  const at = (index: number): number => (index < 0 ? list.length + index : index);
  return list.slice(Math.max(0, at(from)), at(to) + 1);
}

function sorted(list: readonly Value[] | undefined, direction: number): Value {
  if (!list) return null;
  const by = (a: Value, b: Value): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : textOf(a) < textOf(b) ? -1 : 1;
  const known = list.filter((item) => item !== null).toSorted((a, b) => direction * by(a, b));
  return [...known, ...list.filter((item) => item === null)];
}

function distinct(items: readonly Value[]): Value[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

function combine(lists: readonly Value[], keep: (inOther: boolean) => boolean): Value {
  const [first, ...others] = lists.map((list) => arrayOf(list) ?? []);
  const keys = others.map((items) => new Set(items.map(keyOf)));
  const wanted = (item: Value): boolean =>
    keep(true) ? keys.every((set) => set.has(keyOf(item))) : keys.every((set) => keep(set.has(keyOf(item))));
  return distinct((first ?? []).filter(wanted));
}
