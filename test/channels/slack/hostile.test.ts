// Words of strangers in Slack: every card in every state holds them, and nothing of them becomes a mention, a link or markup.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { promoteForm } from '../../../src/cards/forms.ts';
import { noticeCard } from '../../../src/cards/refusal-card.ts';
import { requestCard } from '../../../src/cards/request-card.ts';
import type { Card } from '../../../src/cards/card.ts';
import { checkMessage, checkView } from '../../../src/channels/slack/limits.ts';
import { type RenderedMessage, renderMessage, renderModal } from '../../../src/channels/slack/render.ts';
import { validateBlocks, validateView } from '../../../src/sandbox/slack/validate-blocks.ts';
import { builders, request, states } from '../../cards/built-cards.ts';
import { linksOf, nodesOf } from '../renderer-contract.ts';

const pieces = [
  '<!channel>',
  '<!here|here>',
  '<!subteam^S01RELEASES>',
  '<@U01RUI>',
  '<#C01RELEASES|releases>',
  '<https://evil.example|Approve>',
  '<mailto:a@evil.example|mail>',
  'https://evil.example/login',
  '&lt;!everyone&gt;',
  '&amp;lt;@U1&amp;gt;',
  '<!date^1^{date}^https://evil.example|x>',
  '\u202e\u2066\u2069\u200f',
  '\u200b\u200d\u2060\ufeff',
  '`',
  '```',
  '*b* _i_ ~s~ >quote :tada:',
  '\ud83d',
  '\ude00',
  '\u{e0041}\u{e007f}',
  '\r\n\u2028\u0000\u001b[31m',
  '"}],"type":"mrkdwn',
  'x'.repeat(5000),
] as const;
const mentions = new Set(['user', 'usergroup', 'channel', 'broadcast', 'emoji', 'team']);
const markup = /[<>]|&(?!(?:amp|lt|gt);)/;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069\ufeff]/;

/** All that Slack would read as something else than words, or not take. */
function harm(card: Card, { text, blocks }: RenderedMessage): readonly string[] {
  const links = linksOf(card);
  const nodes = nodesOf(blocks);
  // A button's value is nobody's to see, and must come back as it was.
  const shown = nodes.flatMap((node) => [
    node['text'],
    node['title'],
    node['caption'],
    node['accessibility_label'],
  ]);
  const words = [text, ...shown].filter((each) => typeof each === 'string');
  return [
    ...checkMessage(blocks).map((one) => `${one.pointer}: ${one.message}`),
    ...nodes.flatMap((node) => (mentions.has(String(node['type'])) ? ['a mention'] : [])),
    ...nodes.flatMap((node) =>
      node['type'] === 'link' && !links.has(String(node['url'])) ? [`a link to ${String(node['url'])}`] : [],
    ),
    ...(markup.test(text) ? [`markup in the text: ${text.slice(0, 80)}`] : []),
    ...words.flatMap((each) =>
      unseen.test(each) || !each.isWellFormed()
        ? [`unseen characters: ${JSON.stringify(each.slice(0, 80))}`]
        : [],
    ),
  ];
}

const drawings = (card: Card): readonly RenderedMessage[] => [
  renderMessage(card),
  renderMessage(card, { native: false }),
];

test.each(Object.keys(builders))(
  'The card %s passes the validator, with and without native blocks',
  (name) => {
    const property = fc.property(builders[name]!, (card) => {
      for (const drawn of drawings(card)) {
        expect(harm(card, drawn)).toEqual([]);
        expect(validateBlocks(drawn.blocks, 'message')).toEqual([]);
      }
    });

    fc.assert(property, { numRuns: 40 });
  },
);

test('A request passes it in every state', () => {
  const now = 1_800_000_000_000;
  for (const state of states)
    for (const one of fc.sample(request, { numRuns: 5, seed: 7 })) {
      const card = requestCard({ request: { ...one, state }, now, timezone: 'UTC' });
      for (const drawn of drawings(card)) expect(harm(card, drawn)).toEqual([]);
    }
});

test('50,000 hostile words in tags, labels, reasons and names make no mention and no link', () => {
  const count = 50_000;
  const words = Array.from({ length: count }, (_, n) =>
    `${pieces[n % pieces.length]}${n}${pieces[(n * 7 + 3) % pieces.length]}${pieces[(n >> 4) % pieces.length]}`.slice(
      0,
      400,
    ),
  );
  let seen = 0;
  for (let from = 0; from < count; from += 25) {
    const [tag = '', name = '', reason = '', ...labels] = words.slice(from, from + 25);
    const card: Card = {
      ...noticeCard(name, reason),
      blocks: [
        { kind: 'heading', text: name },
        { kind: 'image', label: name, reference: tag, digest: tag },
        { kind: 'facts', facts: labels.map((label) => ({ label, value: [{ kind: 'code', text: label }] })) },
        { kind: 'table', caption: name, columns: [{ title: tag }], rows: labels.map((label) => [label]) },
        { kind: 'context', text: reason },
        { kind: 'status', tone: 'bad', label: tag, text: reason },
        {
          kind: 'actions',
          actions: [
            {
              action: 'approve',
              label: tag,
              accessibilityLabel: reason,
              value: { v: 1, id: tag, nonce: name },
            },
          ],
        },
      ],
    };
    expect(harm(card, renderMessage(card))).toEqual([]);
    seen += 3 + labels.length;
  }
  expect(seen).toBe(count);
});

test('A form of hostile words is a modal, and what does not fit is left out whole', () => {
  for (let n = 0; n < pieces.length; n++) {
    const form = promoteForm([{ label: `way ${pieces[n]}`, value: pieces[n] ?? '' }], 'nonce');
    const view = renderModal({ ...form, title: `t${pieces[n]}`, intro: pieces[n] ?? '' }, { channel: 'C1' });
    expect(checkView(view)).toEqual([]);
    expect(validateView(view)).toEqual([]);
  }
});
