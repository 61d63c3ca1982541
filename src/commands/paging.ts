// Which page of a list is wanted. In a terminal, which scrolls, all of it unless a page is named.
import type { Paging } from '../cards/pages.ts';
import type { ChannelName } from '../ports.ts';
import type { Arguments } from './parse.ts';

/** The option of every verb with lists: `--page 2`, or `page 2`. */
export const pageFlag = { page: { type: 'string' } } as const;

/** Nothing if what was named is no page. */
export function pagingOf(verb: string, args: Arguments, channel: ChannelName): Paging | undefined {
  const named = args.flags['page'] ?? args.words['page'];
  const command = commandOf(verb, args);
  if (named === undefined) return { page: channel === 'terminal' ? 'all' : 1, command };
  return /^[1-9]\d{0,5}$/.test(String(named)) ? { page: Number(named), command } : undefined;
}

/** The command without its page, as it would be typed. */
export const commandOf = (verb: string, { positional, flags }: Arguments): string =>
  [
    verb,
    ...positional.map((word) => (/^[\w./:@-]+$/.test(word) ? word : JSON.stringify(word))),
    ...Object.entries(flags).flatMap(([flag, value]) =>
      flag === 'page' ? [] : [value === true ? `--${flag}` : `--${flag}=${JSON.stringify(value)}`],
    ),
  ].join(' ');
