// Our own validator finds what it is there to find, and says where, in the shape of Slack's.
import { expect, test } from 'vitest';
import { checkMessage, checkView, limits } from '../../../src/channels/slack/limits.ts';

const text = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const button = (fields: object) => ({
  type: 'actions',
  elements: [{ type: 'button', text: text(1), ...fields }],
});
const many = (count: number, item: object): object[] => Array.from({ length: count }, () => item);

const refused: readonly (readonly [string, object, string])[] = [
  ['a long header', { type: 'header', text: text(151) }, '/blocks/0/text/text'],
  ['an empty text', { type: 'section', text: text(0) }, '/blocks/0/text/text'],
  ['a long text', { type: 'section', text: text(3001) }, '/blocks/0/text/text'],
  ['too many buttons', { type: 'actions', elements: many(26, {}) }, '/blocks/0/elements'],
  ['a long button', button({ text: text(76) }), '/blocks/0/elements/0/text/text'],
  ['a long value', button({ value: 'x'.repeat(2001) }), '/blocks/0/elements/0/value'],
  [
    'a long label for screen readers',
    button({ accessibility_label: 'x'.repeat(76) }),
    '/blocks/0/elements/0/accessibility_label',
  ],
  ['too many rows', { type: 'data_table', rows: many(102, []) }, '/blocks/0/rows'],
  ['a long chart title', { type: 'data_visualization', title: 'x'.repeat(51) }, '/blocks/0/title'],
  ['too many tasks', { type: 'plan', title: 'x', tasks: many(51, {}) }, '/blocks/0/tasks'],
];

test.each(refused)('%s', (_name, block, pointer) => {
  const [problem] = checkMessage([block]);

  expect(problem).toMatchObject({
    pointer,
    code: 'failed_constraint',
    constraint: { max: expect.any(Number) as number },
  });
});

test('Too many blocks, tables and charts of one message', () => {
  const found = (type: string, count: number): number => checkMessage(many(count, { type })).length;

  expect([found('divider', limits.blocksInMessage), found('divider', limits.blocksInMessage + 1)]).toEqual([
    0, 1,
  ]);
  expect([found('data_table', 1), found('data_table', 2)]).toEqual([0, 1]);
  expect([found('data_visualization', 2), found('data_visualization', 3)]).toEqual([0, 1]);
});

test('A modal with a long title or too much memory', () => {
  const view = { type: 'modal', title: text(25), private_metadata: 'x'.repeat(3001), blocks: [] };

  expect(checkView(view).map((one) => one.pointer)).toEqual(['/view/title/text', '/view/private_metadata']);
});

test('Blocks that a surface does not take', () => {
  const found = (type: string, blocks: readonly object[]): readonly string[] =>
    checkView({ type, blocks }).map((one) => one.pointer);

  expect(checkMessage([{ type: 'file' }]).map((one) => one.constraint.type)).toEqual(['surface']);
  expect(found('modal', [{ type: 'divider' }, { type: 'plan' }])).toEqual(['/view/blocks/1/type']);
  expect(found('home', [{ type: 'data_table' }, { type: 'data_visualization' }])).toEqual([
    '/view/blocks/1/type',
  ]);
});

test('Ids that are there twice, and words in mrkdwn', () => {
  const same = { type: 'actions', block_id: 'b', elements: [{ type: 'button', action_id: 'a' }] };
  const mrkdwn = { type: 'context', elements: [{ type: 'mrkdwn', text: '<!channel>' }] };

  expect(checkMessage([same, same]).map((one) => one.constraint.type)).toEqual(['unique', 'unique']);
  expect(checkMessage([mrkdwn]).map((one) => one.pointer)).toEqual(['/blocks/0/elements/0/text']);
});
