// Long lists as pages of one card: its tables turn together, and its buttons ask the same command for another page.
import type { Action, Block } from './card.ts';

/** The page that is wanted, and the command that shows it, as it would be typed. */
export interface Paging {
  readonly page: number | 'all';
  readonly command: string;
}

/** Where a card with pages stands. `of` is at least 1. */
export interface Turn extends Paging {
  readonly of: number;
}

/** Everything on one card. */
export const unpaged: Paging = { page: 'all', command: '' };

/** `lists`: length and rows a page of each table. A page past the end is the last one: lists get shorter. */
export function turnOf({ page, command }: Paging, ...lists: readonly (readonly [number, number])[]): Turn {
  if (page === 'all') return { page, of: 1, command };
  const of = Math.max(1, ...lists.map(([length, size]) => Math.ceil(length / size)));
  return { page: Math.min(page, of), of, command };
}

/** The rows of this page. */
export function rowsOn<T>({ page }: Turn, items: readonly T[], size: number): readonly T[] {
  return page === 'all' ? items : items.slice((page - 1) * size, page * size);
}

/** `Registries, 21 to 40 of 300, lowest score first`; the title alone where all rows are there. */
export function captionOn({ page }: Turn, title: string, length: number, size: number, order = ''): string {
  if (page === 'all' || length <= size) return title;
  const first = (page - 1) * size + 1;
  const last = Math.min(page * size, length);
  return `${title}, ${first === last ? '' : `${first} to `}${last} of ${length}${order && `, ${order}`}`;
}

/** Whether this is the page that also holds what a card says beside its lists. */
export const isFirstPage = ({ page }: Turn): boolean => page === 'all' || page === 1;

/**
 * The buttons to the pages beside this one, and which one this is; nothing where there is only one. A button carries the
 * command that shows its page: what may be typed may be clicked, and a list that changed since is simply cut anew.
 */
export function turnBlocks({ page, of, command }: Turn): readonly Block[] {
  if (page === 'all' || of === 1) return [];
  const to = (label: string, number: number): readonly Action[] =>
    number < 1 || number > of
      ? []
      : [
          {
            action: 'page',
            label,
            accessibilityLabel: `${label} page, ${number} of ${of}: ${command}`,
            value: { v: 1, id: `${command} --page ${number}`, nonce: '' },
          },
        ];
  return [
    { kind: 'actions', actions: [...to('Previous', page - 1), ...to('Next', page + 1)] },
    { kind: 'context', text: `Page ${page} of ${of}` },
  ];
}
