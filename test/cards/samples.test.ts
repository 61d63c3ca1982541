// The samples are all there is: a card, a form, a state, a subject or a step without one is found here.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/cards/card.ts';
import { stateLabel, stateTone } from '../../src/cards/wording.ts';
import { nextEffect, stepsOf } from '../../src/promotion/saga.ts';
import { builders } from './built-cards.ts';
import { buildersOf } from './card-builders.ts';
import { sampleCards } from './sample-cards.ts';
import { sampleForms } from './sample-forms.ts';
import { sampleRequests } from './sample-requests.ts';

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();
const requests = Object.values(sampleRequests);
const blocks: readonly Block[] = Object.values(sampleCards).flatMap((each) =>
  Object.values(each).flatMap((card) => card.blocks),
);

describe('the samples', () => {
  it('hold every card and every form that has a builder, of good words and of bad ones', () => {
    expect(buildersOf('Card').length).toBeGreaterThan(20);
    expect(sorted(Object.keys(sampleCards))).toEqual(buildersOf('Card'));
    expect(sorted(Object.keys(sampleForms))).toEqual(buildersOf('Form'));
    expect(sorted(Object.keys(builders))).toEqual(buildersOf('Card'));
  });

  it('hold a request in every state of the machine, of every subject', () => {
    const kinds = ['promotion', 'waiver', 'gate', 'review'] as const;

    expect(sorted(requests.map(({ state }) => state))).toEqual(sorted(Object.keys(stateLabel)));
    expect(sorted(requests.map(({ subject }) => subject.kind))).toEqual(sorted(kinds));
  });

  it('hold every step of the import and of a rollback as the one that is due', () => {
    const due = requests.flatMap((request) => {
      const effect = nextEffect(request);
      return effect?.kind === 'step' ? [effect.step] : [];
    });

    expect(sorted(requests.flatMap(stepsOf))).toHaveLength(6);
    expect(sorted(due)).toEqual(sorted(requests.flatMap(stepsOf)));
  });

  it('hold every kind of block but the form, every tone and every state of a step', () => {
    const tones = blocks.flatMap((block) => (block.kind === 'status' ? [block.tone] : []));
    const states = blocks.flatMap((block) =>
      block.kind === 'progress' ? block.steps.map(({ state }) => state) : [],
    );

    expect(sorted(blocks.map(({ kind }) => kind))).toEqual([
      'actions',
      'chart',
      'context',
      'facts',
      'heading',
      'image',
      'progress',
      'status',
      'table',
      'text',
    ]);
    expect(sorted(tones)).toEqual(sorted(Object.values(stateTone)));
    expect(sorted(states)).toEqual(['active', 'done', 'failed', 'pending']);
  });

  it('are all that is shown: commands make no card by hand', () => {
    const folder = new URL('../../src/commands/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    const byHand = files.filter((name) => /\bblocks: \[/.test(readFileSync(new URL(name, folder), 'utf8')));

    expect(files.length).toBeGreaterThan(20);
    expect(byHand).toEqual([]);
  });
});
