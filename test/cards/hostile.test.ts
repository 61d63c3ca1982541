import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, Block } from '../../src/cards/card.ts';
import { renderText } from '../../src/channels/terminal/render.ts';
import { builders } from './built-cards.ts';

const textsOf = (block: Block): readonly string[] => {
  switch (block.kind) {
    case 'heading':
      return [block.text];
    case 'facts':
      return block.facts.map((fact) => fact.label);
    case 'table':
      return [
        block.caption,
        ...block.rows.flat().flatMap((cell) => (typeof cell === 'string' ? [cell] : [])),
      ];
    case 'status':
      return [block.label, block.text];
    case 'image':
      return [block.label, block.reference];
    case 'progress':
      return block.steps.map((step) => step.title);
    case 'chart':
      return [block.title];
    case 'text':
    case 'context':
      return typeof block.text === 'string' ? [block.text] : [];
    case 'actions':
      return block.actions.filter(isShown).map((action) => action.action);
    case 'inputs':
      return [block.form.title];
    case 'divider':
      return [];
  }
};
/** A terminal has no forms and always scans anew. */
const isShown = ({ action }: Action): boolean => !action.startsWith('form:') && action !== 'refresh';
/** What is left of a text once everything that is not a letter or digit is gone. */
const letters = (text: string): string => text.normalize('NFC').replace(/[^a-zA-Z0-9]/g, '');

describe.each(Object.keys(builders))('the card %s of hostile words', (name) => {
  const card = builders[name]!;

  it('is built, and its summary makes sense alone', () => {
    fc.assert(
      fc.property(card, (built) => {
        expect(built.summary.trim()).not.toBe('');
        expect(built.title.trim()).not.toBe('');
        expect(() => JSON.stringify(built)).not.toThrow();
      }),
    );
  });

  it('shows every fact, row and action in a terminal, and nothing that steers it', () => {
    fc.assert(
      fc.property(card, (built) => {
        const text = renderText(built, 'Europe/Berlin');
        const shown = letters(text);
        for (const words of built.blocks.flatMap(textsOf)) expect(shown).toContain(letters(words));
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});
