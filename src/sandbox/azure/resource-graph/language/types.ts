// The shapes that the parts of the evaluator share: values, typed expressions, schemas and tables.
import type { Node } from './tree.ts';

/** A row as Resource Graph keeps it: plain JSON. Inside a query a value may also be a Date or a Timespan. */
export type Row = Readonly<Record<string, unknown>>;

/** null, boolean, number, string, Date (datetime), Timespan, an array or a bag. Never undefined. */
export type Value = unknown;

/** What is known of an expression before it runs; `any` is a column nobody declared. */
export type Type = 'any' | 'string' | 'long' | 'real' | 'bool' | 'datetime' | 'timespan' | 'dynamic';

/** A compiled scalar expression. `constant` is set when it needs no row. */
export interface Expression {
  readonly type: Type;
  readonly read: (row: Row) => Value;
  readonly constant?: { readonly value: Value };
}

export type Schema = ReadonlyMap<string, Type>;

/** Where a compiled query takes its rows from, by lower-case table name. */
export type Source = (table: string) => readonly Row[];

/** A compiled tabular expression. `sorted` means that the order of rows is the query's own wish. */
export interface Table {
  readonly schema: Schema;
  readonly rows: (source: Source) => readonly Row[];
  /** It reads these, by lower-case name. */
  readonly tables: ReadonlySet<string>;
  readonly sorted: boolean;
  /** `take`, `limit` or `top` in the main pipeline: Resource Graph then gives no skip token. */
  readonly limited: boolean;
}

/** What a `let` may name. */
export type Binding = { readonly scalar: Expression } | { readonly table: Table };

/** What compiling needs to know at any place of a query. */
export interface Compilation {
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Schema of a table by its lower-case name; undefined for an unknown table. */
  readonly schemaOf: (table: string) => Schema | undefined;
  /** The moment of the run in milliseconds: now() is the same for all rows. */
  readonly clock: { moment: number };
  /**
   * How often a limited operator was used so far in the whole query. `crossings`: joins between different tables; `foreign`:
   * those of other tables than resources and resourcecontainers.
   */
  readonly used: { joins: number; crossings: number; foreign: number; expansions: number; legs: number };
  /** Compiles a nested tabular expression (the right side of a join, a leg of a union). */
  readonly compileTable: (node: Node, compilation: Compilation) => Table;
}

/** The place of a scalar expression: the compilation and the columns it may read. */
export interface Scope extends Compilation {
  readonly schema: Schema;
}
