// Text that holds JSON, as parse_json() and `typeof(dynamic)` read it.
import type { Value } from '../language/types.ts';

/** The parsed text; text that is no JSON stays text, and what is no text stays as it is. */
export function parseJson(value: Value): Value {
  if (typeof value !== 'string') return value;
  if (value.trim() === '') return null;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return value;
  }
}
