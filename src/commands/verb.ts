// What a command is: one entry of the catalogue, one use case.
import type { Paging } from '../cards/pages.ts';
import type { Account, Answer, Place } from '../ports.ts';
import type { Arguments } from './parse.ts';
import type { Doors } from './doors.ts';
import type { Offer } from './filling.ts';

/** One command of one person, parsed and with the person found. */
export interface Call {
  readonly account: Account;
  readonly place: Place;
  /** What the chat calls the account: shown, never trusted. */
  readonly called?: string;
  /** The person of the policy this account belongs to. */
  readonly person: string | undefined;
  readonly arguments: Arguments;
  /** From the card that was clicked; absent when it was typed. */
  readonly nonce?: string;
  /** Came from a click: answers change the card that was clicked. */
  readonly clicked: boolean;
  /** Of verbs with `pages`; for others everything is one page. */
  readonly paging: Paging;
  /** Takes what can be said so far of an answer that takes long. */
  readonly offer?: Offer;
}

export interface Verb {
  readonly name: string;
  /** Other words for it, as arguments of the same use case. */
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** How many words it takes by position; one more is refused. */
  readonly words: number;
  /** `anyone`: also accounts that belong to nobody. `mapped`: people of the policy. Each use case judges the rest. */
  readonly access: 'anyone' | 'mapped';
  /**
   * Changes something: never suggested as a button, refused in a terminal that may only read. A list: only with one of
   * these as its first word.
   */
  readonly writes: boolean | readonly string[];
  /** Shows lists in pages, and takes `--page`. */
  readonly pages?: true;
  readonly flags?: Readonly<Record<string, { readonly type: 'boolean' | 'string' }>>;
  readonly run: (call: Call, doors: Doors) => Promise<Answer>;
}

/** Whether the verb changes something with these words after it. */
export const changesWith = ({ writes }: Verb, [first = '']: readonly string[]): boolean =>
  typeof writes === 'boolean' ? writes : writes.includes(first.toLowerCase());
