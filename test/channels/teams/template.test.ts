// Our own binding of templates against Microsoft's engine, on every template of adaptive-cards/.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { expand, type Json } from '../../../src/channels/teams/template.ts';

// Required, not imported: its types lead to sources that only an older compiler takes.
const require = createRequire(import.meta.url);
const { Template } = require('adaptivecards-templating') as {
  readonly Template: new (template: unknown) => { expand(context: { readonly $root: unknown }): unknown };
};

const folder = new URL('../../../adaptive-cards/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const templateOf = (name: string): Json => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Json;

const run = (text: string, more: object = {}) => ({
  text,
  weight: 'Default',
  fontType: 'Default',
  color: 'Default',
  isLink: false,
  url: '',
  ...more,
});
const inlines = [run('one'), run('two [x](y) $ {z}', { isLink: true, url: 'https://docs.example' })];
const button = {
  title: 'Approve',
  tooltip: 'Approve P-1',
  style: 'positive',
  verb: 'approve',
  id: 'P-1',
  nonce: 'n',
  question: 'Sure?',
  consequence: 'It ends.',
  confirm: 'Yes',
};
const field = {
  isText: true,
  isChoice: false,
  isPicker: false,
  field: 'reason',
  label: 'Reason',
  hint: '',
  multiline: true,
  maxLength: 500,
  required: true,
  error: 'Reason is needed.',
  value: '',
  source: '',
  choices: [{ title: 'a', value: 'b' }],
};

/** Data for each template, by its file name: a template without data here fails. */
const data: Readonly<Record<string, object>> = {
  'shell.json': {
    speak: 's',
    fallbackText: 'f',
    hasRefresh: true,
    refresh: { verb: 'view', id: 'P-1', userIds: ['29:1a', '29:1b'] },
    body: [{ type: 'Container', items: [] }],
  },
  'heading.json': { text: 'Heading' },
  'text.json': { inlines },
  'context.json': { inlines },
  'divider.json': {},
  'facts.json': {
    facts: [
      { label: 'Reason', inlines },
      { label: 'Way', inlines: [run('x')] },
    ],
  },
  'table.json': {
    caption: 'Gates',
    hasRows: true,
    columns: [
      { width: 1, align: 'Left' },
      { width: 2, align: 'Right' },
    ],
    rows: [{ cells: [{ inlines }, { inlines }] }, { cells: [{ inlines }, { inlines: [run('y')] }] }],
    hasNote: false,
    note: '',
  },
  'chart.json': {
    type: 'Chart.Line',
    title: 'Score',
    unit: 'points',
    data: [{ legend: 'a', values: [{ x: 'w1', y: 3 }] }],
    lines: [{ name: 'a', values: 'w1 3' }],
  },
  'progress.json': {
    title: 'Progress',
    steps: [
      { word: '✓ done', color: 'Good', title: 'Import', hasDetail: true, detail: 'in 3 s' },
      { word: '○ pending', color: 'Default', title: 'Lock', hasDetail: false, detail: '' },
    ],
  },
  'status.json': {
    style: 'good',
    color: 'Good',
    sign: '✓',
    label: 'Promoted',
    hasText: true,
    text: 'Locked.',
  },
  'image.json': { label: 'Proposed', reference: 'shop/web:v1', hasDigest: false, digest: '' },
  'actions.json': {
    direct: [button, { ...button, verb: 'status' }],
    dialogs: [{ ...button, verb: 'form:reject' }],
    confirmed: [button],
  },
  'inputs.json': {
    title: 'Promote',
    hasIntro: true,
    intro: 'By digest.',
    submit: 'Ask',
    verb: 'submit:promote',
    isDialog: false,
    isInCard: true,
    id: 'new',
    nonce: 'n',
    fields: [
      field,
      { ...field, isText: false, isChoice: true, field: 'way' },
      { ...field, isText: false, isPicker: true, field: 'tag', source: 'tags' },
    ],
  },
};

/** Microsoft's engine leaves a property as null whose `$when` is false; ours leaves it out. */
function withoutNulls(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNulls);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutNulls(value)]));
}

test('Every template has data here', () => {
  expect(names.toSorted()).toEqual(Object.keys(data).toSorted());
  expect(names.length).toBeGreaterThan(10);
});

test.each(names)('%s is bound as Microsoft’s engine binds it', (name) => {
  const template = templateOf(name);
  const official = new Template(structuredClone(template)).expand({ $root: data[name] });

  const own = expand(template, data[name] as Readonly<Record<string, unknown>>);

  expect(own).toEqual(withoutNulls(official));
});

test('What is filled in is not read as a template again', () => {
  const filled = expand({ text: '${a} and ${b}' }, { a: '${b}', b: 'B' });

  expect(filled).toEqual({ text: '${b} and B' });
});

test('A slot without a value is a mistake, not a hole', () => {
  expect(() => expand({ text: '${missing}' }, {})).toThrow("slot 'missing'");
});
