import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { kqlProblems } from '../../src/azure/kql-syntax.ts';
import { kqlScope } from '../../src/policy/rules.ts';
import { rules } from '../../src/posture/catalogue.ts';
import { blindSpots, kqlOf, rulesWithKql } from '../../src/posture/kql.ts';
import { withoutQuery } from '../../src/posture/kql/without.ts';
import { type DrawnEstate, estateOf } from '../agreement/drawn.ts';
import { policiesOf } from '../agreement/policies.ts';
import { type Comparison, createRoutes } from '../agreement/routes.ts';

const listed = 6;
const policies = policiesOf(listed);

/** All queries of all policies, by rule. */
const queries = policies.flatMap((policy) =>
  rulesWithKql.flatMap((rule) => {
    const kql = kqlOf(rule, kqlScope(policy));
    return kql && 'query' in kql ? [{ rule, text: kql.query }] : [];
  }),
);

describe('the KQL of the rules', () => {
  it('is there for every rule, or the reason why not', () => {
    const ids = rules.map(({ id }) => id);

    expect([...rulesWithKql, ...Object.keys(withoutQuery)].sort()).toEqual([...ids].sort());
  });

  it('is understood by Microsoft’s parser, whatever the policy says', () => {
    const problems = queries.flatMap(({ rule, text }) =>
      kqlProblems([
        { id: rule, title: rule, impact: 'Low', query: text, file: rule, path: rule, line: 1 },
      ]).map((problem) => `${rule} ${problem.line}:${problem.column} ${problem.message}\n${text}`),
    );

    expect(problems).toEqual([]);
  });

  it('keeps to what Resource Graph allows: one join that leaves its table, no union, no let', () => {
    const strange = queries.filter(({ text }) => {
      const joined = [...text.matchAll(/\bjoin kind=\w+ \((\w+)/g)].map(([, table]) => table);
      return (
        joined.length > 2 ||
        joined.filter((table) => table !== 'resources').length > 1 ||
        /\bunion\b|^let /m.test(text)
      );
    });

    expect(strange).toEqual([]);
  });

  it('says why there is none where the policy has no value, or a pattern that Azure does not know', () => {
    const [first, second] = policies.map(kqlScope);
    if (!first || !second) throw new Error('two policies are needed');

    expect(kqlOf('ACR-01', second)).toEqual({ none: expect.stringContaining('posture.allowedRegions') });
    expect(kqlOf('ACR-25', second)).toEqual({ none: expect.stringContaining('posture.naming') });
    expect(kqlOf('ACR-25', { ...first, naming: '^(?!dev)' })).toEqual({
      none: expect.stringContaining('patterns'),
    });
    expect(kqlOf('ACR-25', first)).toEqual({ query: expect.stringContaining('^[a-z0-9]{5,50}$') });
  });
});

describe('over 500 generated estates', () => {
  const seen: Comparison[] = [];
  beforeAll(async () => {
    const compare = createRoutes(listed);
    const holds = async (estate: DrawnEstate, which: number) => {
      const found = await compare(estate, policies[which] ?? policies[0]);
      seen.push(...found);
      expect(found.flatMap(({ rule, unnamed }) => unnamed.map((id) => `${rule} ${id}`))).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(estateOf(1, 6), fc.nat(2), holds), { numRuns: 500 });
  }, 300_000);

  const sum = (rule: string, of: (one: Comparison) => number): number =>
    seen.filter((one) => one.rule === rule).reduce((all, one) => all + of(one), 0);

  it.each(rulesWithKql)(
    '%s finds the registries that its rule finds, of which some pass and some fail',
    (rule) => {
      expect(sum(rule, ({ queried }) => queried.length)).toBeGreaterThan(0);
      expect(sum(rule, ({ judged }) => judged.length)).toBeGreaterThan(0);
      expect(sum(rule, ({ passing }) => passing)).toBeGreaterThan(0);
    },
  );

  it('every named difference still occurs', () => {
    const gone = Object.keys(blindSpots).filter((rule) => sum(rule, ({ named }) => named.length) === 0);

    expect(gone).toEqual([]);
  });
});
