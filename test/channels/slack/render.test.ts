// Slack's renderings against the contract of all renderers, our own limits, and the stand-in's idea of what Slack takes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import { checkMessage, checkView, limits } from '../../../src/channels/slack/limits.ts';
import { type RenderedMessage, renderMessage, renderModal } from '../../../src/channels/slack/render.ts';
import { validateBlocks, validateView } from '../../../src/sandbox/slack/validate-blocks.ts';
import { promoteForm } from '../../../src/cards/forms.ts';
import { pieces } from '../hostile-words.ts';
import { anyForm, smallCard } from '../card-arbitrary.ts';
import { sampleCards } from '../../cards/sample-cards.ts';
import { expectedWords, flat, linksOf, nodesOf, rendererContract } from '../renderer-contract.ts';
import { sampleContract } from '../sample-contract.ts';

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069\ufeff]/;
const mentions = new Set(['user', 'usergroup', 'channel', 'broadcast', 'emoji', 'team']);
// A button's value is nobody's to see, and must come back as it was.
const shown = ['text', 'title', 'caption'];
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

function problemsOf(rendered: unknown, card: Card): readonly string[] {
  const { text, blocks } = rendered as RenderedMessage;
  const nodes = nodesOf(blocks);
  const links = linksOf(card);
  return [
    ...validateBlocks(blocks, 'message').map((one) => `${one.pointer} ${one.message}`),
    ...checkMessage(blocks).map((one) => `${one.pointer} ${one.message}`),
    ...nodes.filter((node) => mentions.has(String(node['type']))).map(() => 'a mention'),
    ...nodes
      .filter((node) => node['type'] === 'link' && !links.has(String(node['url'])))
      .map((node) => `a link to ${String(node['url'])}`),
    ...nodes
      .filter(
        (node) => node['type'] === 'mrkdwn' && !/^<!date\^\d+\^[^<>|]*\|[^<>|]*>$/.test(String(node['text'])),
      )
      .map(() => 'mrkdwn that is no date'),
    ...(/[<>]|&(?!(?:amp|lt|gt);)/.test(text) ? ['markup in the text'] : []),
    ...(text === '' ? ['no text'] : []),
    ...[text, ...nodes.flatMap((node) => [...shown, 'accessibility_label'].map((key) => node[key]))].flatMap(
      (words) =>
        typeof words === 'string' && (unseen.test(words) || !words.isWellFormed())
          ? [`unseen characters: ${JSON.stringify(words.slice(0, 80))}`]
          : [],
    ),
  ];
}

const wordsOf = (rendered: unknown): string =>
  nodesOf((rendered as RenderedMessage).blocks)
    .flatMap((node) => shown.map((key) => node[key]).filter((each) => typeof each === 'string'))
    .join(' | ');
const buttonsOf = (rendered: unknown) =>
  nodesOf((rendered as RenderedMessage).blocks)
    .filter((node) => node['type'] === 'button')
    .map((node) => ({
      label: String((node['text'] as { text: string }).text),
      name: String(node['accessibility_label']),
      id: (JSON.parse(String(node['value'])) as { id: string }).id,
    }));
// Sections of rich text are one line for the reader; pieces of it are joined without a gap.
const common = {
  wordsOf,
  problemsOf,
  buttonsOf,
  twinOf: (rendered: unknown) => unescaped((rendered as RenderedMessage).text),
  hasButtons: true,
};
const native = {
  ...common,
  name: 'Slack',
  render: (card: Card) => renderMessage(card),
  hasCharts: true,
};
const plain = {
  ...common,
  name: 'Slack without native data blocks',
  render: (card: Card) => renderMessage(card, { native: false }),
  hasCharts: false,
};

for (const renderer of [native, plain]) {
  rendererContract(renderer);
  sampleContract(renderer);
}

test('The text of every sample says all that its blocks say, beside the title', () => {
  for (const card of Object.values(sampleCards).flatMap((states): readonly Card[] => Object.values(states))) {
    const text = flat(native.twinOf(renderMessage(card)));
    const without = { ...plain, hasButtons: false };
    const said = `${text} ${flat(card.title)}`;
    const missing = expectedWords(card, without).filter((words) => !said.includes(words));
    expect([card.title, missing]).toEqual([card.title, []]);
  }
});

test('Without native data blocks there are none', () => {
  const property = fc.property(smallCard, (card) => {
    const { blocks } = renderMessage(card, { native: false });
    const types = nodesOf(blocks).map((node) => node['type']);
    expect(types.filter((type) => /^(data_|plan|task_card|table)/.test(String(type)))).toEqual([]);
  });

  fc.assert(property, { numRuns: 100 });
});

test('Any form is a modal Slack takes', () => {
  const property = fc.property(anyForm, (form) => {
    const view = renderModal(form, { channel: 'C01RELEASES' });
    expect(validateView(view)).toEqual([]);
    expect(checkView(view)).toEqual([]);
  });

  fc.assert(property, { numRuns: 200 });
});

test('A form of hostile words is a modal, and what does not fit is left out whole', () => {
  for (let n = 0; n < pieces.length; n++) {
    const form = promoteForm([{ label: `way ${pieces[n]}`, value: pieces[n] ?? '' }], 'nonce');
    const view = renderModal({ ...form, title: `t${pieces[n]}`, intro: pieces[n] ?? '' }, { channel: 'C1' });
    expect(checkView(view)).toEqual([]);
    expect(validateView(view)).toEqual([]);
  }
});

const card = (...blocks: Card['blocks']): Card => ({ name: 'x', title: 'T', summary: 'S', blocks });
const manyRows: Card['blocks'][number] = {
  kind: 'table',
  caption: 'Registries',
  columns: [{ title: 'Name' }, { title: 'Score' }],
  rows: Array.from({ length: 130 }, (_, index) => [`registry${index}`, String(index)]),
};

test('A table with too many rows says how many are left out', () => {
  const { blocks } = renderMessage(card(manyRows));

  const [table, note] = blocks as [{ rows: unknown[] }, object];
  expect(table.rows).toHaveLength(limits.dataTableRows + 1);
  expect(JSON.stringify(note)).toContain('… and 30 more.');
});

test('A message takes one data table; the second is drawn as a list with every cell', () => {
  const { blocks } = renderMessage(card(manyRows, { ...manyRows, caption: 'Second' }));

  expect(
    blocks.map((block) => (block as { type: string }).type).filter((type) => type === 'data_table'),
  ).toHaveLength(1);
  expect(JSON.stringify(blocks)).toContain('registry99');
});

test('Sixty blocks become fifty with all their words, and the buttons stay', () => {
  const value = { v: 1, id: 'P-1', nonce: 'n' } as const;
  const blocks = Array.from({ length: 60 }, (_, index): Card['blocks'][number][] => [
    { kind: 'heading', text: `heading ${index}` },
    {
      kind: 'actions',
      actions: [{ action: 'status', label: `button ${index}`, accessibilityLabel: 'x', value }],
    },
  ]).flat();

  const drawn = renderMessage(card(...blocks));

  const all = JSON.stringify(drawn.blocks);
  expect(drawn.blocks.length).toBeLessThanOrEqual(50);
  expect(
    [0, 30, 59].every((index) => all.includes(`heading ${index}`) && all.includes(`button ${index}`)),
  ).toBe(true);
});

test('A time is shown in the viewer’s own zone', () => {
  const at = Date.UTC(2026, 10, 22, 13, 5);

  const { blocks } = renderMessage(card({ kind: 'text', text: [{ kind: 'time', at, style: 'datetime' }] }));

  expect(JSON.stringify(blocks)).toContain(`"timestamp":${at / 1000}`);
  expect(JSON.stringify(blocks)).toContain('2026-11-22 13:05 UTC');
});

test('The text says all that the native blocks show, the summary first', () => {
  const native = card(
    {
      kind: 'table',
      caption: 'Gates',
      columns: [{ title: 'Gate' }, { title: 'Outcome' }],
      rows: [['scan', 'pass']],
    },
    {
      kind: 'chart',
      title: 'Score',
      type: 'line',
      unit: 'points',
      categories: ['W45'],
      series: [{ name: 'prod', values: [71] }],
    },
    { kind: 'progress', title: 'Steps', steps: [{ title: 'Import', state: 'done', detail: 'in 14 s' }] },
    {
      kind: 'context',
      text: [
        { kind: 'plain', text: 'As of ' },
        { kind: 'time', at: 0, style: 'date' },
      ],
    },
  );

  const { text } = renderMessage(native);

  expect(text.startsWith('S\n')).toBe(true);
  for (const words of ['Gate', 'scan', 'pass', 'W45', '71', 'Import', 'in 14 s', 'As of 1970-01-01'])
    expect(text).toContain(words);
});
