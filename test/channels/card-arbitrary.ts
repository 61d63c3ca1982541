// Random cards for the contract of the renderers: every kind of block, with words a hostile tag, label, reason or name
// could hold.
import fc from 'fast-check';
import type { Action, Block, Card, Form, Inline, Line } from '../../src/cards/card.ts';

const hostile = [
  '<!channel>',
  '<@U01DANA>',
  '<https://evil.example|click>',
  '@here @everyone',
  '[click](https://evil.example)',
  '<at>Rui</at>',
  '&lt;!channel&gt; &amp;',
  '\u202egnp.exe\u2066',
  'a\u0000b\u001bc',
  '`code` ```block```',
  '*bold* _it_ ~no~ :tada:',
  'lone \ud83d surrogate',
  '${title} ${$root.body}',
  '{{DATE(2017-02-14T06:08:39Z)}}',
  '<script>alert(1)</script>',
  'line\nbreak\r\nand\ttab',
  '\u200b\u2060\ufeff',
  'https://evil.example/path',
  '  ',
] as const;

const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.string({ maxLength }) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength }) },
    { weight: 3, arbitrary: fc.constantFrom(...hostile).map((each) => each.slice(0, maxLength)) },
  );
/** Words that leave something to see once they are clean. */
const named = (maxLength: number): fc.Arbitrary<string> => text(maxLength - 4).map((each) => `n${each}x`);

const inline = (max: number): fc.Arbitrary<Inline> =>
  fc.oneof(
    fc.record({ kind: fc.constantFrom('plain', 'strong', 'code'), text: text(max) }),
    fc.record({
      kind: fc.constant('time' as const),
      at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
      style: fc.constantFrom('date', 'datetime'),
    }),
    fc.record({
      kind: fc.constant('link' as const),
      text: text(max),
      url: fc.constantFrom('https://docs.example/rule', 'javascript:alert(1)', 'not a url'),
    }),
  );
const line = (max: number): fc.Arbitrary<Line> =>
  fc.oneof(text(max), fc.array(inline(max), { maxLength: 4 }));

const value = fc.record({ v: fc.constant(1 as const), id: text(40), nonce: text(20) });
const action: fc.Arbitrary<Action> = fc.record(
  {
    action: fc.constantFrom('approve', 'cancel', 'status', 'form:reject'),
    label: named(40),
    accessibilityLabel: named(120),
    value,
    style: fc.constantFrom('primary', 'danger'),
    confirm: fc.record({ title: named(40), text: named(80), confirm: named(20), deny: named(20) }),
  },
  { requiredKeys: ['action', 'label', 'accessibilityLabel', 'value'] },
);

const field = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    id: fc.constantFrom('reason', 'note'),
    label: named(40),
    hint: text(60),
    multiline: fc.boolean(),
    maxLength: fc.integer({ min: 1, max: 5000 }),
    value: text(30),
  }),
  fc.record({
    kind: fc.constant('choice' as const),
    id: fc.constant('way'),
    label: named(40),
    choices: fc.array(fc.record({ label: named(90), value: named(160) }), { maxLength: 4 }),
    optional: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('picker' as const),
    id: fc.constantFrom('repository', 'tag'),
    label: named(40),
    source: fc.constantFrom('repositories', 'tags'),
    dependsOn: fc.constant('way'),
    value: fc.record({ label: named(90), value: named(160) }),
  }),
);
export const anyForm: fc.Arbitrary<Form> = fc.record({
  name: fc.constantFrom('promote', 'reject'),
  title: named(60),
  intro: text(80),
  submit: named(30),
  fields: fc.uniqueArray(field, { maxLength: 5, selector: (each) => each.id }),
  value,
});

/** Blocks whose words have at most `max` characters and whose tables have at most `rows` rows. */
const anyBlock = (max: number, rows: number): fc.Arbitrary<Block> => fc.oneof(...blocksOf(max, rows));

/** One a kind: a new kind of block is a compile error here. */
function blocksOf(max: number, rows: number): readonly fc.Arbitrary<Block>[] {
  const columns = fc.array(fc.record({ title: text(20), weight: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 4,
  });
  const blocks = {
    heading: fc.record({ kind: fc.constant('heading' as const), text: named(max) }),
    text: fc.record({
      kind: fc.constant('text' as const),
      text: line(max),
      tone: fc.constantFrom('neutral', 'good', 'warning', 'bad', 'muted'),
    }),
    facts: fc.record({
      kind: fc.constant('facts' as const),
      facts: fc.array(fc.record({ label: named(max), value: line(max) }), { maxLength: 5 }),
    }),
    table: columns.chain((found) =>
      fc.record({
        kind: fc.constant('table' as const),
        caption: named(max),
        columns: fc.constant(found),
        rows: fc.array(fc.array(line(max), { minLength: found.length, maxLength: found.length }), {
          maxLength: rows,
        }),
      }),
    ),
    chart: fc.record({
      kind: fc.constant('chart' as const),
      title: named(40),
      type: fc.constantFrom('line', 'bar'),
      unit: text(10),
      categories: fc.array(text(30), { maxLength: 25 }),
      series: fc.array(fc.record({ name: named(30), values: fc.array(fc.double(), { maxLength: 25 }) }), {
        maxLength: 8,
      }),
    }),
    progress: fc.record({
      kind: fc.constant('progress' as const),
      title: named(max),
      steps: fc.array(
        fc.record(
          {
            title: named(max),
            state: fc.constantFrom('pending', 'active', 'done', 'failed'),
            detail: text(max),
          },
          { requiredKeys: ['title', 'state'] },
        ),
        { maxLength: 6 },
      ),
    }),
    status: fc.record({
      kind: fc.constant('status' as const),
      tone: fc.constantFrom('neutral', 'good', 'warning', 'bad', 'muted'),
      label: named(max),
      text: text(max),
    }),
    image: fc.record(
      { kind: fc.constant('image' as const), label: named(max), reference: named(max), digest: named(80) },
      { requiredKeys: ['kind', 'label', 'reference'] },
    ),
    actions: fc.record({
      kind: fc.constant('actions' as const),
      actions: fc.array(action, { maxLength: 30 }),
    }),
    inputs: fc.record({ kind: fc.constant('inputs' as const), form: anyForm }),
    context: fc.record({ kind: fc.constant('context' as const), text: line(max) }),
    divider: fc.constant({ kind: 'divider' as const }),
  } satisfies Readonly<Record<Block['kind'], fc.Arbitrary<unknown>>>;
  return Object.values<fc.Arbitrary<unknown>>(blocks) as readonly fc.Arbitrary<Block>[];
}

const anyCard = (blocks: fc.Arbitrary<readonly Block[]>): fc.Arbitrary<Card> =>
  fc.record({ name: fc.constant('any'), title: named(60), summary: text(200), blocks });

/** Cards small enough that nothing has to be left out. */
export const smallCard: fc.Arbitrary<Card> = anyCard(fc.array(anyBlock(60, 4), { maxLength: 4 }));

/** Cards far over every limit. */
export const largeCard: fc.Arbitrary<Card> = anyCard(
  fc.array(
    anyBlock(400, 12).chain((block) =>
      fc.integer({ min: 1, max: 12 }).map((times) => repeated(block, times)),
    ),
    { minLength: 1, maxLength: 90 },
  ),
);

/** The same block with its words and rows many times over. */
function repeated(block: Block, times: number): Block {
  switch (block.kind) {
    case 'text':
      return typeof block.text === 'string' ? { ...block, text: block.text.repeat(times * 4) } : block;
    case 'heading':
      return { ...block, text: block.text.repeat(times) };
    case 'table':
      return { ...block, rows: Array.from({ length: times }, () => block.rows).flat() };
    case 'facts':
    case 'chart':
    case 'progress':
    case 'status':
    case 'image':
    case 'actions':
    case 'inputs':
    case 'context':
    case 'divider':
      return block;
  }
}
