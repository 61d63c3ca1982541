// Microsoft's own KQL parser, loaded once and only when the first query comes (it costs 0.2-0.5 s and some 100 MB).
// The library has globals and no usable types for our purpose: its shape is declared, and cast, in this file alone.
import { createRequire } from 'node:module';
import { QueryError, refuse } from '../errors.ts';
import type { ErrorDetail } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Node } from './tree.ts';

interface KustoNode {
  readonly Kind: number;
  readonly IsToken: boolean;
  readonly Text?: string;
  readonly ValueText?: string;
  readonly TextStart: number;
  readonly End: number;
  readonly ChildCount: number;
  GetChild(index: number): KustoNode | null;
}
interface Diagnostic {
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
}
interface Code {
  readonly Syntax: KustoNode;
  GetDiagnostics(): { readonly Count: number; getItem(index: number): Diagnostic };
}
interface Library {
  readonly Kusto: {
    Language: { KustoCode: { Parse(text: string): Code }; Syntax: { SyntaxKind: object } };
  };
  readonly System: { Enum: { toString(type: object, value: number): string } };
}

let loaded: Library | undefined;
const kindNames = new Map<number, string>();

function library(): Library {
  if (!loaded) {
    const require = createRequire(import.meta.url);
    require('@kusto/language-service-next/bridge.min.js');
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
    loaded = globalThis as unknown as Library;
  }
  return loaded;
}

/** The tree of a query. Throws QueryError with a ParserFailure for each syntax error. */
export function parse(text: string): Node {
  // The parser needs seconds for thousands of nested brackets.
  if (deepestBracket(text) > limits.nesting)
    throw refuse('The query is too complex: its brackets are nested too deep.');
  const code = library().Kusto.Language.KustoCode.Parse(text);
  const found = code.GetDiagnostics();
  const diagnostics = Array.from({ length: found.Count }, (_, index) => found.getItem(index));
  const errors = diagnostics.filter((one) => one.Severity === 'Error');
  if (errors.length > 0) throw new QueryError(errors.map((one) => parserFailure(text, one)));
  return plain(code.Syntax, text);
}

function deepestBracket(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.replaceAll(/"[^"\n]*"|'[^'\n]*'/g, '').matchAll(/[([{}\])]/g)) {
    depth += '([{'.includes(bracket) ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function plain(node: KustoNode, text: string): Node {
  const kind = kindName(node.Kind);
  const children: Node[] = [];
  for (let index = 0; index < node.ChildCount; index++) {
    const one = node.GetChild(index);
    if (!one) continue;
    // A separated element is its content and a comma: only the content matters.
    const content = kindName(one.Kind) === 'SeparatedElement' ? one.GetChild(0) : one;
    if (content) children.push(plain(content, text));
  }
  const source = text.slice(node.TextStart, node.End);
  return {
    kind,
    text: source,
    value: node.IsToken ? (node.ValueText ?? source) : source,
    start: node.TextStart,
    children,
  };
}

function kindName(kind: number): string {
  let name = kindNames.get(kind);
  if (name === undefined) {
    const { Kusto, System } = library();
    name = System.Enum.toString(Kusto.Language.Syntax.SyntaxKind, kind);
    kindNames.set(kind, name);
  }
  return name;
}

function parserFailure(text: string, diagnostic: Diagnostic): ErrorDetail {
  const before = text.slice(0, diagnostic.Start).split('\n');
  const expected = /^(?:Expected|Missing): (.+)$/.exec(diagnostic.Message)?.[1];
  return {
    code: 'ParserFailure',
    message: `ParserFailure: ${diagnostic.Message}`,
    line: before.length,
    characterPositionInLine: (before.at(-1) ?? '').length,
    token: text.slice(diagnostic.Start, diagnostic.Start + diagnostic.Length) || '<EOF>',
    ...(expected === undefined ? {} : { expectedToken: expected }),
  };
}
