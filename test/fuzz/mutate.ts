// Changes of a seed: of its characters and segments, of its bytes, and of the tree that it is where it is JSON.
import type { Dice } from './dice.ts';

/** Words that have broken readers of text before, whatever they read. */
const nasty: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '\ud800',
  '\udc00x',
  '\u0000',
  '\u202e',
  '\ufeff',
  '\u2028',
  '\r\n',
  '\u001b[31m',
  '😀',
  'e\u0301'.repeat(20),
  '<!channel>',
  '<at>everyone</at>',
  '${x}',
  '{{x}}',
  '%s%n',
  '../../etc/passwd',
  '"',
  "'",
  '\\',
  '`',
  '--',
  '-',
  '=',
  ':',
  '@',
  '/',
  '#',
  '&a',
  '*a',
  '!!js/function',
  'NaN',
  'Infinity',
  '-0',
  '1e400',
  '-1',
  '9007199254740993',
  '99999999999999999999999999',
  '0x7fffffff',
  '1970-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '9999-99-99',
  'P-7K3QX',
  ' ',
  '',
];

/** Values that stand where none was expected. */
const strange: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  -0.5,
  Number.MAX_SAFE_INTEGER + 2,
  8.64e15 + 1,
  '',
  [],
  {},
  [[]],
  [null],
  { length: 1e9 },
  { toString: 1 },
];

export type Mutate = (dice: Dice, seed: string, others: readonly string[]) => string;

/** One to four changes of text: `words` are those that mean something to its reader. */
export const mutateText =
  (words: readonly string[] = []): Mutate =>
  (dice, seed, others) => {
    let text = seed;
    for (let left = 1 + dice.below(4); left > 0; left--) text = changed(dice, text, others, words);
    return text.slice(0, longest);
  };

/** Nothing is sent that is only long: sizes have their own limits, and tests. */
const longest = 200_000;

function changed(dice: Dice, text: string, others: readonly string[], words: readonly string[]): string {
  const from = dice.below(text.length + 1);
  const to = Math.min(text.length, from + 1 + dice.below(dice.chance(50) ? 4 : 40));
  const [before, segment, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  const word = (): string => (words.length > 0 && dice.chance(60) ? dice.pick(words) : dice.pick(nasty));
  const other = dice.pick(others);
  const start = dice.below(other.length + 1);
  const ways: readonly (() => string)[] = [
    () => before + after,
    () => before + segment + segment + after,
    () => before + segment.repeat(dice.pick([10, 300, 3000])) + after,
    () => before + word() + after,
    () => before + word() + segment + after,
    () => before,
    () => after,
    () => before + other.slice(start, start + dice.below(80)) + after,
    () => before + other.slice(start),
    () => before + segment.split('').reverse().join('') + after,
    () => before + String.fromCharCode(dice.below(dice.chance(80) ? 128 : 65_536)) + segment.slice(1) + after,
    () => text.replace(/\d+/, dice.pick(['99999999999999999999', '-1', '0', '1e999', '0.1'])),
    () => before + nested(dice) + after,
    () => (dice.chance(50) ? text.toUpperCase() : text.normalize('NFD')),
  ];
  return dice.pick(ways)();
}

function nested(dice: Dice): string {
  const [open, close] = dice.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['(', ')'],
    ['- ', ''],
    ['"', '"'],
  ] as const);
  const depth = dice.pick([3, 60, 2000]);
  return open.repeat(depth) + close.repeat(depth);
}

/** JSON as a tree with changed branches; three in ten as text, so that what is no JSON comes too. */
export const mutateJson =
  (words: readonly string[] = []): Mutate =>
  (dice, seed, others) => {
    if (dice.chance(30)) return mutateText(words)(dice, seed, others);
    return changeTree(dice, seed, others, words);
  };

/** JSON as a tree with one to three changed branches: always JSON again. */
export function changeTree(
  dice: Dice,
  seed: string,
  others: readonly string[],
  words: readonly string[] = [],
): string {
  const root = { root: JSON.parse(seed) as unknown };
  for (let left = 1 + dice.below(3); left > 0; left--) changeBranch(dice, root, others, words);
  const changed = JSON.stringify(root.root) ?? 'null';
  return changed.length > longest ? seed : changed;
}

type Branch = { readonly holder: Record<string, unknown>; readonly key: string };

function changeBranch(dice: Dice, root: object, others: readonly string[], words: readonly string[]): void {
  const branches: Branch[] = [];
  collect(root as Record<string, unknown>, branches);
  const { holder, key } = dice.pick(branches);
  const value = holder[key];
  const own = (name: string, what: unknown): void => {
    // An assignment would set the prototype instead of making the key.
    Object.defineProperty(holder, name, {
      value: what,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };
  const ways: readonly (() => void)[] = [
    () => own(key, structuredClone(dice.pick(strange))),
    () => own(key, typeof value === 'string' ? mutateText(words)(dice, value, others) : dice.pick(nasty)),
    () => own(key, typeof value === 'string' && words.length > 0 ? dice.pick(words) : dice.pick(nasty)),
    () => own(key, structuredClone(dice.pick(branches).holder)),
    () => own(key, [value, value]),
    () => own(key, deep(dice.pick([5, 100, 1500]))),
    () => {
      // A list whose constructor is another thing is none that JSON could bring.
      if (!Array.isArray(holder)) own(dice.pick(['__proto__', 'constructor', 'toString', 'then', '']), value);
    },
    () => {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else if (holder !== root) delete holder[key];
    },
    () => {
      if (Array.isArray(value))
        own(
          key,
          Array.from({ length: 200 }, () => value[0]),
        );
    },
  ];
  dice.pick(ways)();
}

function collect(holder: Record<string, unknown>, into: Branch[]): void {
  for (const key of Object.keys(holder)) {
    into.push({ holder, key });
    const value = holder[key];
    if (typeof value === 'object' && value !== null && into.length < 5000)
      collect(value as Record<string, unknown>, into);
  }
}

function deep(levels: number): unknown {
  let value: unknown = 'x';
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

/** One to three bytes, a segment or the end changed. */
export function mutateBytes(dice: Dice, seed: Uint8Array): Buffer {
  let bytes = Buffer.from(seed);
  for (let left = 1 + dice.below(3); left > 0; left--) {
    const at = dice.below(bytes.length + 1);
    const size = dice.below(24);
    bytes = dice.pick([
      () => Buffer.concat([bytes.subarray(0, at), Buffer.from([dice.below(256)]), bytes.subarray(at + 1)]),
      () => Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0x80, 0x84]), bytes.subarray(at)]),
      () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]),
      () => Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at)]),
      () => bytes.subarray(0, at),
    ])();
  }
  return bytes;
}
