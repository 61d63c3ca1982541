// Careful reading of what a bot sent: a block with a missing field is drawn empty, it does not break the page.
import type { Json } from '../shapes.ts';

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function words(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** The object, or an empty one. */
export function object(value: unknown): Json {
  return isJson(value) ? value : {};
}

/** The text of a Slack text object. */
export function textOf(value: unknown): string {
  return isJson(value) ? words(value['text']) : words(value);
}
