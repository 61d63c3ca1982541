import { describe, expect, it } from 'vitest';
import type { RegistryFacts } from '../../src/posture/facts.ts';
import { type OwnRule, ownRule, parseFront } from '../../src/posture/own-rule.ts';

const known = { stages: ['dev', 'uat', 'prod'], owner: () => undefined };
const good = `// Why: networks of 2019 are gone.
// id: ORG-7
// title: Nothing listens in the old network
// impact: high
// stages: prod, uat

resources
| where type =~ 'microsoft.containerregistry/registries'`;

function problemsOf(
  text: string,
  owner: (id: string) => string | undefined = known.owner,
): readonly string[] {
  const front = parseFront(text, 'rules/a.kql', { ...known, owner });
  return front.ok ? [] : front.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function ruleOf(text: string): OwnRule {
  const front = parseFront(text, 'rules/a.kql', known);
  if (!front.ok) throw new Error(problemsOf(text).join('\n'));
  return ownRule(front.definition);
}

const prose = good.replace('// Why: networks of 2019 are gone.\n', '// See https://example.org/networks\n');
const id = '/subscriptions/s/resourcegroups/g/providers/microsoft.containerregistry/registries/r';

function factsOf(given: Partial<RegistryFacts>): RegistryFacts {
  return {
    id,
    name: 'r',
    subscription: 's',
    resourceGroup: 'g',
    location: 'westeurope',
    tags: {},
    stage: 'prod',
    stageSource: 'policy',
    replications: { read: true, value: [] },
    group: { read: true, value: [] },
    alerts: { read: true, value: [] },
    asOf: 5,
    ...given,
  };
}

describe('the front comment of an own rule', () => {
  it('gives id, title, impact, stages and the query with its line', () => {
    const front = parseFront(prose, 'rules/a.kql', known);

    expect(front).toEqual({
      ok: true,
      definition: {
        id: 'ORG-7',
        title: 'Nothing listens in the old network',
        impact: 'High',
        stages: ['prod', 'uat'],
        query: "resources\n| where type =~ 'microsoft.containerregistry/registries'",
        file: 'a.kql',
        path: 'rules/a.kql',
        line: 7,
      },
    });
  });

  it('may leave the stages out, and may come with a byte order mark and carriage returns', () => {
    const rule = ruleOf(`\uFEFF${prose.replace('// stages: prod, uat\n', '').replaceAll('\n', '\r\n')}`);

    expect(rule.definition.stages).toBeUndefined();
    expect(rule.definition.query).not.toContain('\r');
  });

  it.each([
    ['an unknown key', good, "1:4 There is no key 'Why'. Keys: id, title, impact, stages."],
    ['a missing title', prose.replace(/.*title.*\n/, ''), "1:1 '// title: ...' is missing above the query."],
    ['an id in small letters', prose.replace('ORG-7', 'org-7'), "2:8 Invalid id 'org-7'. Must be capitals"],
    [
      'an id of the built-in rules',
      prose.replace('ORG-7', 'CR-77'),
      "2:8 'CR-77' belongs to the built-in rules",
    ],
    [
      'an unknown impact',
      prose.replace('high', 'urgent'),
      "4:12 Invalid impact 'urgent'. Must be one of: High",
    ],
    [
      'an unknown stage',
      prose.replace('prod, uat', 'prd'),
      "5:12 There is no stage 'prd'. Stages: dev, uat, prod.",
    ],
    ['stages without one', prose.replace('prod, uat', ''), "5:12 Name stages, or leave '// stages:' out"],
    ['a key that stands twice', `// id: ORG-8\n${prose}`, "3:4 'id' stands twice."],
    ['no query', prose.slice(0, prose.indexOf('resources')), '7:1 There is no query under the comment.'],
    ['a query that is too long', `${prose} // ${'x'.repeat(20_000)}`, '7:1 The query has 20'],
  ])('is refused by line and column for %s', (_what, text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected);
  });

  it('is refused for an id that another file has', () => {
    expect(problemsOf(prose, () => 'b.kql')).toEqual(["2:8 The id 'ORG-7' is already that of b.kql."]);
  });
});

describe('an own rule', () => {
  const rule = ruleOf(prose);
  const context = { stages: known.stages };
  const rows = (value: readonly string[]) => ({ ownRules: { 'ORG-7': { read: true as const, value } } });

  it.each([
    ['passes a registry that the query does not return', rows([]), 'pass'],
    ['fails a registry that the query returns', rows([id]), 'fail'],
    ['fails a registry of which the query returns a part', rows([`${id}/webhooks/w`]), 'fail'],
    ['is not asked for outside its stages', { ...rows([id]), stage: 'dev' }, 'notApplicable'],
    [
      'is unknown where the query failed',
      { ownRules: { 'ORG-7': { read: false, reason: 'throttled' } } },
      'unknown',
    ],
    ['is unknown where the query was not run', {}, 'unknown'],
  ] as const)('%s', (_what, given, expected) => {
    expect(rule.judge(factsOf(given), context)).toBe(expected);
  });

  it('is unknown on a registry of which nobody says the stage', () => {
    const { stage: _, ...facts } = factsOf(rows([]));

    expect(rule.judge(facts, context)).toBe('unknown');
    expect(rule.explain(facts, context, 'unknown').reason).toContain('The stage of the registry is unknown');
  });

  it('says which rows it rests on, and where they come from', () => {
    const facts = factsOf(rows([id, `${id}/webhooks/w`]));

    const explanation = rule.explain(facts, context, 'fail');

    expect(explanation).toEqual({
      reason: 'The query returns 1 of its parts and the registry itself.',
      evidence: [
        { path: 'id', value: 'returned', source: 'Resource Graph, the query of a.kql', asOf: 5 },
        { path: 'webhooks/w', value: 'returned', source: 'Resource Graph, the query of a.kql', asOf: 5 },
      ],
    });
  });
});
