// parse: cuts a text into columns by a pattern of literals, columns and stars.
import { refuse } from '../errors.ts';
import { derive, scopeOf } from './definition.ts';
import type { TabularOperator } from './definition.ts';
import { convert, typeNamed } from '../functions/conversion.ts';
import { compileExpression } from '../language/expressions.ts';
import { pattern } from '../language/matching.ts';
import { childAt, lastListOf, nameOf, parametersOf, unsupported } from '../language/tree.ts';
import type { Node } from '../language/tree.ts';
import { textOf } from '../language/values.ts';
import type { Row, Type, Value } from '../language/types.ts';

interface ParsedColumn {
  readonly name: string;
  readonly type: Type;
}

export const parseOperator: TabularOperator = (input, node, compilation) => {
  const kind = parametersOf(node).get('kind')?.toLowerCase() ?? 'simple';
  if (!['simple', 'relaxed', 'regex'].includes(kind))
    throw refuse(`parse kind '${kind}' is unknown.`, undefined, kind);
  const parts = lastListOf(node);
  const columns = parts.flatMap(columnOf);
  const regex = pattern(`^${parts.map((part) => partPattern(part, kind)).join('')}$`, 's');
  const text = compileExpression(
    childAt(node, node.children.findIndex((one) => one.text === 'with') - 1),
    scopeOf(input, compilation),
  );
  const schema = new Map<string, Type>([
    ...input.schema,
    ...columns.map(({ name, type }) => [name, type] as const),
  ]);
  return derive(input, schema, (rows) =>
    rows.map((row) => parseRow(row, textOf(text.read(row)), regex, columns, kind)),
  );
};

function columnOf(part: Node): readonly ParsedColumn[] {
  if (part.kind === 'NameDeclaration') return [{ name: nameOf(part), type: 'string' }];
  if (part.kind !== 'NameAndTypeDeclaration') return [];
  const type = typeNamed(childAt(part, -1).text);
  if (!type) throw unsupported('This type', part);
  return [{ name: nameOf(childAt(part, 0)), type }];
}

function partPattern(part: Node, kind: string): string {
  if (part.kind === 'StarExpression') return '.*?';
  if (part.kind === 'StringLiteralExpression') {
    const literal = childAt(part, 0).value;
    return kind === 'regex' ? `(?:${literal})` : RegExp.escape(literal);
  }
  const column = columnOf(part)[0];
  if (!column) throw unsupported('This part of parse', part);
  if (kind !== 'simple') return '(.*?)';
  if (column.type === 'long') return '(\\s*-?\\d+\\s*)';
  return column.type === 'real' ? '(\\s*-?\\d+(?:\\.\\d+)?\\s*)' : '(.*?)';
}

/** A text that does not match leaves every column empty. */
function parseRow(
  row: Row,
  text: string,
  regex: RegExp,
  columns: readonly ParsedColumn[],
  kind: string,
): Row {
  const match = regex.exec(text);
  const values: Value[] = columns.map(({ type }, index) => convertPart(match?.[index + 1], type));
  const isWhole = kind !== 'simple' || !values.includes(null);
  const found: Record<string, Value> = { ...row };
  for (const [index, { name, type }] of columns.entries())
    found[name] = isWhole ? values[index] : type === 'string' ? '' : null;
  return found;
}

function convertPart(part: string | undefined, type: Type): Value {
  if (part === undefined) return type === 'string' ? '' : null;
  return type === 'string' ? part : convert(part.trim(), type);
}
