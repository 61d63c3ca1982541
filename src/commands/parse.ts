// Text of a chat as a verb and its arguments. Phones type smart quotes and long dashes: they are made plain first.
import { parseArgs } from 'node:util';
import parseArgv from 'string-argv';

export interface Arguments {
  readonly positional: readonly string[];
  /** Named by word: `from uat`, `to prod`, `page 2`. */
  readonly words: Readonly<Record<string, string>>;
  /** All that follows `because`, as it was typed. */
  readonly because?: string;
  readonly flags: Readonly<Record<string, string | boolean>>;
}

export interface Sentence {
  readonly verb: string;
  readonly rest: string;
}

const maxLength = 4000;
const wordNames = new Set(['from', 'to', 'in', 'until', 'ticket']);

/** The first word in lower case, and what follows it. An empty text asks for help. */
export function splitVerb(text: string): Sentence {
  const clean = normalise(text).trim();
  const match = /^(\S+)\s*([\s\S]*)$/.exec(clean);
  return match ? { verb: (match[1] ?? '').toLowerCase(), rest: match[2] ?? '' } : { verb: 'help', rest: '' };
}

/** The arguments of a verb, or what is wrong with them. */
export function parseArguments(
  rest: string,
  flags: Readonly<Record<string, { readonly type: 'boolean' | 'string' }>> = {},
): Arguments | { readonly problem: string } {
  if (rest.length > maxLength)
    return { problem: `The command is longer than ${maxLength} characters. Shorten the reason.` };
  const { before, because } = splitBecause(rest, Object.keys(flags));
  try {
    const parsed = parseArgs({
      args: parseArgv(before),
      options: flags,
      allowPositionals: true,
      strict: true,
    });
    return {
      ...takeWords(parsed.positionals),
      ...(because && { because }),
      flags: { ...parsed.values } as Arguments['flags'],
    };
  } catch (error) {
    const unknown = /'(--?[^']+)'/.exec(String((error as Error).message))?.[1];
    const known = Object.keys(flags).map((flag) => `--${flag}`);
    return {
      problem: `There is no option ${unknown ?? 'like that'} here.${known.length > 0 ? ` Options: ${known.join(', ')}.` : ''}`,
    };
  }
}

/**
 * The reason is free text: it is cut off before anything is taken apart, so quotes and dashes in it stay. Only known
 * options at its very end are options.
 */
function splitBecause(
  text: string,
  flags: readonly string[],
): { readonly before: string; readonly because?: string } {
  const match = /(?:^|\s)because(?:\s+|:\s*|$)([\s\S]*)$/i.exec(text);
  if (!match) return { before: text };
  let reason = (match[1] ?? '').trim();
  let before = text.slice(0, match.index);
  const trailing =
    flags.length === 0 ? undefined : new RegExp(`(?:^|\\s)(--(?:${flags.join('|')})(?:[=\\s][^\\s"']+)?)$`);
  for (let option = trailing?.exec(reason); option; option = trailing?.exec(reason)) {
    before += ` ${option[1] ?? ''}`;
    reason = reason.slice(0, option.index).trim();
  }
  return { before, because: reason.replace(/^(["'])([\s\S]*)\1$/, '$2') };
}

function takeWords(tokens: readonly string[]): Pick<Arguments, 'positional' | 'words'> {
  const positional: string[] = [];
  const words: Record<string, string> = {};
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? '';
    const value = tokens[i + 1];
    const isPage = token.toLowerCase() === 'page' && /^\d+$/.test(value ?? '');
    const isWord = wordNames.has(token.toLowerCase()) && positional.length > 0;
    if (value !== undefined && (isPage || isWord)) {
      words[token.toLowerCase()] = value;
      i += 1;
    } else {
      positional.push(token);
    }
  }
  return { positional, words };
}

function normalise(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f\u00ab\u00bb]/g, '"')
    .replace(/(^|\s)[\u2013\u2014](?=\w)/g, '$1--')
    .replace(/[\u00a0\u2007\u202f\r\n\t]/g, ' ')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');
}
