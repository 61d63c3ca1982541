// Slack's limits, one named table (docs.slack.dev, Block Kit reference), and the check that every rendering passes before
// it is sent in tests. Its errors have the shape of the official method blocks.validate.

export const limits = {
  blocksInMessage: 50,
  blocksInModal: 100,
  text: 3000,
  header: 150,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  accessibilityLabel: 75,
  actionId: 255,
  blockId: 255,
  url: 3000,
  optionText: 75,
  optionValue: 150,
  options: 100,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  modalTitle: 24,
  privateMetadata: 3000,
  callbackId: 255,
  label: 2000,
  input: 3000,
  placeholder: 150,
  dataTableRows: 100,
  dataTableColumns: 20,
  dataTableCharacters: 10_000,
  tablesInMessage: 1,
  chartsInMessage: 2,
  chartTitle: 50,
  chartSeries: 6,
  chartPoints: 20,
  chartLabel: 20,
  axisLabel: 50,
  plansInMessage: 5,
  tasks: 50,
  taskTitle: 300,
  richTextElements: 400,
  chatText: 4000,
} as const;

/** One refusal: a JSON pointer to the offending value, and what it broke. */
export interface BlockProblem {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly constraint: { readonly type: string; readonly max: number };
}

type Json = Readonly<Record<string, unknown>>;

/** The longest value a field may have, by the type of the object it is in. Arrays count items, strings characters. */
const fieldLimits: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  header: { 'text/text': limits.header },
  section: { 'text/text': limits.text },
  context: { elements: limits.contextElements },
  actions: { elements: limits.actionsElements },
  button: {
    'text/text': limits.buttonText,
    value: limits.buttonValue,
    accessibility_label: limits.accessibilityLabel,
    action_id: limits.actionId,
    'confirm/title/text': limits.confirmTitle,
    'confirm/text/text': limits.confirmText,
    'confirm/confirm/text': limits.confirmButton,
    'confirm/deny/text': limits.confirmButton,
  },
  input: { 'label/text': limits.label, 'hint/text': limits.label, block_id: limits.blockId },
  static_select: { options: limits.options },
  data_table: { rows: limits.dataTableRows + 1 },
  data_visualization: {
    title: limits.chartTitle,
    'chart/series': limits.chartSeries,
    'chart/axis_config/categories': limits.chartPoints,
  },
  plan: { tasks: limits.tasks, title: limits.taskTitle },
  task_card: { title: limits.taskTitle },
  text: { text: limits.text },
  plain_text: { text: limits.text },
  mrkdwn: { text: limits.text },
  link: { text: limits.text, url: limits.url },
  modal: {
    'title/text': limits.modalTitle,
    'submit/text': limits.modalTitle,
    'close/text': limits.modalTitle,
    private_metadata: limits.privateMetadata,
    callback_id: limits.callbackId,
    blocks: limits.blocksInModal,
  },
};

type Surface = 'message' | 'modal' | 'home';

/** Blocks a surface does not take. */
const forbidden: Readonly<Record<Surface, ReadonlySet<string>>> = {
  message: new Set(['alert', 'file']),
  modal: new Set([
    'card',
    'carousel',
    'context_actions',
    'data_visualization',
    'file',
    'markdown',
    'plan',
    'table',
    'task_card',
  ]),
  home: new Set([
    'alert',
    'context_actions',
    'data_visualization',
    'file',
    'markdown',
    'plan',
    'table',
    'task_card',
  ]),
};

/** The one mrkdwn that is written here: a date token. Words of others never stand in mrkdwn. */
const dateToken = /^<!date\^-?\d+\^[^<>|]*\|[^<>|]*>$/;

/** Texts Slack refuses when they are empty. */
const neverEmpty = new Set(['text', 'plain_text', 'mrkdwn', 'raw_text']);

/** All that is too long, too many or empty in these blocks of a message. */
export function checkMessage(blocks: readonly object[]): readonly BlockProblem[] {
  const problems: BlockProblem[] = [];
  const types = blocks.map((block) => (block as Json)['type']);
  const most = (found: number, max: number, what: string): void => {
    if (found > max)
      problems.push(problem('/blocks', `no more than ${max} ${what} allowed`, 'max_items', max));
  };
  most(blocks.length, limits.blocksInMessage, 'blocks');
  most(types.filter((type) => type === 'data_table').length, limits.tablesInMessage, 'data_table blocks');
  most(types.filter((type) => type === 'data_visualization').length, limits.chartsInMessage, 'charts');
  walk(blocks, '/blocks', problems);
  return [...problems, ...checkBlocks(blocks, '/blocks', 'message')];
}

/** The same for a modal or a Home. */
export function checkView(view: object): readonly BlockProblem[] {
  const problems: BlockProblem[] = [];
  walk(view, '/view', problems);
  const { type, blocks } = view as { readonly type?: unknown; readonly blocks?: readonly object[] };
  const surface = type === 'home' ? 'home' : 'modal';
  return [...problems, ...checkBlocks(blocks ?? [], '/view/blocks', surface)];
}

/** Blocks the surface does not take, and ids that are there twice. */
function checkBlocks(blocks: readonly object[], pointer: string, surface: Surface): readonly BlockProblem[] {
  const ids = new Set<string>();
  return blocks.flatMap((block, index) => {
    const { type, block_id: id, elements } = block as Json;
    const here = `${pointer}/${index}`;
    const found: BlockProblem[] = [];
    if (forbidden[surface].has(String(type)))
      found.push(problem(`${here}/type`, `${String(type)} is not for a ${surface}`, 'surface', 0));
    const own = type === 'actions' && Array.isArray(elements) ? (elements as readonly Json[]) : [];
    const named = [...(typeof id === 'string' ? [`block ${id}`] : []), ...own.flatMap(idOf)];
    for (const name of named) {
      if (ids.has(name)) found.push(problem(here, `the ${name} is there twice`, 'unique', 1));
      ids.add(name);
    }
    return found;
  });
}

const idOf = (element: Json): readonly string[] =>
  typeof element['action_id'] === 'string' ? [`action ${element['action_id']}`] : [];

function walk(value: unknown, pointer: string, problems: BlockProblem[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, `${pointer}/${index}`, problems);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Json;
  const type = String(node['type']);
  for (const [path, max] of Object.entries(fieldLimits[type] ?? {})) {
    const found = at(node, path);
    if ((typeof found === 'string' || Array.isArray(found)) && found.length > max)
      problems.push(problem(`${pointer}/${path}`, `must be no longer than ${max}`, 'max_length', max));
  }
  if (type === 'mrkdwn' && !dateToken.test(String(node['text'])))
    problems.push(problem(`${pointer}/text`, 'mrkdwn that could hold words of others', 'escaping', 0));
  if (neverEmpty.has(type) && node['text'] === '')
    problems.push(problem(`${pointer}/text`, 'must not be empty', 'min_length', 1));
  for (const [key, inner] of Object.entries(node)) walk(inner, `${pointer}/${key}`, problems);
}

const at = (node: Json, path: string): unknown =>
  path.split('/').reduce<unknown>((inner, key) => (inner as Json | undefined)?.[key], node);

const problem = (pointer: string, message: string, type: string, max: number): BlockProblem => ({
  pointer,
  code: 'failed_constraint',
  message,
  constraint: { type, max },
});
