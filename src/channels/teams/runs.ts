// Lines of the neutral card as text runs. A run is never parsed for Markdown, so untrusted words go here and never into a
// TextBlock or a FactSet.
import type { Inline, Line } from '../../cards/card.ts';
import { pieces } from '../../cards/card.ts';
import { clean } from '../../cards/clean.ts';
import { clip } from '../../cards/wording.ts';

export interface Run {
  readonly text: string;
  readonly weight: 'Default' | 'Bolder';
  readonly fontType: 'Default' | 'Monospace';
  readonly color: Color;
  readonly isLink: boolean;
  readonly url: string;
}

export type Color = 'Default' | 'Good' | 'Warning' | 'Attention' | 'Accent';

/** Words that are not ours: without what hides or reorders, and without the DATE and TIME functions of cards. */
export const words = (text: string, max: number): string =>
  clip(clean(text), max).replace(/\{\{(?=\s*(?:DATE|TIME))/gi, '{ {');

/** Runs for a line, at least one; each at most `max` characters. */
export function runs(line: Line, max: number, color: Color = 'Default'): readonly Run[] {
  const found = pieces(line).map((piece) => run(piece, max, color));
  const shown = found.filter((each) => each.text !== '');
  return shown.length > 0 ? shown : [{ ...plainRun, text: '–', color }];
}

const plainRun: Run = {
  text: '',
  weight: 'Default',
  fontType: 'Default',
  color: 'Default',
  isLink: false,
  url: '',
};

function run(piece: Inline, max: number, color: Color): Run {
  const base = { ...plainRun, color };
  switch (piece.kind) {
    case 'plain':
      return { ...base, text: words(piece.text, max) };
    case 'strong':
      return { ...base, text: words(piece.text, max), weight: 'Bolder' };
    case 'code':
      return { ...base, text: words(piece.text, max), fontType: 'Monospace' };
    case 'time':
      return { ...base, text: localTime(piece.at, piece.style) };
    case 'link':
      return isWebLink(piece.url)
        ? { ...base, text: words(piece.text, max) || 'link', isLink: true, url: piece.url }
        : { ...base, text: words(`${piece.text} (${piece.url})`, max) };
  }
}

/** The card function that shows a time in the viewer's own zone and language. */
function localTime(at: number, style: 'date' | 'datetime'): string {
  const seconds = Math.floor(at / 1000) * 1000;
  const iso = Temporal.Instant.fromEpochMilliseconds(seconds).toString();
  return style === 'date' ? `{{DATE(${iso},SHORT)}}` : `{{DATE(${iso},SHORT)}} {{TIME(${iso})}}`;
}

const isWebLink = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
