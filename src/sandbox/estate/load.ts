// An estate file, YAML or JSON, read and checked: each error names its place in the file.
import { readFileSync } from 'node:fs';
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Estate, estateSchema } from './schema.ts';

/** What is wrong in an estate file; each line is `file:line:column path: message`. */
export class EstateError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'EstateError';
    this.problems = problems;
  }
}

export function loadEstate(file: string): Estate {
  return parseEstate(readFileSync(file, 'utf8'), file);
}

/** Reads the text of an estate; JSON is YAML. Throws EstateError with every problem. */
export function parseEstate(text: string, file: string): Estate {
  try {
    return parseText(text, file);
  } catch (error) {
    // By its stack the parser limits nesting, by its count aliases that multiply.
    if (!(error instanceof RangeError || error instanceof ReferenceError)) throw error;
    throw new EstateError([
      `${file}:1:1 (file): The file is nested too deeply, or its aliases multiply. Write it flat and without them.`,
    ]);
  }
}

function parseText(text: string, file: string): Estate {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new EstateError(
      document.errors.map((error) => `${place(error.pos[0])} ${firstLine(error.message)}`),
    );
  }
  const checked = estateSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (checked.success) return checked.data;
  throw new EstateError(
    checked.error.issues.flatMap(flattened).map((issue) => {
      const offset = offsetOf(document.contents, issue.path);
      return `${place(offset)} ${issue.path.join('.') || '(file)'}: ${issue.message}`;
    }),
  );
}

/** The issues of the branch of a union that came closest, instead of "Invalid input". */
function flattened(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const branches = issue.errors.toSorted((a, b) => depth(b) - depth(a));
  const closest = branches[0] ?? [];
  return closest.length === 0
    ? [issue]
    : closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map((issue) => issue.path.length));

/** Offset of the deepest part of the path that the file has. */
function offsetOf(contents: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const key of path) {
    const pair = isMap(node)
      ? node.items.find(
          (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
        )
      : undefined;
    const next = pair?.value ?? (isSeq(node) ? node.items[Number(key)] : undefined);
    const mark = pair === undefined ? next : pair.key;
    if (next === undefined) break;
    offset = rangeStart(mark) ?? offset;
    node = next;
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
