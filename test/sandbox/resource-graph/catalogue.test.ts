// docs/kql.md, the evaluator's own lists and the examples name the same things, and each example gives what it says.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { aggregates } from '../../../src/sandbox/azure/resource-graph/functions/aggregates.ts';
import { scalarFunctions } from '../../../src/sandbox/azure/resource-graph/functions/catalogue.ts';
import { scalarOperators } from '../../../src/sandbox/azure/resource-graph/language/operators.ts';
import { tabularOperators } from '../../../src/sandbox/azure/resource-graph/operators/catalogue.ts';
import { rowsOf, valueOf } from './estate.ts';
import { functionExamples, infixExamples } from './scalar-examples.ts';
import { aggregateExamples, operatorExamples } from './tabular-examples.ts';

const lists = [
  ['Tabular operators', [...tabularOperators.values()].flatMap((one) => one.names), operatorExamples],
  ['Operators of expressions', [...scalarOperators.keys()], infixExamples],
  ['Functions', [...scalarFunctions.keys()], functionExamples],
  ['Aggregates', [...aggregates.keys(), 'arg_max', 'arg_min'], aggregateExamples],
] as const;

const document = readFileSync(new URL('../../../docs/kql.md', import.meta.url), 'utf8');

function documented(heading: string): readonly string[] {
  const section = document.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
}

describe.each(lists)('%s', (heading, known, examples) => {
  test('are all in docs/kql.md, and nothing else is', () => {
    const names = documented(heading);

    expect(names.toSorted()).toEqual([...known].toSorted());
    expect(names.length).toBeGreaterThan(15);
  });

  test('have an example each', () => {
    expect(Object.keys(examples).toSorted()).toEqual([...known].toSorted());
  });
});

describe('examples of expressions', () => {
  test.each(Object.entries({ ...infixExamples, ...functionExamples }))(
    '%s gives its value',
    async (_, [expression, expected]) => {
      const value = await valueOf(expression);

      expect(value).toEqual(expected);
    },
  );
});

describe('examples of queries', () => {
  const examples = [...Object.entries(operatorExamples), ...Object.entries(aggregateExamples)];

  test.each(examples)('%s gives its rows', async (_, [query, expected]) => {
    const rows = await rowsOf(query);

    expect(rows).toEqual(expected);
  });
});
