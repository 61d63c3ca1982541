// Text search: terms (has), substrings (contains), ends, and RE2 patterns as far as JavaScript can say them.
import { refuse } from '../errors.ts';

type Match = (text: string, needle: string) => boolean;

/** The case-sensitive meaning of each text operator; without `_cs` both sides are lower-cased first. */
export const textMatches: ReadonlyMap<string, Match> = new Map<string, Match>([
  ['has', hasTerm],
  ['hasprefix', (text, needle) => terms(text, needle, true, false)],
  ['hassuffix', (text, needle) => terms(text, needle, false, true)],
  ['contains', (text, needle) => text.includes(needle)],
  ['startswith', (text, needle) => text.startsWith(needle)],
  ['endswith', (text, needle) => text.endsWith(needle)],
]);

/** Whether the needle stands in the text as a whole term: no letter or digit touches it. */
export function hasTerm(text: string, needle: string): boolean {
  return terms(text, needle, true, true);
}

function terms(text: string, needle: string, before: boolean, after: boolean): boolean {
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const startsTerm = !before || !isTermCharacter(text.charAt(at - 1)) || !isTermCharacter(needle.charAt(0));
    const end = at + needle.length;
    const endsTerm = !after || !isTermCharacter(text.charAt(end)) || !isTermCharacter(needle.at(-1) ?? '');
    if (startsTerm && endsTerm) return true;
  }
  return false;
}

function isTermCharacter(character: string): boolean {
  return character !== '' && /[\p{L}\p{N}]/u.test(character);
}

const inlineFlags = /^\(\?([imsU]+)\)/;
const posixClasses: readonly (readonly [string, string])[] = [
  ['[:alpha:]', 'A-Za-z'],
  ['[:digit:]', '0-9'],
  ['[:alnum:]', 'A-Za-z0-9'],
  ['[:space:]', '\\s'],
];

/** An RE2 pattern as a JavaScript one. Throws QueryError for a pattern that JavaScript cannot say. */
export function pattern(source: string, flags = ''): RegExp {
  const inline = inlineFlags.exec(source)?.[1] ?? '';
  let body = source
    .replace(inlineFlags, '')
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$');
  for (const [name, characters] of posixClasses) body = body.replaceAll(name, characters);
  try {
    return new RegExp(body, [...new Set(flags + inline.replace('U', ''))].join(''));
  } catch {
    throw refuse(`'${source}' is not a valid regular expression.`, 'InvalidRegex', source);
  }
}
