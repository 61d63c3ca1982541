// A query text as something that runs on rows: statements, lets, pipes, and the limits of the whole query.
import { refuse } from './errors.ts';
import { limits } from './limits.ts';
import { compileExpression } from './language/expressions.ts';
import { parse } from './language/parser.ts';
import { child, childAt, listOf, nameOf, unsupported } from './language/tree.ts';
import type { Node } from './language/tree.ts';
import type { Binding, Compilation, Row, Schema, Source, Table } from './language/types.ts';
import { tabularOperators } from './operators/catalogue.ts';
import { unionOf } from './operators/union.ts';

/** A compiled query. `run` takes the rows and the moment that now() answers (milliseconds). */
export interface Query {
  readonly schema: Schema;
  readonly sorted: boolean;
  readonly limited: boolean;
  /** The tables it reads, in lower case. */
  readonly tables: ReadonlySet<string>;
  readonly run: (source: Source, moment: number) => readonly Row[];
}

/** Compiles a query. Throws QueryError for whatever Resource Graph answers with 400. */
export function compileQuery(text: string, schemaOf: (table: string) => Schema | undefined): Query {
  const statements = listOf(parse(text), 1);
  const tables = new Set<string>();
  const compilation: Compilation = {
    bindings: new Map(),
    schemaOf: (table) => {
      const schema = schemaOf(table);
      if (schema) tables.add(table);
      return schema;
    },
    clock: { moment: 0 },
    used: { joins: 0, crossings: 0, foreign: 0, expansions: 0, legs: 0 },
    compileTable,
  };
  const table = compileStatements(statements, compilation);
  requireLimits(compilation.used);
  const { schema, sorted, limited } = table;
  const run = (source: Source, moment: number): readonly Row[] => {
    compilation.clock.moment = moment;
    return table.rows(source);
  };
  return { schema, sorted, limited, tables, run };
}

function compileStatements(statements: readonly Node[], compilation: Compilation): Table {
  const last = statements.at(-1);
  if (last?.kind !== 'ExpressionStatement') throw refuse('A query is expected.', 'ParserFailure');
  const bindings = new Map<string, Binding>();
  for (const statement of statements.slice(0, -1)) {
    if (statement.kind !== 'LetStatement') throw unsupported('This statement', statement);
    bindings.set(
      nameOf(childAt(statement, 1)),
      compileBinding(childAt(statement, 3), { ...compilation, bindings: new Map(bindings) }),
    );
  }
  return compileTable(childAt(last, 0), { ...compilation, bindings });
}

const tabular = new Set(['PipeExpression', 'UnionOperator']);

function compileBinding(node: Node, compilation: Compilation): Binding {
  if (node.kind === 'FunctionDeclaration') throw unsupported('A function in let', node);
  const isTable =
    tabular.has(node.kind) || (node.kind === 'NameReference' && isTableName(nameOf(node), compilation));
  if (isTable) return { table: compileTable(node, compilation) };
  return { scalar: compileExpression(node, { ...compilation, schema: new Map() }) };
}

function isTableName(name: string, compilation: Compilation): boolean {
  const binding = compilation.bindings.get(name);
  return binding ? 'table' in binding : compilation.schemaOf(name.toLowerCase()) !== undefined;
}

function compileTable(node: Node, compilation: Compilation): Table {
  if (node.kind === 'PipeExpression')
    return compileOperator(compileTable(childAt(node, 0), compilation), childAt(node, -1), compilation);
  if (node.kind === 'ParenthesizedExpression') return compileTable(childAt(node, 1), compilation);
  if (node.kind === 'NameReference') return namedTable(nameOf(node), compilation);
  if (node.kind === 'UnionOperator') return unionOf(node, compilation);
  // A query may begin with an operator: it then reads `resources`.
  if (tabularOperators.has(node.kind))
    return compileOperator(namedTable('resources', compilation), node, compilation);
  throw unsupported('A query that begins like this', node);
}

function compileOperator(input: Table, node: Node, compilation: Compilation): Table {
  const operator = tabularOperators.get(node.kind);
  if (!operator)
    throw unsupported(`Operator '${child(node, 'AsKeyword')?.text ?? childAt(node, 0).text}'`, node);
  return operator.compile(input, node, compilation);
}

function namedTable(name: string, compilation: Compilation): Table {
  const binding = compilation.bindings.get(name);
  if (binding && 'table' in binding) return binding.table;
  const table = name.toLowerCase();
  const schema = compilation.schemaOf(table);
  if (!schema)
    throw refuse(`Table '${name}' is invalid, unsupported or not found.`, 'DisallowedLogicalTableName', name);
  return {
    schema,
    tables: new Set([table]),
    sorted: false,
    limited: false,
    rows: (source) => source(table),
  };
}

function requireLimits(used: Compilation['used']): void {
  const counted = [
    ['join', used.joins, limits.joins],
    ['join between tables', used.foreign > 0 ? used.crossings : 0, limits.crossings],
    ['mv-expand', used.expansions, limits.expansions],
    ['union leg', used.legs, limits.legs],
  ] as const;
  for (const [what, count, most] of counted) {
    if (count > most)
      throw refuse(
        `A query may use ${what} at most ${most} times; this one uses it ${count} times.`,
        'DisallowedCount',
        what,
      );
  }
}
