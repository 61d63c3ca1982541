// The Home and every modal, in every state: Slack takes them, and they say what they are about.
import { expect, test } from 'vitest';
import { checkMessage, checkView } from '../../../src/channels/slack/limits.ts';
import { renderMessage } from '../../../src/channels/slack/render.ts';
import { validateBlocks, validateView } from '../../../src/sandbox/slack/validate-blocks.ts';
import { buildersOf } from '../../cards/card-builders.ts';
import { sampleForms } from '../../cards/sample-forms.ts';
import { nodesOf } from '../renderer-contract.ts';
import { errors, homes, late, modals } from './sample-views.ts';

const views = Object.entries({ ...modals, ...homes });

test.each(views)('%s is a view Slack takes', (_name, view) => {
  expect(checkView(view)).toEqual([]);
  expect(validateView(view)).toEqual([]);
});

test.each(Object.entries(late))('%s is a message Slack takes, with a button to open it', (_name, card) => {
  const { blocks } = renderMessage(card);

  expect([...checkMessage(blocks), ...validateBlocks(blocks, 'message')]).toEqual([]);
  expect(nodesOf(blocks).filter((node) => node['type'] === 'button')).toHaveLength(1);
});

test('Every form has a modal, with each of its fields labelled, and what a field wants beside it', () => {
  const forms = Object.values(sampleForms).flatMap((states) => Object.values(states));
  const names = new Set(Object.values(modals).map((view) => view['callback_id']));

  expect(forms.filter((form) => !names.has(form.name))).toEqual([]);
  expect(Object.keys(sampleForms)).toHaveLength(buildersOf('Form').length);
  for (const view of Object.values(modals))
    for (const block of nodesOf(view['blocks']).filter((node) => node['type'] === 'input'))
      expect((block['label'] as { text: string }).text).not.toBe('');
});

test('What is wrong stands under a field that is in the modal', () => {
  for (const [name, wrong] of Object.entries(errors)) {
    const ids = nodesOf(modals[name]?.['blocks']).map((node) => node['block_id']);
    expect(ids).toEqual(expect.arrayContaining(Object.keys(wrong)));
    expect(Object.values(wrong).join('')).not.toBe('');
  }
});

test('Another way empties the fields that depend on it, under new names', () => {
  const before = nodesOf(modals['promote, filled in']?.['blocks']).map((node) => node['block_id']);
  const after = nodesOf(modals['promote, after another way was chosen']?.['blocks']);

  expect(before).toEqual(expect.arrayContaining(['way', 'repository', 'tag', 'reason']));
  expect(after.map((node) => node['block_id'])).toEqual(
    expect.arrayContaining(['way', 'repository~1', 'tag~1', 'reason']),
  );
  expect(after.filter((node) => node['initial_option']).map((node) => node['action_id'])).toEqual(['choice']);
});
