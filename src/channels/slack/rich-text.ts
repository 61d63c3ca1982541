// Lines of the neutral card as Slack's rich text. Its text elements are never parsed for mentions, links or emoji, so
// untrusted words go here and nowhere else.
import { clean, cleanLine } from '../../cards/clean.ts';
import { type Inline, type Line, pieces } from '../../cards/card.ts';
import { clip } from '../../cards/wording.ts';
import { limits } from './limits.ts';

export type Json = Record<string, unknown>;

type Style = { readonly bold?: true; readonly code?: true; readonly italic?: true };

/** A `plain_text` object of at most `max` characters, never empty, whose `:words:` stay words. */
export const plainText = (text: string, max: number): Json => ({
  type: 'plain_text',
  text: clip(cleanLine(text).trim(), max) || '–',
  emoji: false,
});

/** Text elements for any length of text: none for an empty one. */
export function textElements(text: string, style?: Style): readonly Json[] {
  const elements: Json[] = [];
  let rest = clean(text);
  while (rest !== '') {
    const part = rest.slice(0, limits.text).replace(/[\ud800-\udbff]$/, '');
    elements.push({ type: 'text', text: part, ...(style && { style }) });
    rest = rest.slice(part.length);
  }
  return elements;
}

/** Elements of a rich text section for a line. */
export const inlineElements = (line: Line): readonly Json[] => pieces(line).flatMap(inlineElement);

function inlineElement(piece: Inline): readonly Json[] {
  switch (piece.kind) {
    case 'plain':
      return textElements(piece.text);
    case 'strong':
      return textElements(piece.text, { bold: true });
    case 'code':
      return textElements(piece.text, { code: true });
    case 'time':
      return [
        {
          type: 'date',
          timestamp: Math.floor(piece.at / 1000),
          format: dateFormat[piece.style],
          fallback: utc(piece.at, piece.style),
        },
      ];
    case 'link':
      return isWebLink(piece.url)
        ? [{ type: 'link', url: piece.url, text: clip(cleanLine(piece.text), limits.text) || piece.url }]
        : textElements(`${piece.text} (${piece.url})`);
  }
}

export const dateFormat = {
  date: '{date_short_pretty}',
  datetime: '{date_short_pretty} at {time}',
} as const;

/** `2026-11-22` or `2026-11-22 13:05 UTC`: what clients show that cannot tell the viewer's time. */
export function utc(at: number, style: 'date' | 'datetime'): string {
  const iso = Temporal.Instant.fromEpochMilliseconds(Math.trunc(at)).toString();
  return style === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

const isWebLink = (url: string): boolean =>
  url.length <= limits.url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

export const section = (...elements: readonly Json[]): Json => ({
  type: 'rich_text_section',
  elements: [...elements],
});

/** A rich text block of these parts, in as many blocks as Slack's limits need. */
export function richText(parts: readonly Json[]): readonly Json[] {
  const blocks: Json[] = [];
  for (let from = 0; from < parts.length; from += limits.richTextElements)
    blocks.push({ type: 'rich_text', elements: parts.slice(from, from + limits.richTextElements) });
  return blocks;
}

/** The words of a line, for places that take plain text only. Times are in UTC there. */
export const lineText = (line: Line): string =>
  pieces(line)
    .map((piece) => (piece.kind === 'time' ? utc(piece.at, piece.style) : clean(piece.text)))
    .join('');
