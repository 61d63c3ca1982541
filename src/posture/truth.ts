// Three-valued logic of what is read: true, false, or not known. Not known is never taken for true.
import type { Outcome } from './outcome.ts';

export type Truth = boolean | undefined;

export const outcomeOf = (truth: Truth): Outcome =>
  truth === undefined ? 'unknown' : truth ? 'pass' : 'fail';

/** False if one is false, else unknown if one is, else true. */
export function all(...truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

/** `good` of every item. Takes the context along, so that judging makes no closures. */
export function every<T, C>(items: readonly T[], good: (item: T, context: C) => Truth, context: C): Truth {
  let known = true;
  for (const item of items) {
    const truth = good(item, context);
    if (truth === false) return false;
    if (truth === undefined) known = false;
  }
  return known ? true : undefined;
}

/** Azure's words for a switch, in any case; another word is not known. */
export function isEnabled(status: string | undefined): Truth {
  const word = status?.toLowerCase();
  return word === 'enabled' ? true : word === 'disabled' ? false : undefined;
}
