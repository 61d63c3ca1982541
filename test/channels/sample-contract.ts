// What every channel owes to the cards of the product, run for each of them: all the samples, and all the builders with words
// of strangers.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { requestCard } from '../../src/cards/request-card.ts';
import { builders, request, states } from '../cards/built-cards.ts';
import { sampleCards } from '../cards/sample-cards.ts';
import { hostileCards } from './hostile-words.ts';
import { expectedWords, flat, type Renderer } from './renderer-contract.ts';

/** A renderer of a chat, which has buttons, notifications and screen readers. */
export interface ChatRenderer extends Renderer {
  /** What is said of a rendering where it is not drawn. */
  twinOf(rendered: unknown): string;
  /** What its buttons say, to the eye and to screen readers, with the id that each carries. */
  buttonsOf(
    rendered: unknown,
  ): readonly { readonly label: string; readonly name: string; readonly id: string }[];
}

const samples = Object.entries(sampleCards).flatMap(([builder, states]) =>
  Object.entries(states).map(([state, card]): readonly [string, Card] => [`${builder}: ${state}`, card]),
);
/** The request or rule that a button is about; other buttons are about a list, or a form. */
const objectOf = (id: string): string => /^[A-Z]{1,3}-\w+$/.exec(id)?.[0] ?? '';
const wordsWanted = 50_000;

/** The sentences of the suite; the renderer brings what its channel refuses. */
export function sampleContract(renderer: ChatRenderer): void {
  describe(`${renderer.name} draws every card in every state`, () => {
    test.each(samples)('%s', (_name, card) => {
      const drawn = renderer.render(card);
      const seen = flat(renderer.wordsOf(drawn));
      const buttons = renderer.buttonsOf(drawn);

      expect(renderer.problemsOf(drawn, card)).toEqual([]);
      expect(expectedWords(card, renderer).filter((words) => !seen.includes(words))).toEqual([]);
      expect(flat(renderer.twinOf(drawn))).toContain(flat(card.summary).trim());
      expect(buttons.filter(({ name, label, id }) => name === label || !name.includes(objectOf(id)))).toEqual(
        [],
      );
      expect(new Set(buttons.map((one) => one.name)).size).toBe(buttons.length);
    });

    test.each(Object.keys(builders))(
      '%s of hostile words, without a mention or link of theirs',
      (builder) => {
        const property = fc.property(builders[builder]!, (card) => {
          expect(renderer.problemsOf(renderer.render(card), card)).toEqual([]);
        });

        fc.assert(property, { numRuns: 40 });
      },
    );

    test('a request of hostile words in each state of the machine', () => {
      const now = 1_800_000_000_000;
      for (const state of states)
        for (const one of fc.sample(request, { numRuns: 5, seed: 7 })) {
          const card = requestCard({ request: { ...one, state }, now });
          expect(renderer.problemsOf(renderer.render(card), card)).toEqual([]);
        }
    });

    test('50,000 hostile words in tags, labels, reasons and names make no mention and no link', () => {
      let seen = 0;
      for (const { card, words } of hostileCards(wordsWanted)) {
        expect(renderer.problemsOf(renderer.render(card), card)).toEqual([]);
        seen += words;
      }
      expect(seen).toBe(wordsWanted);
    }, 60_000);
  });
}
