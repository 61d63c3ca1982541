// The limits of Adaptive Cards in Teams, one named table, and a lint for what Microsoft's own parser does not say: unknown
// properties, extensions without fallback, missing speech and fallback text, Markdown where it renders, size.

export const limits = {
  version: '1.5',
  /** Bytes of a card as JSON. Teams takes 100 KB a message; clients and updates want less. */
  cardBytes: 28 * 1024,
  /** Buttons of one ActionSet; more are hidden in a menu. */
  actionsInSet: 6,
  actionTitle: 80,
  tooltip: 200,
  /** Characters of one run of text. */
  text: 4000,
  summary: 1000,
  choices: 100,
  chartPoints: 60,
} as const;

export interface CardProblem {
  /** JSON pointer. */
  readonly pointer: string;
  readonly message: string;
}

const common = ['type', 'id', 'spacing', 'separator', 'isVisible', 'height', 'fallback', 'requires'];
const run = ['text', 'size', 'weight', 'color', 'isSubtle', 'italic', 'fontType', 'selectAction'];
const action = ['type', 'title', 'tooltip', 'style', 'id', 'mode'];
const input = [...common, 'label', 'isRequired', 'errorMessage', 'value'];
const chart = [...common, 'title', 'xAxisTitle', 'yAxisTitle', 'data'];

/** Properties by type, as far as they are used here: anything else is a mistake. */
const properties: Readonly<Record<string, readonly string[]>> = {
  AdaptiveCard: [
    '$schema',
    'type',
    'version',
    'speak',
    'fallbackText',
    'msteams',
    'body',
    'actions',
    'refresh',
  ],
  RichTextBlock: [...common, 'inlines', 'horizontalAlignment'],
  TextRun: ['type', ...run],
  Container: [...common, 'items', 'style', 'bleed'],
  ColumnSet: [...common, 'columns'],
  Column: [...common, 'items', 'width'],
  Table: [...common, 'columns', 'rows', 'firstRowAsHeaders', 'showGridLines'],
  TableRow: ['type', 'cells', 'style'],
  TableCell: ['type', 'items', 'style'],
  ActionSet: [...common, 'actions'],
  'Action.Execute': [...action, 'verb', 'data'],
  'Action.Submit': [...action, 'data'],
  'Action.ShowCard': [...action, 'card'],
  'Action.OpenUrl': [...action, 'url'],
  'Input.Text': [...input, 'placeholder', 'isMultiline', 'maxLength'],
  'Input.ChoiceSet': [...input, 'placeholder', 'style', 'choices', 'choices.data'],
  'Data.Query': ['type', 'dataset', 'associatedInputs'],
  'Chart.Line': chart,
  'Chart.VerticalBar': chart,
  'Chart.VerticalBar.Grouped': chart,
};

type Node = Readonly<Record<string, unknown>>;

/** All that is wrong with a card; empty if Teams draws it as meant. */
export function checkCard(card: object): readonly CardProblem[] {
  const problems: CardProblem[] = [];
  const root = card as Node;
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > limits.cardBytes)
    problems.push({ pointer: '', message: `is ${bytes} bytes, more than ${limits.cardBytes}` });
  for (const name of ['speak', 'fallbackText'])
    if (!root[name]) problems.push({ pointer: `/${name}`, message: 'must say what the card says' });
  if (root['version'] !== limits.version) problems.push({ pointer: '/version', message: 'must be 1.5' });
  walk(card, '', problems);
  return problems;
}

function walk(value: unknown, pointer: string, problems: CardProblem[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, `${pointer}/${index}`, problems);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  const type = node['type'];
  if (typeof type === 'string') checkNode(node, type, pointer, problems);
  for (const [key, inner] of Object.entries(node))
    if (key !== 'data' && key !== 'msteams') walk(inner, `${pointer}/${key}`, problems);
}

function checkNode(node: Node, type: string, pointer: string, problems: CardProblem[]): void {
  const say = (message: string): void => void problems.push({ pointer, message });
  const known = properties[type];
  if (!known) return say(`has the unknown type '${type}'`);
  for (const key of Object.keys(node)) if (!known.includes(key)) say(`has the unknown property '${key}'`);
  if (type.startsWith('Chart.') && !node['fallback']) say('is an extension without fallback');
  if (type === 'ActionSet' && count(node['actions']) > limits.actionsInSet) say('has too many actions');
  if (type.startsWith('Action.') && type !== 'Action.OpenUrl' && !node['title']) say('has no title');
  if (type.startsWith('Input.') && !node['label']) say('has no label');
  if (type === 'Image' && !node['altText']) say('has no altText');
  if (type === 'Action.OpenUrl' && !/^https?:\/\//.test(String(node['url'])))
    say('opens what is no web address');
}

const count = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
