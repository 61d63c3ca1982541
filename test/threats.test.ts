import { readFileSync } from 'node:fs';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { threats } from './threats.ts';

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** How much each test of a file does, by its title: statements, and calls of `expect` or of what expects for it. */
function testsOf(file: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (typeof value !== 'object' || value === null || !('type' in value)) return;
    const node = value as Node;
    const [title, body] = titled(node);
    if (title !== undefined) found.set(title, body);
    Object.values(node).forEach(walk);
  };
  walk(parseAst(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'), { lang: 'ts' }));
  return found;
}

/** `it('...', () => {...})`, also of `test`, `each` and `skipIf`, with the options anywhere. */
function titled(node: Node): readonly [string | undefined, number] {
  if (node.type !== 'CallExpression' || !isTest(node['callee'] as Node)) return [undefined, 0];
  const [title, ...rest] = node['arguments'] as readonly Node[];
  const body = rest.find(({ type }) => type.endsWith('FunctionExpression'))?.['body'] as Node | undefined;
  const size = body?.type === 'BlockStatement' ? (body['body'] as unknown[]).length : body ? 1 : 0;
  return [title?.type === 'Literal' ? String(title['value']) : undefined, size];
}

function isTest(callee: Node): boolean {
  if (callee.type === 'Identifier') return callee['name'] === 'it' || callee['name'] === 'test';
  if (callee.type === 'CallExpression') return isTest(callee['callee'] as Node);
  return callee.type === 'MemberExpression' && isTest(callee['object'] as Node);
}

describe('every threat has its tests', () => {
  it.each(Object.entries(threats))('%s', (_, proofs) => {
    expect(proofs.length).toBeGreaterThan(1);
    for (const [file, title] of proofs) {
      const size = testsOf(file).get(title);

      expect(size, `${file} has no test '${title}'`).toBeDefined();
      expect(size, `'${title}' of ${file} is empty`).toBeGreaterThan(0);
    }
  });

  it('and there are as many as there were', () => {
    expect(Object.keys(threats).length).toBeGreaterThanOrEqual(25);
  });
});
