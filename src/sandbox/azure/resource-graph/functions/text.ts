// Functions of text.
import { convert, typeNamed } from './conversion.ts';
import { arrayOf, scalar, variadic } from './definition.ts';
import type { FunctionTable, ScalarFunction } from './definition.ts';
import { pattern } from '../language/matching.ts';
import { numberOf, textOf } from '../language/values.ts';
import type { Expression, Type, Value } from '../language/types.ts';

export const textFunctions: FunctionTable = {
  tolower: scalar('string', 1, 1, (text) => textOf(text).toLowerCase()),
  toupper: scalar('string', 1, 1, (text) => textOf(text).toUpperCase()),
  strlen: scalar('long', 1, 1, (text) => Array.from(textOf(text)).length),
  substring: scalar('string', 2, 3, (text, start, length) => substring(textOf(text), start, length)),
  strcat: variadic('string', 1, (values) => values.map(textOf).join('')),
  strcat_delim: variadic('string', 2, ([delimiter, ...values]) => values.map(textOf).join(textOf(delimiter))),
  strcat_array: scalar('string', 2, 2, (list, delimiter) =>
    (arrayOf(list) ?? []).map(textOf).join(textOf(delimiter)),
  ),
  split: scalar('dynamic', 2, 3, (text, delimiter, index) => split(textOf(text), textOf(delimiter), index)),
  indexof: scalar('long', 2, 3, (text, lookup, start) =>
    textOf(text).indexOf(textOf(lookup), numberOf(start) ?? 0),
  ),
  replace_string: scalar('string', 3, 3, (text, lookup, to) =>
    replaceText(textOf(text), textOf(lookup), textOf(to)),
  ),
  replace_regex: withPattern(1, 3, ([text, , to], regex) => textOf(text).replace(regex, rewrite(textOf(to)))),
  replace: withPattern(0, 3, ([, to, text], regex) => textOf(text).replace(regex, rewrite(textOf(to)))),
  trim: withPattern(0, 2, ([, text], regex) => trimEnd(trimStart(textOf(text), regex), regex)),
  trim_start: withPattern(0, 2, ([, text], regex) => trimStart(textOf(text), regex)),
  trim_end: withPattern(0, 2, ([, text], regex) => trimEnd(textOf(text), regex)),
  extract: { ...withPattern(0, 3, extract, 4), type: extractedType },
  isempty: scalar('bool', 1, 1, (value) => textOf(value) === ''),
  isnotempty: scalar('bool', 1, 1, (value) => textOf(value) !== ''),
  notempty: scalar('bool', 1, 1, (value) => textOf(value) !== ''),
};

/** A function with a regular expression at place `at`, compiled once when it is a constant. */
function withPattern(
  at: number,
  least: number,
  apply: (values: readonly Value[], regex: RegExp) => Value,
  most = least,
): ScalarFunction {
  return {
    least,
    most,
    type: () => 'string',
    build: (args) => {
      const reads = args.map((one) => one.read);
      const known = args[at]?.constant;
      const fixed = known && pattern(textOf(known.value), 'g');
      return (row) => {
        const values = reads.map((read) => read(row));
        return apply(values, fixed ?? pattern(textOf(values[at] ?? null), 'g'));
      };
    },
  };
}

function substring(text: string, start: Value, length: Value): string {
  const from = Math.max(0, numberOf(start) ?? 0);
  const count = numberOf(length ?? null);
  return count === null ? text.slice(from) : text.slice(from, from + Math.max(0, count));
}

function split(text: string, delimiter: string, index: Value): Value {
  const parts = delimiter === '' ? [text] : text.split(delimiter);
  const wanted = numberOf(index ?? null);
  if (wanted === null) return parts;
  const part = parts[wanted];
  return part === undefined ? [] : [part];
}

function replaceText(text: string, lookup: string, to: string): string {
  return lookup === '' ? text : text.replaceAll(lookup, () => to);
}

/** Kusto writes groups as \1, JavaScript as $1. */
function rewrite(to: string): string {
  return to
    .replaceAll('$', '$$$$')
    .replaceAll(/\\(\d)/g, (_, group: string) => (group === '0' ? '$&' : `$${group}`));
}

function trimStart(text: string, regex: RegExp): string {
  return text.replace(pattern(`^(?:${regex.source})`), '');
}

function trimEnd(text: string, regex: RegExp): string {
  return text.replace(pattern(`(?:${regex.source})$`), '');
}

function extractedType(args: readonly Expression[]): Type {
  const wanted = args[3]?.constant;
  return (wanted && typeNamed(textOf(wanted.value))) ?? 'string';
}

function extract(values: readonly Value[], regex: RegExp): Value {
  const [, group, text, type] = values;
  regex.lastIndex = 0;
  const found = regex.exec(textOf(text ?? null))?.[numberOf(group ?? null) ?? 0] ?? '';
  const wanted = type === undefined ? undefined : typeNamed(textOf(type));
  return wanted ? convert(found, wanted) : found;
}
