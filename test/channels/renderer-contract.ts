// What every channel's rendering owes to a card, run for each of them: nothing a card says is missing, and nothing is
// there that we did not write.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, type Block, type Card, type Line, pieces } from '../../src/cards/card.ts';
import { clean } from '../../src/cards/clean.ts';
import { largeCard, smallCard } from './card-arbitrary.ts';

export interface Renderer {
  readonly name: string;
  render(card: Card): unknown;
  /** All words a person sees of a rendering. */
  wordsOf(rendered: unknown): string;
  /** What this channel would refuse, and what is not ours: mentions, links, markup. Empty if all is well. */
  problemsOf(rendered: unknown, card: Card): readonly string[];
  /** Charts are pictures where a channel has them; their numbers are words elsewhere. */
  readonly hasCharts: boolean;
  /** Buttons without words in a channel that has none. */
  readonly hasButtons: boolean;
  /** Commands stand for buttons, and the names of its fields for a form. */
  readonly hasCommands?: boolean;
}

const runs = { numRuns: 300 } as const;

export function rendererContract(renderer: Renderer): void {
  describe(`${renderer.name} draws any card`, () => {
    test('so that every heading, fact, row, step, image and action of it appears', () => {
      const property = fc.property(smallCard, (card) => {
        const seen = flat(renderer.wordsOf(renderer.render(card)));
        const missing = expectedWords(card, renderer).filter((words) => !seen.includes(words));
        expect(missing).toEqual([]);
      });

      fc.assert(property, runs);
    });

    test('so that the channel takes it, and no mention, link or markup is in it that is not ours', () => {
      const property = fc.property(smallCard, (card) => {
        expect(renderer.problemsOf(renderer.render(card), card)).toEqual([]);
      });

      fc.assert(property, runs);
    });

    test('so that the channel takes even what is far too large', () => {
      const property = fc.property(largeCard, (card) => {
        expect(renderer.problemsOf(renderer.render(card), card)).toEqual([]);
      });

      fc.assert(property, { numRuns: 60 });
    });

    test('the same way each time', () => {
      const property = fc.property(smallCard, (card) => {
        expect(renderer.render(card)).toEqual(renderer.render(card));
      });

      fc.assert(property, { numRuns: 50 });
    });
  });
}

/** Words on one line, as a person compares them. */
export const flat = (words: string): string => clean(words).replaceAll('{ {', '{{').replace(/\s+/g, ' ');

export function expectedWords(card: Card, renderer: Renderer): readonly string[] {
  return card.blocks
    .flatMap((block) => wordsOfBlock(block, renderer))
    .map((words) => flat(words).trim())
    .filter((words) => words !== '');
}

function wordsOfBlock(block: Block, { hasCharts, hasButtons, hasCommands }: Renderer): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [block.text];
    case 'text':
    case 'context':
      return wordsOfLine(block.text);
    case 'facts':
      return block.facts.flatMap((fact) => [fact.label, ...wordsOfLine(fact.value)]);
    case 'table':
      return [block.caption, ...block.rows.flat().flatMap(wordsOfLine)];
    case 'chart':
      return hasCharts ? [] : [block.title, ...block.series.map((series) => series.name)];
    case 'progress':
      return [block.title, ...block.steps.flatMap((step) => [step.title, step.detail ?? ''])];
    case 'status':
      return [block.label, block.text];
    case 'image':
      return [block.label, block.reference, block.digest ?? ''];
    case 'actions':
      if (hasCommands) return commandsOf(block.actions);
      return hasButtons ? block.actions.map((action) => action.label) : [];
    case 'inputs':
      if (hasCommands) return [block.form.title, ...block.form.fields.map(({ label }) => label)];
      return hasButtons ? [block.form.title] : [];
    case 'divider':
      return [];
  }
}

/** Forms and a new look are no commands; a page's is in its id. */
const commandsOf = (actions: readonly Action[]): readonly string[] =>
  actions
    .map(({ action }) => action)
    .filter((action) => !action.startsWith('form:') && action !== 'refresh' && action !== 'page');

const wordsOfLine = (line: Line): readonly string[] =>
  pieces(line).map((piece) => (piece.kind === 'time' ? '' : piece.text));

/** Every node of a JSON tree that is an object. */
export function nodesOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Readonly<Record<string, unknown>>, ...Object.values(value).flatMap(nodesOf)];
}

/** The web addresses a card itself links to. */
export const linksOf = (card: Card): ReadonlySet<string> =>
  new Set(nodesOf(card.blocks).flatMap((node) => (node['kind'] === 'link' ? [String(node['url'])] : [])));
