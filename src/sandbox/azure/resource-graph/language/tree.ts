// The syntax tree as plain data: the parser's own nodes stay behind parser.ts.
import { refuse } from '../errors.ts';
import type { QueryError } from '../errors.ts';

/** A syntax node or token. Missing optional parts are left out of `children`; separators are dropped. */
export interface Node {
  /** Microsoft's SyntaxKind name, such as `FilterOperator`. */
  readonly kind: string;
  /** The source text without the trivia around it. */
  readonly text: string;
  /** A token's value: of a string its unescaped text, of `datetime(x)` the x. */
  readonly value: string;
  readonly start: number;
  readonly children: readonly Node[];
}

/** The first child of one of the kinds. */
export function child(node: Node, ...kinds: readonly string[]): Node | undefined {
  return node.children.find((one) => kinds.includes(one.kind));
}

/** The child at a place (negative counts from the end); a broken tree is a refused query. */
export function childAt(node: Node, index: number): Node {
  const found = node.children.at(index);
  if (!found) throw refuse(`Incomplete expression: '${node.text}'.`, 'ParserFailure', node.text);
  return found;
}

/** The elements of the node's `nth` list. */
export function listOf(node: Node, nth = 0): readonly Node[] {
  return node.children.filter((one) => one.kind === 'List')[nth]?.children ?? [];
}

/** The elements of the node's last list: operators put their parameters into the lists before it. */
export function lastListOf(node: Node): readonly Node[] {
  return node.children.findLast((one) => one.kind === 'List')?.children ?? [];
}

const named = new Set(['NameReference', 'NameDeclaration', 'TokenName', 'BracketedName', 'WildcardedName']);

/** The name that a reference or declaration spells, `['my column']` without its brackets. */
export function nameOf(node: Node): string {
  if (node.kind === 'BracketedName') return childAt(childAt(node, 1), 0).value;
  if (named.has(node.kind) && node.children.length > 0) return nameOf(childAt(node, 0));
  return node.text;
}

/** The named parameters of an operator (`kind=`, `with_itemindex=`, `withsource=`), by lower-case name. */
export function parametersOf(node: Node): ReadonlyMap<string, string> {
  const parameters = listOf(node).filter((one) => one.kind === 'NamedParameter');
  return new Map(parameters.map((one) => [nameOf(childAt(one, 0)).toLowerCase(), nameOf(childAt(one, -1))]));
}

/** The error for a part of the language that Resource Graph (or this stand-in) does not offer; it names the part. */
export function unsupported(what: string, node: Node): QueryError {
  return refuse(
    `${what} is not supported by Resource Graph: '${shorten(node.text)}'.`,
    undefined,
    shorten(node.text),
  );
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
