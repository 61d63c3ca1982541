// Small changes of a source file that a good suite must notice, found in its syntax tree. All of a file's mutants stand in
// one copy of it, each behind a switch: `(mutant(17) ? changed : original)`. Sentences for people are left alone; so are
// types, which are gone when the code runs.
import { parseAst } from 'vite';

export interface Mutant {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  /** The line as it stands there. */
  readonly code: string;
  readonly operator: string;
  readonly original: string;
  readonly changed: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** One way to change a node: its new text. */
interface Change {
  readonly operator: string;
  readonly text: string;
}

export interface Instrumented {
  readonly text: string;
  readonly mutants: readonly Mutant[];
}

/** The operator of the mutant that changes nothing. Each file with code has one, and a tool that works lets it survive. */
export const control = 'control';

/** The file with all its mutants in it, numbered from `first`; none where it holds types alone. */
export function instrument(file: string, source: string, first: number): Instrumented {
  const mutants: Mutant[] = [];
  const textOf = (node: Node): string => source.slice(node.start, node.end);

  /** The node's text with every mutant below it, and those of itself around it. */
  function render(node: Node, inChain = false): string {
    const isSpine = inChain && chainParts.has(node.type);
    const parts = children(node).map((child) => {
      const spine = (isSpine || node.type === 'ChainExpression') && child === spineOf(node);
      const inner = render(child, spine);
      return {
        child,
        text: ofPlace(node, child).reduce((text, change) => switched(child, text, change), inner),
      };
    });
    let text = spliced(source, node, parts);
    if (loops.has(node.type)) text = fuelled(text, node, parts);
    // A part of an optional chain cannot be put in parentheses: its end would not skip the rest any more.
    if (isSpine) return text;
    for (const change of changesOf(node, textOf)) text = switched(node, text, change);
    return text;
  }

  function switched(node: Node, text: string, { operator, text: changed }: Change): string {
    const id = first + mutants.length;
    const line = source.slice(0, node.start).split('\n').length;
    const code = source.split('\n')[line - 1]?.trim() ?? '';
    mutants.push({ id, file, line, code, operator, original: short(textOf(node)), changed: short(changed) });
    return isStatement(node)
      ? `if (mutant(${id})) { ${changed} } else { ${text} }`
      : `(mutant(${id}) ? (${changed}) : (${text}))`;
  }

  const program = parseAst(source, { lang: 'ts' }) as unknown as Node;
  const text = render(program);
  if ((program['body'] as readonly Node[]).every(isOfTypes)) return { text, mutants };
  const id = first + mutants.length;
  mutants.push({ id, file, line: 1, code: '', operator: control, original: 'nothing', changed: 'nothing' });
  return { text: `${text}\nif (mutant(${id})) {}\n`, mutants };
}

/** Whether nothing is left of it when the types are stripped. */
const isOfTypes = ({ type, declaration }: Node): boolean =>
  type.startsWith('TS') ||
  type === 'ImportDeclaration' ||
  (declaration as Node | null)?.type.startsWith('TS') === true;

const short = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 70 ? `${line.slice(0, 70)}...` : line;
};

const loops = new Set(['ForStatement', 'ForOfStatement', 'WhileStatement']);
const chainParts = new Set(['MemberExpression', 'CallExpression', 'TSNonNullExpression']);
const isStatement = ({ type }: Node): boolean => type === 'ReturnStatement' || type === 'ExpressionStatement';

const spineOf = (node: Node): unknown => node['expression'] ?? node['callee'] ?? node['object'];

/** What runs below a node, in the order of the text: no types, no names of properties, no targets of assignments. */
function children(node: Node): readonly Node[] {
  if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return [];
  const skipped = new Set([
    'typeAnnotation',
    'typeArguments',
    'typeParameters',
    'returnType',
    'id',
    'source',
  ]);
  if (!node['computed']) skipped.add('key').add('property');
  if (node.type === 'AssignmentExpression' || node.type === 'AssignmentPattern') skipped.add('left');
  if (node['shorthand'] === true && (node['value'] as Node).type === 'Identifier') return [];
  return Object.entries(node)
    .filter(([name]) => !skipped.has(name))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]) as unknown[])
    .filter(
      (each): each is Node => typeof each === 'object' && each !== null && 'type' in each && 'start' in each,
    )
    .filter((each) => !each.type.startsWith('TS') || 'expression' in each)
    .sort((a, b) => a.start - b.start);
}

interface Part {
  readonly child: Node;
  readonly text: string;
}

function spliced(source: string, node: Node, parts: readonly Part[]): string {
  let at = node.start;
  let text = '';
  for (const { child, text: inner } of parts) {
    text += source.slice(at, child.start) + inner;
    at = child.end;
  }
  return text + source.slice(at, node.end);
}

/** A loop that a mutant made endless runs dry. */
function fuelled(text: string, node: Node, parts: readonly Part[]): string {
  const body = parts.find(({ child }) => child === node['body'])?.text ?? '';
  return body.startsWith('{')
    ? `${text.slice(0, text.length - body.length)}{ fuel(); ${body.slice(1)}`
    : text;
}

const swaps: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '*': ['/'],
  '/': ['*'],
  '-': ['+'],
  '+': ['-'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
};
const methods: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
};
/** Calls that are left out, so that what they are called on stays as it is. */
const left = new Set(['filter', 'sort', 'slice', 'trim', 'toLowerCase', 'flat']);

function changesOf(node: Node, textOf: (node: Node) => string): readonly Change[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return ofOperator(node, textOf);
    case 'UnaryExpression':
      return node['operator'] === '!'
        ? [{ operator: 'negation', text: textOf(node['argument'] as Node) }]
        : [];
    case 'ConditionalExpression': {
      const [yes, no] = [node['consequent'], node['alternate']].map((each) => textOf(each as Node));
      return [
        { operator: 'condition', text: yes ?? '' },
        { operator: 'condition', text: no ?? '' },
      ];
    }
    case 'Literal':
      return ofLiteral(node['value']);
    case 'ArrayExpression':
      return (node['elements'] as unknown[]).length > 0 ? [{ operator: 'array', text: '[]' }] : [];
    case 'CallExpression':
      return ofCall(node, textOf);
    case 'ChainExpression':
      return ofChain(node, textOf);
    case 'ReturnStatement':
      return node['argument'] && textOf(node['argument'] as Node) !== 'undefined'
        ? [{ operator: 'return', text: 'return undefined;' }]
        : [];
    case 'ExpressionStatement':
      return [{ operator: 'statement', text: '' }];
    default:
      return [];
  }
}

function ofOperator(node: Node, textOf: (node: Node) => string): readonly Change[] {
  const [a, b] = [textOf(node['left'] as Node), textOf(node['right'] as Node)];
  const operator = String(node['operator']);
  const isText = operator === '+' && /['"`]/.test(a + b);
  return (isText ? [] : (swaps[operator] ?? [])).map((other) => ({
    operator: node.type === 'LogicalExpression' ? 'logic' : 'boundary',
    text: `(${a}) ${other} (${b})`,
  }));
}

function ofLiteral(value: unknown): readonly Change[] {
  if (typeof value === 'boolean') return [{ operator: 'constant', text: String(!value) }];
  if (typeof value === 'number') return [{ operator: 'constant', text: String(value + 1) }];
  return typeof value === 'string' && /^[\w:-]+$/.test(value) ? [{ operator: 'constant', text: "''" }] : [];
}

function ofCall(node: Node, textOf: (node: Node) => string): readonly Change[] {
  const callee = node['callee'] as Node;
  if (callee.type !== 'MemberExpression' || callee['computed']) return [];
  const [object, name] = [textOf(callee['object'] as Node), textOf(callee['property'] as Node)];
  const rest = textOf(node).slice(callee.end - node.start);
  const other = methods[name];
  if (other) return [{ operator: 'call', text: `${object}.${other}${rest}` }];
  return left.has(name) ? [{ operator: 'call', text: object }] : [];
}

/** An optional part that is taken for granted, or the call at its end for another. */
function ofChain(node: Node, textOf: (node: Node) => string): readonly Change[] {
  const text = textOf(node);
  const call = node['expression'] as Node;
  const sure = text.replace('?.', /\?\.[[(]/.test(text) ? '' : '.');
  const end = call.type === 'CallExpression' ? ofCall(call, textOf) : [];
  return [{ operator: 'optional', text: sure }, ...end];
}

/** What is changed because of where it stands: the test of an `if`, the value of a short function. */
function ofPlace(parent: Node, child: Node): readonly Change[] {
  if (parent.type === 'IfStatement' && parent['test'] === child)
    return ['true', 'false'].map((text) => ({ operator: 'condition', text }));
  const isValue = parent.type === 'ArrowFunctionExpression' && parent['body'] === child;
  return isValue && child.type !== 'BlockStatement' ? [{ operator: 'return', text: 'undefined' }] : [];
}
