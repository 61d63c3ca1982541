// The whole card as text, for notifications, screen readers and clients that do not draw blocks. It is read off the blocks
// that stand for the native ones, so it says what they say.
import type { Json } from './rich-text.ts';

/** The lines of blocks without native data blocks; buttons have no words without their card. */
export const twinLines = (blocks: readonly object[]): readonly string[] =>
  blocks.flatMap((block) => linesOf(block as Json)).filter((line) => line.trim() !== '');

function linesOf(block: Json): readonly string[] {
  const elements = Array.isArray(block['elements']) ? (block['elements'] as readonly Json[]) : [];
  switch (block['type']) {
    case 'header':
      return [wordsOf(block['text'] as Json)];
    case 'rich_text':
      return elements.flatMap((section) => wordsOfAll(section['elements']).split('\n'));
    case 'context':
      return [elements.map(wordsOf).join(' ')];
    default:
      return [];
  }
}

const wordsOfAll = (elements: unknown): string =>
  Array.isArray(elements) ? (elements as readonly Json[]).map(wordsOf).join('') : '';

function wordsOf(element: Json): string {
  const { type, text, fallback, url, elements } = element;
  if (Array.isArray(elements)) return wordsOfAll(elements);
  if (type === 'date') return String(fallback);
  if (type === 'link') return `${String(text)} (${String(url)})`;
  // The one mrkdwn there is: a date token, whose last part is the date for whoever cannot tell the viewer's.
  if (type === 'mrkdwn') return /\|([^>]*)>$/.exec(String(text))?.[1] ?? '';
  return typeof text === 'string' ? text : '';
}
