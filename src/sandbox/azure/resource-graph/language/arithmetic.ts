// + - * / % over numbers, moments and lengths of time. What does not fit is null, as in Kusto.
import { isTimespan, numberOf, timespan, validDate } from './values.ts';
import type { Type, Value } from './types.ts';

/** The result of an arithmetic operator; `whole` says that both sides are integers, so `/` truncates. */
export function calculate(operator: string, left: Value, right: Value, whole: boolean): Value {
  if (left === null || right === null) return null;
  if (left instanceof Date || right instanceof Date) return calculateDate(operator, left, right);
  if (isTimespan(left) || isTimespan(right)) return calculateTimespan(operator, left, right);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === null || b === null) return null;
  return calculateNumber(operator, a, b, whole && Number.isInteger(a) && Number.isInteger(b));
}

function calculateNumber(operator: string, a: number, b: number, whole: boolean): Value {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (b === 0 && whole) return null;
  if (operator === '/') return whole ? Math.trunc(a / b) : a / b;
  // Kusto's modulo of a negative number is positive.
  return ((a % b) + Math.abs(b)) % b;
}

function calculateDate(operator: string, left: Value, right: Value): Value {
  if (left instanceof Date && right instanceof Date) {
    return operator === '-' ? timespan(left.getTime() - right.getTime()) : null;
  }
  if (left instanceof Date && isTimespan(right)) {
    if (operator === '+') return validDate(left.getTime() + right.ms);
    return operator === '-' ? validDate(left.getTime() - right.ms) : null;
  }
  const canAdd = operator === '+' && isTimespan(left) && right instanceof Date;
  return canAdd ? validDate(right.getTime() + left.ms) : null;
}

function calculateTimespan(operator: string, left: Value, right: Value): Value {
  if (isTimespan(left) && isTimespan(right)) {
    if (operator === '/') return left.ms / right.ms;
    const ms = calculateNumber(operator, left.ms, right.ms, false);
    return operator === '*' ? null : timespan(Number(ms));
  }
  const factor = numberOf(isTimespan(left) ? right : left);
  if (factor === null || (operator !== '*' && operator !== '/')) return null;
  if (isTimespan(left)) return timespan(operator === '*' ? left.ms * factor : left.ms / factor);
  return operator === '*' && isTimespan(right) ? timespan(right.ms * factor) : null;
}

/** What is known of the result before it runs. */
export function arithmeticType(operator: string, left: Type, right: Type): Type {
  if (left === 'datetime' && right === 'datetime') return 'timespan';
  if (left === 'datetime' || right === 'datetime') return 'datetime';
  if (left === 'timespan' && right === 'timespan') return operator === '/' ? 'real' : 'timespan';
  if (left === 'timespan' || right === 'timespan') return 'timespan';
  return left === 'long' && right === 'long' ? 'long' : 'real';
}
