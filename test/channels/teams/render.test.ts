// Teams' renderings against the contract of all renderers, our own lint, and Microsoft's parser.
import * as AdaptiveCards from 'adaptivecards/dist/adaptivecards.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import { checkCard } from '../../../src/channels/teams/limits.ts';
import { viewOf } from '../../../src/channels/teams/views.ts';
import { sampleCards } from '../../cards/sample-cards.ts';
import { dialogs } from './sample-dialogs.ts';
import { renderCard, renderForm } from '../../../src/channels/teams/render.ts';
import { anyForm } from '../card-arbitrary.ts';
import { linksOf, nodesOf, rendererContract } from '../renderer-contract.ts';
import { sampleContract } from '../sample-contract.ts';

/** What Microsoft's parser has to say. It knows no charts, so it is shown what stands in for them. */
function parseProblems(card: object): readonly string[] {
  const context = new AdaptiveCards.SerializationContext();
  new AdaptiveCards.AdaptiveCard().parse(withFallbacks(card), context);
  return Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
}

function withFallbacks(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withFallbacks);
  if (typeof node !== 'object' || node === null) return node;
  const { type, fallback } = node as { type?: unknown; fallback?: unknown };
  if (String(type).startsWith('Chart.')) return withFallbacks(fallback);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withFallbacks(value)]));
}

function problemsOf(rendered: unknown, card: Card): readonly string[] {
  const nodes = nodesOf(rendered);
  const links = linksOf(card);
  return [
    ...checkCard(rendered as object).map((one) => `${one.pointer} ${one.message}`),
    ...parseProblems(rendered as object),
    ...nodes
      .filter((node) => ['TextBlock', 'FactSet'].includes(String(node['type'])))
      .map(() => 'renders Markdown'),
    ...nodes
      .filter((node) => node['type'] === 'Action.OpenUrl' && !links.has(String(node['url'])))
      .map((node) => `a link to ${String(node['url'])}`),
    ...(/"entities"/.test(JSON.stringify(nodes[0]?.['msteams'])) ? ['a mention'] : []),
  ];
}

const wordsOf = (rendered: unknown): string =>
  nodesOf(rendered)
    .flatMap((node) => ['text', 'title'].map((key) => node[key]).filter((each) => typeof each === 'string'))
    .join(' | ');

/** A button that asks first says what it is about by its question. */
const buttonsOf = (rendered: unknown) =>
  nodesOf(rendered).flatMap((node) => {
    const data = node['data'] as { id?: string } | undefined;
    const isButton = /^Action\.(Execute|Submit)$/.test(String(node['type'])) && node['tooltip'];
    return isButton
      ? [{ label: String(node['title']), name: String(node['tooltip']), id: data?.id ?? '' }]
      : [];
  });
const renderer = {
  name: 'Teams',
  render: (card: Card) => renderCard(card),
  wordsOf,
  problemsOf,
  buttonsOf,
  twinOf: (rendered: unknown) => String((rendered as { fallbackText?: unknown }).fallbackText),
  hasCharts: false,
  hasButtons: true,
};

rendererContract(renderer);
sampleContract(renderer);

test('Any form is a card Teams takes, with each of its fields', () => {
  const property = fc.property(anyForm, (form) => {
    const card = renderForm(form);
    expect([...checkCard(card), ...parseProblems(card)]).toEqual([]);
    const ids = nodesOf(card).flatMap((node) =>
      String(node['type']).startsWith('Input.') ? [node['id']] : [],
    );
    expect(ids).toEqual(form.fields.map((field) => field.id));
  });

  fc.assert(property, { numRuns: 200 });
});

test.each(Object.entries(dialogs))('The form %s is a card Teams takes', (_name, { card: drawn }) => {
  expect([...checkCard(drawn), ...parseProblems(drawn)]).toEqual([]);
});

test.each(Object.entries(sampleCards.requestCard))(
  'The request %s is one card for everybody and one for each who may press more, all of them taken',
  (_name, own) => {
    const { audience } = own;
    if (!audience) return;
    const accounts = Object.values(audience.people);
    const shared = renderCard(own, {
      forms: 'card',
      shows: ({ for: people }) => !people,
      refresh: { id: audience.id, userIds: accounts.map(({ user }) => `29:${user}`) },
    });
    const personal = accounts.map((account) =>
      renderCard(own, viewOf(own, { channel: 'teams', ...account })),
    );
    const verbsOf = (drawn: object) =>
      nodesOf(drawn).flatMap((node) => (String(node['type']).startsWith('Action.') ? [node['title']] : []));

    for (const drawn of [shared, ...personal])
      expect([...checkCard(drawn), ...parseProblems(drawn)]).toEqual([]);
    for (const drawn of personal)
      expect(verbsOf(renderCard(own))).toEqual(expect.arrayContaining(verbsOf(drawn)));
    expect(shared['refresh']).toBeDefined();
    expect(JSON.stringify(shared)).not.toContain('"verb":"approve"');
  },
);

const card = (...blocks: Card['blocks']): Card => ({ name: 'x', title: 'T', summary: 'S', blocks });

test('A table too large for Teams loses rows and says how many', () => {
  const rows = Array.from({ length: 400 }, (_, index) => [`registry${index}`, 'x'.repeat(100)]);

  const drawn = JSON.stringify(
    renderCard(card({ kind: 'table', caption: 'All', columns: [{ title: 'a' }, { title: 'b' }], rows })),
  );

  expect(drawn).toContain('registry0"');
  expect(drawn).toMatch(/… and \d+ more\./);
});

test('A button with a question asks it before the deed can be sent', () => {
  const value = { v: 1, id: 'P-1', nonce: 'n' } as const;
  const confirm = { title: 'Cancel the request?', text: 'It ends.', confirm: 'Cancel it', deny: 'Keep it' };

  const drawn = renderCard(
    card({
      kind: 'actions',
      actions: [{ action: 'cancel', label: 'Cancel', accessibilityLabel: 'Cancel P-1', value, confirm }],
    }),
  );

  const [set] = drawn['body'] as [{ actions: object[] }];
  expect(set.actions).toMatchObject([
    {
      type: 'Action.ShowCard',
      card: { actions: [{ type: 'Action.Execute', title: 'Cancel it', verb: 'cancel', data: value }] },
    },
  ]);
});

test('A time is shown in the viewer’s own zone', () => {
  const at = Date.UTC(2026, 10, 22, 13, 5);

  const drawn = renderCard(card({ kind: 'text', text: [{ kind: 'time', at, style: 'datetime' }] }));

  expect(JSON.stringify(drawn)).toContain(
    '{{DATE(2026-11-22T13:05:00Z,SHORT)}} {{TIME(2026-11-22T13:05:00Z)}}',
  );
});
