// Equality and order with the null rules measured on the Kusto emulator: == with one null is false, != is true,
// < > <= >= are null; two nulls compare to null.
import { dateOf, isTimespan, numberOf, textOf } from './values.ts';
import type { Value } from './types.ts';

/** `==`: null when both are null, false when one is. A dynamic meets the other side's type. */
export function equals(left: Value, right: Value): boolean | null {
  if (left === null || right === null) return left === right ? null : false;
  if (typeof left === typeof right && typeof left !== 'object') return left === right;
  if (left instanceof Date || right instanceof Date) return order(left, right) === 0;
  return textOf(left) === textOf(right);
}

/** `=~`: the texts without their case; null is equal to nothing. */
export function equalsIgnoringCase(left: Value, right: Value): boolean {
  if (left === null || right === null) return false;
  return textOf(left).toLowerCase() === textOf(right).toLowerCase();
}

/** Negative, 0 or positive; null when one side is null or the two have no common order. */
export function order(left: Value, right: Value): number | null {
  if (left === null || right === null) return null;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return textOrder(left, right);
  if (left instanceof Date || right instanceof Date)
    return difference(dateOf(left)?.getTime(), dateOf(right)?.getTime());
  if (isTimespan(left) && isTimespan(right)) return left.ms - right.ms;
  return difference(numberOf(left), numberOf(right));
}

/** By code unit, as Kusto orders text. */
export function textOrder(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function difference(left: number | null | undefined, right: number | null | undefined): number | null {
  return typeof left === 'number' && typeof right === 'number' ? left - right : null;
}

/** A key under which equal values meet (grouping, sets, `in`); a null has a key of its own. */
export function keyOf(value: Value): string {
  if (value === null) return '\u0001null';
  return typeof value === 'string' ? value : textOf(value);
}
